import type { SimulatorOptions } from "../kit/cloud.ts"
import type { Fault } from "../kit/fault.ts"
import type { Simulator } from "../kit/simulator.ts"
import type { UsualEffect } from "../kit/usual-faults.ts"
import type { FluenceControls } from "./controls.ts"
import type { GpuKind } from "./machine.ts"
import type { FluenceTimeline } from "./world.ts"

/**
 * What a simulated Fluence starts from: USDC 100 on the account, from which both families are paid, and
 * `fluence-sim-key-0123456789abcdef` as its key unless options say else.
 */
export interface FluenceSimulatorOptions extends SimulatorOptions<FluenceTimeline> {
  /** Public keys on the account from the start. */
  readonly sshKeys?: readonly string[]
}

/**
 * What only a fault of Fluence does to a request: `capacity` is refused in the words of its family, `unknown-status` reads
 * `MIGRATING`.
 */
export type FluenceEffect = UsualEffect

/** A fault to come. */
export type FluenceFault = Fault<FluenceEffect>

/** The truth about one machine, ended ones included. */
export interface FluenceMachineRecord {
  readonly id: string
  readonly kind: GpuKind | "cpu-vm"
  readonly name: string
  readonly status: string
  /** The plan, option or CPU offer it was made of. */
  readonly planId: string
  /** USDC charged so far, without its reserve. */
  readonly spent: number
  /** USDC held for it. */
  readonly reserved: number
  /** Whether it still exists, so that it can be charged. */
  readonly alive: boolean
}

/**
 * A simulated Fluence: an API, plans, machines of two families, money and time.
 *
 * - Reserves of machines are not in `balance`, and `spent` is without what was paid back.
 */
export interface FluenceSimulator extends Simulator<FluenceEffect, FluenceMachineRecord>, FluenceControls {}
