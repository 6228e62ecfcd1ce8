import type { Reply } from "../kit/http.ts"
import { fromSnapshot, toSnapshot } from "../kit/snapshot.ts"
import { createRandom, type Random } from "../random.ts"
import type { ApiKey, SshKey, WaitlistRequest, Webhook } from "./account.ts"
import { createTypes, type InstanceType } from "./catalogue.ts"
import type { Choices } from "./choices.ts"
import type { Deployment } from "./deployment.ts"
import { toUnits } from "./money.ts"
import type { Volume } from "./volume.ts"

/**
 * Virtual milliseconds of each phase. Only that provisioning takes typically 2 to 5 minutes is documented.
 *
 * - `listing` is how long a deleted deployment or volume is still there, reading `deleted`. Then it's a 404.
 * - `volume` is how long a volume of its own is `ordered`. `replay` is how long an idempotency key is remembered.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed.
 */
export interface HuddleTimeline {
  readonly ordered: number
  readonly provisioning: number
  readonly stopping: number
  readonly starting: number
  readonly deleting: number
  readonly listing: number
  readonly volume: number
  readonly replay: number
  readonly jitter: number
}

/** The phases when none are given. */
export const defaultTimeline: HuddleTimeline = {
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

/** A step due at a moment. */
export interface Due {
  readonly at: number
  readonly id: string
  readonly step: Step
}

/** The first answer to an idempotency key. */
export interface Remembered {
  readonly at: number
  readonly body: string
  readonly reply: Reply
}

/** Everything that changes, as plain data. */
export interface WorldState {
  readonly version: 1
  readonly seed: number
  readonly typeCount: number
  at: number
  random: number
  credit: bigint
  nextSerial: number
  /** How many of the next accepted deploys find their capacity gone. */
  losing: number
  deployments: Deployment[]
  due: Due[]
  volumes: Volume[]
  sshKeys: SshKey[]
  apiKeys: ApiKey[]
  webhooks: Webhook[]
  waitlist: WaitlistRequest[]
  /** Free machines by `<type>@<region>`. */
  free: Record<string, number>
  replies: Record<string, Remembered>
}

/** The simulated cloud: its state, what it rents, how fast it is, and what it does where the documents are silent. */
export interface World {
  readonly state: WorldState
  readonly types: ReadonlyMap<string, InstanceType>
  readonly random: Random
  readonly timeline: HuddleTimeline
  readonly choices: Choices
}

/** What stays the same over a world's life, stored or new. */
export interface WorldForm {
  readonly timeline: Partial<HuddleTimeline>
  readonly choices: Choices
}

/** What a new world starts from. */
export interface WorldOptions extends WorldForm {
  readonly seed: number
  readonly offers: number
  readonly credit: number
  readonly now: number
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

/** The name of a type at a location, by which capacity is counted. */
export const placeOf = (type: string, region: string): string => `${type}@${region}`

const worldOf = (state: WorldState, random: Random, { timeline, choices }: WorldForm): World => ({
  state,
  random,
  choices,
  types: typesOf(state.seed, state.typeCount),
  timeline: { ...defaultTimeline, ...timeline }
})

/** Creates a world with capacity and without deployments. */
export const createWorld = (options: WorldOptions): World => {
  const { seed, offers, credit, now } = options
  const random = createRandom(seed ^ 0x5bd1e995)
  const state: WorldState = {
    ...{ version: 1, seed, typeCount: offers, at: now, random: 0, credit: toUnits(credit), nextSerial: 1, losing: 0 },
    ...{ deployments: [], due: [], volumes: [], sshKeys: [], apiKeys: [], webhooks: [], waitlist: [], replies: {} },
    free: freeAtFirst(typesOf(seed, offers), random)
  }
  return worldOf(state, random, options)
}

/** Writes a world as JSON. */
export const storeWorld = (world: World): string => toSnapshot({ ...world.state, random: world.random.state() })

/** Reads a world written by `storeWorld`. */
export const restoreWorld = (stored: string, form: WorldForm): World => {
  const state = fromSnapshot(stored) as WorldState
  if (state.version !== 1) throw new Error(`Unknown snapshot version ${String(state.version)}`)
  return worldOf(state, createRandom(state.random), form)
}

/** A phase's length with its jitter. */
export const lengthened = (world: World, ms: number): number =>
  Math.round(ms * (1 + world.random.next() * world.timeline.jitter))

/** Lets a step come after a while. */
export const plan = (world: World, id: string, ms: number, step: Step): void => {
  world.state.due.push({ at: world.state.at + ms, id, step })
}

/** Drops what is ahead of a deployment or a volume. */
export const cancelPlan = (world: World, id: string): void => {
  world.state.due = world.state.due.filter((due) => due.id !== id)
}
