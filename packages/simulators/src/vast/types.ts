import type { SimulatorOptions } from "../kit/cloud.ts"
import type { Simulator } from "../kit/simulator.ts"
import type { VastControls } from "./controls.ts"
import type { VastEffect } from "./fault.ts"
import type { VastTimeline } from "./world.ts"

/**
 * What a simulated Vast.ai starts from: USD 25 on the account, and `vast-sim-key-0123456789abcdef` as its key unless
 * options say else.
 */
export interface VastSimulatorOptions extends SimulatorOptions<VastTimeline> {
  /**
   * What Vast says whose the key is: the documents' example with the usual key, else another number for each key. Give
   * one to have an account with a renewed key.
   */
  readonly userId?: number
  /** How many offers are on the market (default 60). */
  readonly offers?: number
  /** Public keys on the account from the start. */
  readonly sshKeys?: readonly string[]
  /** Whether requests that come too often get a 429 (default true). */
  readonly rateLimits?: boolean
  /** Whether the deprecated list `GET /api/v0/instances/` is retired: a 410 `deprecated_endpoint` (default false). */
  readonly v0ListRetired?: boolean
}

/** The truth about one machine, destroyed ones included. */
export interface VastMachineRecord {
  readonly id: number
  readonly label: string | null
  readonly offerId: number
  readonly actualStatus: string | null
  readonly isBid: boolean
  /** USD so far. */
  readonly spent: number
  readonly alive: boolean
}

/**
 * A simulated Vast.ai: an API, a market, machines, money and time.
 *
 * - It answers requests to the API's origin and to the host of uploaded logs.
 */
export interface VastSimulator extends Simulator<VastEffect, VastMachineRecord>, VastControls {}
