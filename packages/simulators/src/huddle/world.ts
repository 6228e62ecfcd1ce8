import type { Reply } from "../kit/http.ts"
import { placeOf, type Stock } from "../kit/stock.ts"
import type * as kit from "../kit/world.ts"
import { createRandom, type Random } from "../random.ts"
import type { ApiKey, SshKey, WaitlistRequest, Webhook } from "./account.ts"
import { createTypes, type InstanceType } from "./catalogue.ts"
import { type Choices, defaultChoices } from "./choices.ts"
import type { Deployment } from "./deployment.ts"
import type { HuddleSimulatorOptions } from "./types.ts"
import type { Volume } from "./volume.ts"

/**
 * Virtual milliseconds of each phase. Only that provisioning takes typically 2 to 5 minutes is documented.
 *
 * - `listing` is how long a deleted deployment or volume is still there, reading `deleted`. Then it's a 404.
 * - `volume` is how long a volume of its own is `ordered`. `replay` is how long an idempotency key is remembered.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed.
 */
export interface HuddleTimeline extends kit.Timeline {
  readonly ordered: number
  readonly provisioning: number
  readonly stopping: number
  readonly starting: number
  readonly deleting: number
  readonly listing: number
  readonly volume: number
  readonly replay: number
}

const timeline: HuddleTimeline = {
  ordered: 15_000,
  provisioning: 120_000,
  stopping: 20_000,
  starting: 60_000,
  deleting: 30_000,
  listing: 600_000,
  volume: 10_000,
  replay: 86_400_000,
  jitter: 0.5
}

/** What happens by itself: to a deployment, and to a volume (`volume`: it has been made; `gone`: its row leaves). */
export type Step = "provisioning" | "no-capacity" | "running" | "offline" | "deleted" | "gone" | "bill" | "volume"

/** The first answer to an idempotency key. */
export interface Remembered {
  readonly at: number
  readonly body: string
  readonly reply: Reply
}

/** Everything that changes, as plain data. */
export interface WorldState extends kit.WorldState<string, Step> {
  readonly typeCount: number
  nextSerial: number
  /** How many of the next accepted deploys find their capacity gone. */
  losing: number
  deployments: Deployment[]
  volumes: Volume[]
  sshKeys: SshKey[]
  /** The keys themselves, which no answer shows, by their ids. */
  publicKeys?: Record<string, string>
  apiKeys: ApiKey[]
  webhooks: Webhook[]
  waitlist: WaitlistRequest[]
  /** Free machines by `<type>@<region>`. */
  free: Stock
  replies: Record<string, Remembered>
}

/** The simulated cloud: what it rents, and what it does where the documents are silent. */
export interface World extends kit.World<WorldState, HuddleTimeline> {
  readonly types: ReadonlyMap<string, InstanceType>
  readonly choices: Choices
}

const typesOf = (seed: number, count: number) => createTypes(createRandom(seed), count)

/** How many types are documented: they have capacity in every region from the start. */
const documentedTypes = 4

const freeAtFirst = (types: ReadonlyMap<string, InstanceType>, random: Random): Record<string, number> => {
  const free: Record<string, number> = {}
  let index = 0
  for (const { name, regions } of types.values()) {
    const soldOut = index >= documentedTypes && random.next() < 0.2
    for (const region of regions) free[placeOf(name, region)] = soldOut ? 0 : random.integer(4, 8)
    index += 1
  }
  return free
}

/** How worlds begin, with capacity and without deployments, and what surrounds them. */
export const worlds: kit.WorldMaker<HuddleSimulatorOptions, World> = {
  timeline,
  begin: (base, { options: { offers = 24 }, random }) => ({
    ...{ ...base, typeCount: offers, nextSerial: 1, losing: 0, deployments: [], volumes: [] },
    ...{ sshKeys: [], apiKeys: [], webhooks: [], waitlist: [], replies: {} },
    free: freeAtFirst(typesOf(base.seed, offers), random)
  }),
  surround: (base, { choices }) => ({
    ...base,
    types: typesOf(base.state.seed, base.state.typeCount),
    choices: { ...defaultChoices, ...choices }
  })
}
