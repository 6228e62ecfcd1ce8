import type { SimulatorOptions } from "../kit/cloud.ts"
import { placeOf, type Stock } from "../kit/stock.ts"
import type * as kit from "../kit/world.ts"
import { locations, types } from "./catalogue.ts"
import type { Instance } from "./instance.ts"
import type { Volume } from "./volume.ts"

/**
 * Virtual milliseconds of each phase. No document gives a length for any of them.
 *
 * - `stopping` and `starting`: a machine that was asked to shut down still reads `running`, and one that starts `offline`.
 * - `deleting` is how long the word of an end shows. `token` is the life of a token, as documented.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed.
 */
export interface VerdaTimeline extends kit.Timeline {
  readonly placing: number
  readonly provisioning: number
  readonly stopping: number
  readonly starting: number
  readonly deleting: number
  readonly token: number
}

/** What happens by itself. */
export type Step = "provisioning" | "running" | "offline" | "gone" | "failed" | "purged"

/**
 * What Verda's documents leave open or contradict, and what this simulator does about it.
 *
 * - `endedAs` ("absent"): a machine that is gone is in no list, and a 404 by its id. "discontinued": both show it so.
 * - `idsAs` ("json"): ids of what was made come as JSON texts. "text": without quotes, as seen live. "object": `{"id"}`.
 * - `missingAs` (404): an id that there is not. 400: `Invalid instance id`, as seen by clients.
 * - `repeatedEnd` (204): a second end. 400: in words that clients have seen.
 */
export interface VerdaChoices {
  readonly endedAs: "absent" | "discontinued"
  readonly idsAs: "json" | "text" | "object"
  readonly missingAs: 404 | 400
  readonly repeatedEnd: 204 | 400
}

export interface Key {
  readonly id: string
  readonly name: string
  readonly key: string
}
export interface Script {
  readonly id: string
  readonly name: string
  readonly script: string
  readonly created_at: string
}
/** An event of the journal. `by` is whether the project's own keys did it. */
export interface JournalRow {
  readonly id: string
  readonly object: string
  readonly type: "compute" | "volume"
  readonly action: string
  readonly at: number
  readonly place: string
  readonly by: boolean
  readonly reason: string | null
}

/** Everything that changes, as plain data. */
export interface WorldState extends kit.WorldState<string, Step> {
  readonly project: string
  nextSerial: number
  instances: Instance[]
  volumes: Volume[]
  keys: Key[]
  scripts: Script[]
  journal: JournalRow[]
  tokens: { readonly value: string; refresh: string | null; readonly until: number }[]
  calls: Record<string, number[]>
  /** Free machines by `<type>@<place>` and `<type>+spot@<place>`. */
  free: Stock
}

/** The simulated cloud. */
export interface World extends kit.World<WorldState, VerdaTimeline> {
  readonly choices: VerdaChoices
  readonly lasting: string | null
  readonly limits: boolean
}

/** Where machines of a type stand: on demand and as spot they have a stock of their own. */
export const shelfOf = (type: string, place: string, isSpot: boolean): string =>
  placeOf(`${type}${isSpot ? "+spot" : ""}`, place)

const freeAtFirst = (random: kit.World["random"], most: number): Stock =>
  Object.fromEntries(
    locations.flatMap(({ code }) =>
      types.flatMap(({ id }) =>
        [false, true].map((isSpot) => [shelfOf(id, code, isSpot), random.integer(most, 3 * most)])
      )
    )
  )

/**
 * What a simulated Verda starts from: USD 100 of credit, and `verda_sim_0123456789abcdef` as its client id and its client
 * secret unless options say else.
 */
export interface VerdaSimulatorOptions extends SimulatorOptions<VerdaTimeline> {
  /** The least free machines of each type and place at first (default 4). */
  readonly stock?: number
  /** What the documents leave open. */
  readonly choices?: Partial<VerdaChoices>
  /** A token that is let in for ever, for programs that do not log in. Default: none is. */
  readonly lastingToken?: string
  /** Whether calls are counted, 60 a minute for a method and path, 500 in all (default true). */
  readonly limits?: boolean
}

/** How worlds begin, and what surrounds them. */
export const worlds: kit.WorldMaker<VerdaSimulatorOptions, World> = {
  timeline: {
    ...{
      placing: 5_000,
      provisioning: 120_000,
      stopping: 20_000,
      starting: 40_000,
      deleting: 10_000,
      token: 3_600_000
    },
    jitter: 0.5
  },
  begin: (base, { options: { stock = 4 }, random }) => ({
    ...{
      ...base,
      project: "9f138172-4cc9-4f32-9ebb-ca89dc9da2f1",
      nextSerial: 1,
      instances: [],
      volumes: [],
      keys: []
    },
    ...{ scripts: [], journal: [], tokens: [], calls: {}, free: freeAtFirst(random, stock) }
  }),
  surround: (base, { choices, lastingToken = null, limits = true }) => ({
    ...base,
    choices: { endedAs: "absent", idsAs: "json", missingAs: 404, repeatedEnd: 204, ...choices },
    lasting: lastingToken,
    limits
  })
}
