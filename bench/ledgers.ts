/*
 * Compares the ledgers in SQLite and in Postgres with the one in memory, by generated sequences of every call that a ledger has.
 *
 *   ledgers.ts [--runs 10000] [--seed 1]
 *
 * `runs` are calls, of each of the two.
 */
import { parseArgs } from "node:util"
import { type LedgerStore, ledgerTests } from "@anygpu/conformance/ledger"
import { sqliteLedger } from "@anygpu/core/sqlite"
import { postgresLedger } from "@anygpu/postgres"
import { startPostgres } from "@anygpu/postgres/testing"

const { values } = parseArgs({
  options: { runs: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } }
})
const [runs, seed] = [Number(values.runs), Number(values.seed)]
if (!Number.isSafeInteger(runs) || !Number.isSafeInteger(seed))
  throw new RangeError("--runs and --seed are whole numbers")

/** A sequence has 35 calls on average, and what reads everything after them. */
const sequences = Math.ceil(runs / 35)
const server = await startPostgres()
let schemas = 0

const stores: ReadonlyArray<LedgerStore> = [
  {
    ...{ name: "SQLite", sequences, seed },
    open: () => {
      const ledger = sqliteLedger(":memory:")
      return { ledger, close: () => ledger.close() }
    }
  },
  {
    ...{ name: "Postgres", sequences, seed },
    open: () => {
      const ledger = postgresLedger(server.url, { schema: `ledger_${++schemas}`, connections: 1 })
      return { ledger, close: () => ledger.close() }
    }
  }
]

try {
  for (const store of stores) {
    const [compared] = ledgerTests(store)
    const start = performance.now()
    await compared?.run()
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(
      `${store.name}: ${sequences} sequences, about ${sequences * 35} calls, answered as in memory (${seconds} s)`
    )
  }
} finally {
  await server.stop()
}
