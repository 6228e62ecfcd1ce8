import type { Meter } from "../kit/meter.ts"

/**
 * The four status fields of an instance and its message, as stored.
 *
 * - `actual` and `intended` speak of the container, `cur` and `next` of the contract's hardware.
 * - `offline` is never stored: it is computed when a row is read. Source: Vast docs, openapi.json of 2026-04-03.
 */
export interface Status {
  actual: string | null
  intended: string
  cur: string
  next: string
  message: string | null
}

/** A public key inside an instance. */
export interface AttachedKey {
  readonly id: number
  readonly name: string
  readonly publicKey: string
}

/** What the caller asked for at creation, kept for the row. */
export interface Workload {
  readonly image: string
  readonly runtype: string
  readonly env: ReadonlyArray<readonly [string, string]>
  readonly onstart: string | null
  readonly args: readonly string[]
  readonly templateId: number | null
  readonly templateHash: string | null
  readonly vm: boolean
  /** Whether a login to its registry came with it. */
  readonly hasLogin?: boolean
}

/**
 * One contract: what the vendor calls an instance. Plain data, so that a world can be stored.
 *
 * - `holdsGpu` says whether it has the hardware now, `waiting` what it waits for to get it back by itself.
 * - `meter` counts the GPU as `compute`; its deposit is what was prepaid.
 */
export interface Machine {
  readonly id: number
  readonly offerId: number
  readonly createdAt: number
  readonly endAt: number
  readonly isBid: boolean
  readonly disk: number
  readonly storageCost: number
  readonly workload: Workload
  readonly jupyterToken: string
  /** What is `CONTAINER_API_KEY` inside it: it can start, stop or destroy this machine, and nothing else. */
  readonly apiKey: string
  readonly sshIndex: number
  readonly sshPort: number
  readonly ports: Readonly<Record<string, string>>
  readonly directPortStart: number
  readonly stopsAs: "exited" | "stopped"
  label: string | null
  price: number
  status: Status
  holdsGpu: boolean
  waiting: "gpu" | "bid" | null
  offlineSince: number | null
  runningSince: number | null
  destroyedAt: number | null
  keys: AttachedKey[]
  log: string[]
  daemonLog: string[]
  meter: Meter
  discountMonths: number
  /** How often its container was made again, with new files. */
  recycled?: number
  /** How many steps of a slow pull are done. */
  pulled?: number
}

/** Sets some of the stored status fields, leaving the others. */
export const changeStatus = (machine: Machine, status: Partial<Status>): void => {
  Object.assign(machine.status, status)
}
