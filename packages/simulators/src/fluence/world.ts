import { fromSnapshot, toSnapshot } from "../kit/snapshot.ts"
import { createRandom, type Random } from "../random.ts"
import { type Catalogue, createCatalogue } from "./gpu/plans.ts"
import type { CpuMachine, Instance } from "./machine.ts"
import { toNanos } from "./money.ts"

/**
 * Virtual milliseconds of each phase. The documents give the first only; the others are choices of this simulator.
 *
 * - `provisioning`: INITIALIZED; 2 to 3 minutes with its jitter. Source: Fluence docs, Manage instances (console).
 * - `network`: until an ACTIVE instance has a domain. `starting`: until its container is STARTED.
 * - `updating`: until an update shows, and its container starts again. `ending`: how long an instance stays ACTIVE after
 *   its DELETE.
 * - `launching`: a CPU machine before it is Active ("a few minutes"). `listing`: until a new one is in the lists.
 *   `stopping`: from its DELETE to Stopped, `leaving`: from there until it leaves the lists.
 * - `jitter` is the share by which a phase may be longer, drawn from the seed.
 */
export interface FluenceTimeline {
  readonly provisioning: number
  readonly network: number
  readonly starting: number
  readonly updating: number
  readonly ending: number
  readonly launching: number
  readonly listing: number
  readonly stopping: number
  readonly leaving: number
  readonly jitter: number
}

/** The phases when none are given. */
export const defaultTimeline: FluenceTimeline = {
  provisioning: 120_000,
  network: 8000,
  starting: 20_000,
  updating: 15_000,
  ending: 5000,
  launching: 120_000,
  listing: 3000,
  stopping: 10_000,
  leaving: 60_000,
  jitter: 0.5
}

/** What happens to an instance of the GPU family by itself. */
export type GpuStep = "active" | "network" | "started" | "updated" | "ended" | "charge"

/** What happens to a machine of the CPU family by itself. */
export type CpuStep = "launched" | "epoch" | "stopped" | "left"

/** A step due at a moment. */
export interface Due {
  readonly at: number
  readonly machine: string
  readonly step: GpuStep | CpuStep
}

/** A public key of the account. */
export interface AccountKey {
  readonly name: string
  readonly publicKey: string
  readonly fingerprint: string
  readonly createdAt: number
}

/** Everything that changes, as plain data. */
export interface WorldState {
  readonly version: 1
  readonly seed: number
  at: number
  random: number
  /** What the account has, in nano-USDC; both families pay from it. */
  credit: bigint
  instances: Instance[]
  cpus: CpuMachine[]
  keys: AccountKey[]
  due: Due[]
  /** Plans and options that others took. */
  taken: string[]
  /** How many of the next deployments fail to provision. */
  failures: number
}

/** The simulated cloud: its state, what it rents and how fast it is. */
export interface World extends Catalogue {
  readonly state: WorldState
  readonly random: Random
  readonly timeline: FluenceTimeline
}

/** What a new world starts from. */
export interface WorldOptions {
  readonly seed: number
  readonly credit: number
  readonly keys: readonly AccountKey[]
  readonly timeline: Partial<FluenceTimeline>
  readonly now: number
}

/** Creates a world without machines. */
export const createWorld = ({ seed, credit, keys, timeline, now }: WorldOptions): World => ({
  state: {
    ...{ version: 1, seed, at: now, random: 0, credit: toNanos(credit), failures: 0 },
    ...{ instances: [], cpus: [], keys: [...keys], due: [], taken: [] }
  },
  ...createCatalogue(createRandom(seed)),
  random: createRandom(seed ^ 0x5bd1e995),
  timeline: { ...defaultTimeline, ...timeline }
})

/** Writes a world as JSON; what it rents comes from the seed again. */
export const storeWorld = ({ state, random }: World): string => toSnapshot({ ...state, random: random.state() })

/** Reads a world written by `storeWorld`. */
export const restoreWorld = (stored: string, timeline: Partial<FluenceTimeline>): World => {
  const state = fromSnapshot(stored) as WorldState
  if (state.version !== 1) throw new Error(`Unknown snapshot version ${String(state.version)}`)
  return {
    state,
    ...createCatalogue(createRandom(state.seed)),
    random: createRandom(state.random),
    timeline: { ...defaultTimeline, ...timeline }
  }
}

/** Puts a step ahead of a machine, `ms` from now and a bit longer by the jitter. */
export const plan = ({ state, random, timeline }: World, machine: string, ms: number, step: Due["step"]): void => {
  const at = state.at + Math.round(ms * (1 + random.next() * timeline.jitter))
  state.due.push({ at, machine, step })
}

/** Puts a step ahead of a machine at a moment. */
export const planAt = ({ state }: World, machine: string, at: number, step: Due["step"]): void => {
  state.due.push({ at, machine, step })
}

/** Drops one kind of step ahead of a machine. */
export const dropStep = ({ state }: World, machine: string, step: Due["step"]): void => {
  state.due = state.due.filter((due) => due.machine !== machine || due.step !== step)
}

/** Drops the steps ahead of a machine, except those of money. */
export const cancelPlan = ({ state }: World, machine: string): void => {
  state.due = state.due.filter((due) => due.machine !== machine || due.step === "charge" || due.step === "epoch")
}
