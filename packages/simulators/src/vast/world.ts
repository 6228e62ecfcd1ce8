import type * as kit from "../kit/world.ts"
import { createRandom } from "../random.ts"
import type { ImageRule } from "./images.ts"
import type { Machine } from "./machine.ts"
import { createOffers, type Offer } from "./offer.ts"
import type { VastSimulatorOptions } from "./types.ts"

/**
 * Virtual milliseconds of each phase of an instance.
 *
 * - A boot goes `provisioning` (status null), `created`, `loading`, then running. Expect 1 to 5 minutes.
 *   Source: Vast docs, api-reference/hello-world.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed. `ports` delays the port map after running.
 * - `logs` is how long an uploaded log takes to be readable.
 */
export interface VastTimeline extends kit.Timeline {
  readonly provisioning: number
  readonly created: number
  readonly loading: number
  readonly ports: number
  readonly stopping: number
  readonly starting: number
  readonly resuming: number
  readonly rebooting: number
  readonly logs: number
}

const timeline: VastTimeline = {
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
export interface WorldState extends kit.WorldState<number, Step> {
  readonly offerCount: number
  readonly epoch: number
  nextContract: number
  nextKey: number
  machines: Machine[]
  asks: Record<string, AskState>
  keys: AccountKey[]
  logs: Record<string, UploadedLog>
  calls: Record<string, number[]>
  /** By image. */
  images: Record<string, ImageRule>
  templates: Template[]
  nextTemplate: number
  volumes: Volume[]
  priceIncreases: PriceIncrease[]
  nextPriceIncrease: number
  apiKeys: ApiKey[]
}

/** The simulated cloud: its market, whose account it is, and what it lets pass. */
export interface World extends kit.World<WorldState, VastTimeline> {
  readonly offers: ReadonlyMap<number, Offer>
  readonly userId: number
  readonly rateLimits: boolean
  readonly v0ListRetired: boolean
}

/** The key that is let in when no option says so. */
export const usualKey = "vast-sim-key-0123456789abcdef"

/** The id of the documents' example for the usual key, another one for each other key. */
const userIdOf = (apiKey: string): number =>
  apiKey === usualKey
    ? 123_456
    : 200_000 + [...apiKey].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 700_001, 7)

/** How worlds begin, with a full market and no machines, and what surrounds them. */
export const worlds: kit.WorldMaker<VastSimulatorOptions, World> = {
  timeline,
  begin: (base, { options: { offers = 60, sshKeys = [] } }) => ({
    ...{ ...base, offerCount: offers, epoch: base.at },
    nextContract: 48_000_000 + (Math.abs(base.seed) % 1000) * 1000,
    ...{ machines: [], asks: {}, logs: {}, calls: {}, images: {} },
    keys: sshKeys.map((publicKey, index) => ({ id: 5001 + index, createdAt: base.at, publicKey })),
    nextKey: 5001 + sshKeys.length,
    ...{ templates: [], nextTemplate: 2049, volumes: [], priceIncreases: [], nextPriceIncrease: 901, apiKeys: [] }
  }),
  // Offers are generated again from the seed, so a large market costs nothing in a snapshot.
  surround: (base, { apiKey = usualKey, userId = userIdOf(apiKey), rateLimits = true, v0ListRetired = false }) => ({
    ...{ ...base, userId, rateLimits, v0ListRetired },
    offers: createOffers(createRandom(base.state.seed), base.state.epoch, base.state.offerCount)
  })
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
