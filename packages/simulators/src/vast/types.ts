import type { VirtualClock } from "../clock.ts"
import type { VastFault } from "./fault.ts"
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
  /** Default `https://console.vast.ai`. */
  readonly origin?: string
  /** A world stored by `snapshot`: continues it. Seed, offers, credit and keys are then the stored ones. */
  readonly snapshot?: string
}

/** One request the simulator has seen, logs included. `at` is virtual. */
export interface VastRequestRecord {
  readonly at: number
  readonly method: string
  readonly path: string
  /** The HTTP status, or `lost` when the client never got an answer. */
  readonly status: number | "lost"
  readonly body: unknown
  /** Whether the request carried this simulator's key. */
  readonly authorized: boolean
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

/** A loopback server in front of a simulator. */
export interface VastServer {
  readonly url: string
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** A simulated Vast.ai: an API, a market, machines, money and time. */
export interface VastSimulator extends VastStrokes {
  readonly apiKey: string
  readonly origin: string
  readonly clock: VirtualClock
  /**
   * Answers requests to the API's origin and to the host of uploaded logs.
   *
   * - Follows redirects as a global fetch does, unless the request says `manual` or `error`.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
  /** Serves the same API on 127.0.0.1 (default: any free port). Needs Node. */
  listen(port?: number): Promise<VastServer>
  /** Every request so far. */
  requests(): readonly VastRequestRecord[]
  /** Every machine ever made, as it is now. */
  machines(): readonly VastMachineRecord[]
  /** USD on the account now. */
  balance(): number
  /** USD charged for machines so far. */
  spent(): number
  /** Arms a fault; the returned function disarms it. */
  fault(fault: VastFault): () => void
  /** The whole world as JSON. Faults in wait and the record of requests aren't part of it. */
  snapshot(): string
}
