import type { VirtualClock } from "../clock.ts"
import type { Simulator } from "../kit/simulator.ts"
import type { Choices } from "./choices.ts"
import type { State } from "./deployment.ts"
import type { HuddleEffect } from "./fault.ts"
import type { HuddleStrokes } from "./strokes.ts"
import type { HuddleTimeline } from "./world.ts"

/** What a simulated Huddle01 starts from. */
export interface HuddleSimulatorOptions {
  /** Default: an auto clock. A client in another process needs one with a speed, or nothing ever happens for it. */
  readonly clock?: VirtualClock
  /** Chooses ids, addresses, capacity and jitter (default 1): the same seed gives the same world. */
  readonly seed?: number
  /** The key that is let in from the start. Default `mk_huddle_sim_0123456789abcdef`. */
  readonly apiKey?: string
  /** USD of GPU credits (default 100). */
  readonly credit?: number
  /** How many instance types there are (default 24, the documented ones first). */
  readonly offers?: number
  /** Virtual milliseconds of each phase. */
  readonly timeline?: Partial<HuddleTimeline>
  /** What the documents leave open. */
  readonly choices?: Partial<Choices>
  /** Default `https://gpu.huddleapis.com`. */
  readonly origin?: string
  /** A world stored by `snapshot`: continues it. Seed, offers and credit are then the stored ones. */
  readonly snapshot?: string
}

/** The truth about one deployment, gone ones included. */
export interface HuddleMachineRecord {
  readonly id: string
  readonly hostname: string
  readonly clusterType: string
  readonly location: string
  /** Where it truly is, whatever its row reads. */
  readonly state: State
  /** USD deducted for it so far. */
  readonly spent: number
  /** USD it has come to since the last deduction. */
  readonly accrued: number
  /** It exists: neither deleted nor without capacity. */
  readonly alive: boolean
  /** It's truly online, whatever its row reads. */
  readonly running: boolean
  /** Its meter is on. */
  readonly metered: boolean
}

/** The truth about one volume that isn't deleted. */
export interface HuddleVolumeRecord {
  readonly id: string
  readonly name: string
  readonly size: number
  readonly isOs: boolean
  /** The deployments it belongs to; none when it's detached. */
  readonly deployments: readonly string[]
}

/** A simulated Huddle01 GPU cloud: an API, capacity, deployments, volumes, money and time. */
export interface HuddleSimulator extends Simulator<HuddleEffect>, HuddleStrokes {
  /** Every deployment ever made, as it is now. */
  machines(): readonly HuddleMachineRecord[]
  volumes(): readonly HuddleVolumeRecord[]
  /** USD of credits now: deductions come every ten minutes, so what runs is ahead of it. */
  balance(): number
  /** USD deducted so far. */
  spent(): number
  /** The whole world as JSON. Faults in wait and the record of requests aren't part of it. */
  snapshot(): string
}
