import { fromSnapshot, toSnapshot } from "../kit/snapshot.ts"
import { createRandom, type Random } from "../random.ts"
import type { ImageRule } from "./images.ts"
import type { Machine } from "./machine.ts"
import { toUnits } from "./money.ts"
import { createOffers, type Offer } from "./offer.ts"

/**
 * Virtual milliseconds of each phase of an instance.
 *
 * - A boot goes `provisioning` (status null), `created`, `loading`, then running. Expect 1 to 5 minutes.
 *   Source: Vast docs, api-reference/hello-world.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed. `ports` delays the port map after running.
 * - `logs` is how long an uploaded log takes to be readable.
 */
export interface BootTimeline {
  readonly provisioning: number
  readonly created: number
  readonly loading: number
  readonly ports: number
  readonly stopping: number
  readonly starting: number
  readonly resuming: number
  readonly rebooting: number
  readonly logs: number
  readonly jitter: number
}

/** The phases of a boot when none are given. */
export const defaultBoot: BootTimeline = {
  provisioning: 5000,
  created: 10_000,
  loading: 60_000,
  ports: 0,
  stopping: 8000,
  starting: 10_000,
  resuming: 20_000,
  rebooting: 15_000,
  logs: 4000,
  jitter: 0.2
}

/** What can happen to a machine by itself. */
export type Step = "created" | "loading" | "pulling" | "running" | "halted" | "expired"

/** A step due at a moment. */
export interface Due {
  at: number
  readonly machine: number
  readonly step: Step
}

/** What the market did to an offer since it was generated. `minBid` is what competitors bid now. */
export interface AskState {
  factor: number
  taken: boolean
  removed: boolean
  minBid: number | null
}

/** A public key of the account. */
export interface AccountKey {
  readonly id: number
  readonly createdAt: number
  publicKey: string
}

/** An uploaded log and when it becomes readable. */
export interface UploadedLog {
  readonly text: string
  readonly readyAt: number
}

/** A template of the account: what was sent of it. Its hash changes with its content. */
export interface Template {
  readonly id: number
  hash: string
  content: Readonly<Record<string, unknown>>
}

/** A volume of the account: disk of one machine, of the volume offer `ask`. */
export interface Volume {
  readonly id: number
  readonly ask: number
  readonly machine: number
  readonly size: number
  readonly name: string | null
  readonly createdAt: number
}

/** What a host wants for a contract after its end, in place of the price now. */
export interface PriceIncrease {
  readonly id: number
  readonly contract: number
  readonly factor: number
  readonly createdAt: number
}

/** An API key of the account besides the one that is let in. */
export interface ApiKey {
  readonly id: number
  readonly name: string
  readonly permissions: unknown
}

/** Everything that changes, as plain data. */
export interface WorldState {
  readonly version: 1
  readonly seed: number
  readonly offerCount: number
  readonly epoch: number
  at: number
  random: number
  credit: bigint
  creditOut: boolean
  nextContract: number
  nextKey: number
  machines: Machine[]
  due: Due[]
  asks: Record<string, AskState>
  keys: AccountKey[]
  logs: Record<string, UploadedLog>
  calls: Record<string, number[]>
  /** By image; absent in snapshots of before. */
  images?: Record<string, ImageRule>
  /** All below are absent in snapshots of before as well. */
  templates?: Template[]
  nextTemplate?: number
  volumes?: Volume[]
  priceIncreases?: PriceIncrease[]
  nextPriceIncrease?: number
  apiKeys?: ApiKey[]
}

/** The simulated cloud: its state, its market and how fast it boots. */
export interface World {
  readonly state: WorldState
  readonly offers: ReadonlyMap<number, Offer>
  readonly random: Random
  readonly boot: BootTimeline
}

/** What a new world starts from. */
export interface WorldOptions {
  readonly seed: number
  readonly offers: number
  readonly credit: number
  readonly sshKeys: readonly string[]
  readonly boot: Partial<BootTimeline>
  readonly now: number
}

const marketOf = (seed: number, epoch: number, count: number) => createOffers(createRandom(seed), epoch, count)

/** Creates a world with a full market and no machines. */
export const createWorld = (options: WorldOptions): World => {
  const state: WorldState = {
    version: 1,
    seed: options.seed,
    offerCount: options.offers,
    epoch: options.now,
    at: options.now,
    random: 0,
    credit: toUnits(options.credit),
    creditOut: options.credit <= 0,
    nextContract: 48_000_000 + (Math.abs(options.seed) % 1000) * 1000,
    nextKey: 5001,
    machines: [],
    due: [],
    asks: {},
    keys: [],
    logs: {},
    calls: {}
  }
  for (const publicKey of options.sshKeys) state.keys.push({ id: state.nextKey++, createdAt: options.now, publicKey })
  return {
    state,
    offers: marketOf(options.seed, options.now, options.offers),
    random: createRandom(options.seed ^ 0x5bd1e995),
    boot: { ...defaultBoot, ...options.boot }
  }
}

/** Writes a world as JSON. Offers are generated again from the seed, so a large market costs nothing here. */
export const storeWorld = (world: World): string => toSnapshot({ ...world.state, random: world.random.state() })

/** Reads a world written by `storeWorld`. */
export const restoreWorld = (stored: string, boot: Partial<BootTimeline>): World => {
  const state = fromSnapshot(stored) as WorldState
  if (state.version !== 1) throw new Error(`Unknown snapshot version ${String(state.version)}`)
  return {
    state,
    offers: marketOf(state.seed, state.epoch, state.offerCount),
    random: createRandom(state.random),
    boot: { ...defaultBoot, ...boot }
  }
}

/** A machine that still exists, by id. */
export const findMachine = (world: World, id: number): Machine | undefined =>
  world.state.machines.find((machine) => machine.id === id && machine.destroyedAt === null)

/** What the market did to an offer, created on first touch. */
export const askOf = (world: World, offerId: number): AskState => {
  const known = world.state.asks[offerId]
  if (known !== undefined) return known
  const fresh: AskState = { factor: 1, taken: false, removed: false, minBid: null }
  world.state.asks[offerId] = fresh
  return fresh
}
