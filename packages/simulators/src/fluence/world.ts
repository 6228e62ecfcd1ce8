import * as timeline from "../kit/timeline.ts"
import type * as kit from "../kit/world.ts"
import { createRandom } from "../random.ts"
import { type Catalogue, createCatalogue } from "./gpu/plans.ts"
import { accountKey } from "./keys.ts"
import type { CpuMachine, Instance } from "./machine.ts"
import type { FluenceSimulatorOptions } from "./types.ts"

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
export interface FluenceTimeline extends kit.Timeline {
  readonly provisioning: number
  readonly network: number
  readonly starting: number
  readonly updating: number
  readonly ending: number
  readonly launching: number
  readonly listing: number
  readonly stopping: number
  readonly leaving: number
}

const phases: FluenceTimeline = {
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

/** A public key of the account. */
export interface AccountKey {
  readonly name: string
  readonly publicKey: string
  readonly fingerprint: string
  readonly createdAt: number
}

/** Everything that changes, as plain data; both families are paid from one credit. */
export interface WorldState extends kit.WorldState<string, GpuStep | CpuStep> {
  instances: Instance[]
  cpus: CpuMachine[]
  keys: AccountKey[]
  /** Plans and options that others took. */
  taken: string[]
  /** How many of the next deployments fail to provision. */
  failures: number
}

/** The simulated cloud, and what it rents. */
export interface World extends kit.World<WorldState, FluenceTimeline>, Catalogue {}

/** How worlds begin, without machines, and what surrounds them. Throws for a line that is no public key. */
export const worlds: kit.WorldMaker<FluenceSimulatorOptions, World> = {
  timeline: phases,
  begin: (base, { options: { sshKeys = [] } }) => {
    const keys = sshKeys.map((line, index) => {
      const key = accountKey(`key-${index + 1}`, line, base.at)
      if (key === undefined) throw new Error(`Not a public key: ${line}`)
      return key
    })
    return { ...base, instances: [], cpus: [], keys, taken: [], failures: 0 }
  },
  surround: (base) => ({ ...base, ...createCatalogue(createRandom(base.state.seed)) })
}

/** Drops the steps ahead of a machine, except those of money. */
export const cancelPlan = (world: World, machine: string): void =>
  timeline.cancelPlan(world, machine, ["charge", "epoch"])
