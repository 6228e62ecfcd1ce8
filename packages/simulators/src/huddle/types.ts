import type { SimulatorOptions } from "../kit/cloud.ts"
import type { CommonEffect, Fault } from "../kit/fault.ts"
import type { Simulator } from "../kit/simulator.ts"
import type { UsualEffect } from "../kit/usual-faults.ts"
import type { Choices } from "./choices.ts"
import type { HuddleControls } from "./controls.ts"
import type { State } from "./deployment.ts"
import type { HuddleTimeline } from "./world.ts"

/**
 * What a simulated Huddle01 starts from: USD 100 of credit, and `mk_huddle_sim_0123456789abcdef` as its key unless options
 * say else.
 */
export interface HuddleSimulatorOptions extends SimulatorOptions<HuddleTimeline> {
  /** How many instance types there are (default 24, the documented ones first). */
  readonly offers?: number
  /** What the documents leave open. */
  readonly choices?: Partial<Choices>
}

/** What only a fault of Huddle01 does to a request: `capacity` is a 409 of a deploy, `unknown-status` reads `hibernating`. */
export type HuddleEffect = UsualEffect

/** What a fault does to a request: what any cloud's can do, and Huddle01's own. */
export type HuddleFaultEffect = CommonEffect | HuddleEffect

/** A fault to come. Paths begin with `/api/v1`. */
export type HuddleFault = Fault<HuddleEffect>

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

/**
 * A simulated Huddle01 GPU cloud: an API, capacity, deployments, volumes, money and time.
 *
 * - Deductions come every ten minutes, so what runs is ahead of `balance` and `spent`.
 */
export interface HuddleSimulator extends Simulator<HuddleEffect, HuddleMachineRecord>, HuddleControls {}
