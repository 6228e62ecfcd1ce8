import type { SimulatorOptions } from "../kit/cloud.ts"
import { placeOf, type Stock } from "../kit/stock.ts"
import type * as kit from "../kit/world.ts"
import { instanceTypes } from "./catalogue.ts"
import type { Instance } from "./instance.ts"

/**
 * Virtual milliseconds of each phase, as clients have measured them: no document gives a length.
 *
 * - `address`: until a new instance shows its address. `boot`: until it is `active`. `terminating`: until it is `terminated`.
 * - `remembering`: how long reads of a terminated instance still answer; then it does not exist.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed.
 */
export interface LambdaTimeline extends kit.Timeline {
  readonly address: number
  readonly boot: number
  readonly terminating: number
  readonly remembering: number
}

/** What happens to an instance by itself. */
export type Step = "address" | "active" | "terminated" | "forgotten"

/**
 * What Lambda's documents leave open, and what this simulator does about it.
 *
 * - `billFrom` ("active"): as Lambda's billing page has it. "launch": as some users see it.
 * - `listsTerminated` (false): lists show running instances, as the API says. True: terminated ones too, while they are
 *   remembered.
 * - `endsAgain` ("empty"): the end of what is ending already answers 200 with no instance in it. "unknown": a 400
 *   `global/unknown`.
 * - `endsBooting` (true): an instance can be ended while it boots. False: a 400 until it is `active`.
 * - `limits` (true): one request a second and one launch in 12 are documented, and not whom they count: here the account.
 */
export interface LambdaChoices {
  readonly billFrom: "active" | "launch"
  readonly listsTerminated: boolean
  readonly endsAgain: "empty" | "unknown"
  readonly endsBooting: boolean
  readonly limits: boolean
}

export interface SshKey {
  readonly id: string
  readonly name: string
  readonly public_key: string
}

export interface FileSystem {
  readonly id: string
  readonly name: string
  readonly region: string
  readonly created: number
  bytes: number
}

export interface Ruleset {
  readonly id: string
  name: string
  readonly region: string
  readonly created: number
  rules: readonly unknown[]
}

/** Everything that changes, as plain data. */
export interface WorldState extends kit.WorldState<string, Step> {
  instances: Instance[]
  keys: SshKey[]
  fileSystems: FileSystem[]
  rulesets: Ruleset[]
  globalRules: readonly unknown[]
  /** The moments of earlier calls, by the limit they count for. */
  calls: Record<string, number[]>
  /** Free instances by `<type>@<region>`. */
  free: Stock
}

/** The simulated cloud. */
export interface World extends kit.World<WorldState, LambdaTimeline> {
  readonly choices: LambdaChoices
  /** The most instances that the account may have. */
  readonly quota: number
}

const freeAtFirst = (random: kit.World["random"], stock: number): Stock =>
  Object.fromEntries(
    instanceTypes.flatMap(({ name, regions }) =>
      regions.map((region) => [placeOf(name, region), random.integer(stock, 2 * stock)])
    )
  )

/**
 * What a simulated Lambda starts from: `secret_sim_0123456789abcdef` as its key unless options say else.
 *
 * - `credit`: Lambda sends invoices afterwards. What the account "has" goes down by what instances cost, and stops nothing.
 */
export interface LambdaSimulatorOptions extends SimulatorOptions<LambdaTimeline> {
  /** The least free instances of each type and region at first (default 4). */
  readonly stock?: number
  /** The most instances that the account may have (default 1000). */
  readonly quota?: number
  /** What the documents leave open. */
  readonly choices?: Partial<LambdaChoices>
}

/** Inbound TCP 22 and ICMP. Source: Lambda docs, firewalls. */
const firstRules = [
  { protocol: "tcp", port_range: [22, 22], source_network: "0.0.0.0/0", description: "Allow SSH from anywhere" },
  { protocol: "icmp", source_network: "0.0.0.0/0", description: "Allow ICMP from anywhere" }
]

/** How worlds begin, and what surrounds them. */
export const worlds: kit.WorldMaker<LambdaSimulatorOptions, World> = {
  timeline: { address: 25_000, boot: 150_000, terminating: 30_000, remembering: 600_000, jitter: 0.5 },
  begin: (base, { options: { stock = 4 }, random }) => ({
    ...{ ...base, instances: [], keys: [], fileSystems: [], rulesets: [], globalRules: firstRules, calls: {} },
    free: freeAtFirst(random, stock)
  }),
  surround: (base, { choices, quota = 1000 }) => ({
    ...{ ...base, quota },
    choices: {
      ...{ billFrom: "active", listsTerminated: false, endsAgain: "empty", endsBooting: true, limits: true },
      ...choices
    }
  })
}
