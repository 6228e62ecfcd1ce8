import type { VirtualClock } from "../clock.ts"
import type { SimulatorServer } from "../kit/server.ts"
import type { RequestRecord, Simulator } from "../kit/simulator.ts"
import type { VastEffect } from "./fault.ts"
import type { VastStrokes } from "./strokes.ts"
import type { BootTimeline } from "./world.ts"

/** What a simulated Vast.ai starts from. */
export interface VastSimulatorOptions {
  /** Default: an auto clock. A client in another process needs one with a speed, or nothing ever happens for it. */
  readonly clock?: VirtualClock
  /** Chooses offers, hosts, ids and jitter (default 1): the same seed gives the same world. */
  readonly seed?: number
  /** The only key that is let in. Default `vast-sim-key-0123456789abcdef`. */
  readonly apiKey?: string
  /**
   * What Vast says whose the key is: the documents' example with the usual key, else another number for each key. Give
   * one to have an account with a renewed key.
   */
  readonly userId?: number
  /** USD on the account (default 25). */
  readonly credit?: number
  /** How many offers are on the market (default 60). */
  readonly offers?: number
  /** Public keys on the account from the start. */
  readonly sshKeys?: readonly string[]
  /** Virtual milliseconds of each phase. */
  readonly boot?: Partial<BootTimeline>
  /** Whether requests that come too often get a 429 (default true). */
  readonly rateLimits?: boolean
  /** Whether the deprecated list `GET /api/v0/instances/` is retired: a 410 `deprecated_endpoint` (default false). */
  readonly v0ListRetired?: boolean
  /** Default `https://console.vast.ai`. */
  readonly origin?: string
  /** A world stored by `snapshot`: continues it. Seed, offers, credit and keys are then the stored ones. */
  readonly snapshot?: string
}

/** One request the simulator has seen, logs included. */
export type VastRequestRecord = RequestRecord

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

/** A loopback server in front of a simulator. */
export type VastServer = SimulatorServer

/**
 * A simulated Vast.ai: an API, a market, machines, money and time.
 *
 * - It answers requests to the API's origin and to the host of uploaded logs.
 */
export interface VastSimulator extends Simulator<VastEffect>, VastStrokes {
  /** Every machine ever made, as it is now. */
  machines(): readonly VastMachineRecord[]
  /** USD on the account now. */
  balance(): number
  /** USD charged for machines so far. */
  spent(): number
  /** The whole world as JSON. Faults in wait and the record of requests aren't part of it. */
  snapshot(): string
}
