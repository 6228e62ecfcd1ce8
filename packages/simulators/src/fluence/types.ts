import type { VirtualClock } from "../clock.ts"
import type { Simulator } from "../kit/simulator.ts"
import type { FluenceEffect } from "./fault.ts"
import type { GpuKind } from "./machine.ts"
import type { FluenceStrokes } from "./strokes.ts"
import type { FluenceTimeline } from "./world.ts"

/** What a simulated Fluence starts from. */
export interface FluenceSimulatorOptions {
  /** Default: an auto clock. A client in another process needs one with a speed, or nothing ever happens for it. */
  readonly clock?: VirtualClock
  /** Chooses ids, addresses and jitter (default 1): the same seed gives the same world. */
  readonly seed?: number
  /** The only key that is let in. Default `fluence-sim-key-0123456789abcdef`. */
  readonly apiKey?: string
  /** USDC on the account (default 100). Both families pay from it. */
  readonly credit?: number
  /** Public keys on the account from the start. */
  readonly sshKeys?: readonly string[]
  /** Virtual milliseconds of each phase. */
  readonly boot?: Partial<FluenceTimeline>
  /** Default `https://api.fluence.dev`. */
  readonly origin?: string
  /** A world stored by `snapshot`: continues it. Seed, credit and keys are then the stored ones. */
  readonly snapshot?: string
}

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

/** A simulated Fluence: an API, plans, machines of two families, money and time. */
export interface FluenceSimulator extends Simulator<FluenceEffect>, FluenceStrokes {
  /** Every machine ever made, as it is now. */
  machines(): readonly FluenceMachineRecord[]
  /** USDC on the account now; reserves of machines are not on it. */
  balance(): number
  /** USDC charged for machines so far, without what was paid back. */
  spent(): number
  /** The whole world as JSON. Faults in wait and the record of requests aren't part of it. */
  snapshot(): string
}
