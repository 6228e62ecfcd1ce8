import { describeLedger } from "@anygpu/conformance/vitest"
import { afterAll, beforeAll, describe } from "vitest"
import { postgresLedger } from "./index.ts"
import { type PostgresServer, startPostgres, withoutPostgres } from "./real-server.ts"

describe.skipIf(withoutPostgres)("on a real server", () => {
  let server: PostgresServer
  let schemas = 0
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())

  describeLedger({
    name: "Postgres",
    sequences: 20,
    open: () => {
      const schema = `ledger_${++schemas}`
      const openings = [postgresLedger(server.url, { schema })]
      const [ledger] = openings
      if (ledger === undefined) throw new Error("no ledger was opened")
      return {
        ledger,
        again: () => {
          const other = postgresLedger(server.url, { schema })
          openings.push(other)
          return other
        },
        close: async () => {
          await Promise.all(openings.map((opened) => opened.close()))
        }
      }
    }
  })
})
