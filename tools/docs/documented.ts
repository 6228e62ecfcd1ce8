import { clouds } from "../../packages/clouds/src/index.ts"
import { createGpu } from "../../packages/sdk/src/index.ts"
import { readEach } from "../clouds/read.ts"

/** What a cloud's documents say of its prices: as its API would answer. The file `prices.ts` of its folder in `tools/clouds`. */
export interface DocumentedPrices {
  /** The name of the cloud in refs. */
  readonly cloud: string
  /** Where the prices stand, and when they were read. */
  readonly sources: ReadonlyArray<string>
  /** What each route answers: `GET /path`. */
  readonly answers: Readonly<Record<string, unknown>>
}

/** The documented prices of every cloud that has some, in the order of the list of clouds. */
export const documentedPrices = async (): Promise<ReadonlyArray<DocumentedPrices>> =>
  (await readEach<{ readonly prices: DocumentedPrices }>("prices")).map(({ prices }) => prices)

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })

/** A client whose clouds answer what their documents say, each by its own adapter. No request leaves the process. */
export const documentedGpu = async (all: ReadonlyArray<DocumentedPrices>) => {
  const opened = await Promise.all(
    all.map(({ cloud: name, answers }) => {
      const described = clouds.find((one) => one.name === name)
      if (described === undefined) throw new Error(`no cloud is called ${name}`)
      const keys = Object.fromEntries(described.keys.map(({ option }) => [option, "no-request-is-sent"]))
      return described.open(keys, {
        fetch: async (url, { method = "GET" }) => {
          const route = `${method} ${new URL(url).pathname}`
          return route in answers ? json(200, answers[route]) : json(404, { error: "not documented" })
        }
      })
    })
  )
  return createGpu({ clouds: opened })
}
