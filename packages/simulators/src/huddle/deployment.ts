/**
 * Where a deployment truly is, in the documented words.
 *
 * - Source: Huddle01 docs, Deployments, Deployment Lifecycle.
 */
export type State =
  | "ordered"
  | "provisioning"
  | "running"
  | "offline"
  | "error"
  | "deleting"
  | "deleted"
  | "failed_no_capacity"

/** A disk as it was asked for at deploy. */
export interface WantedVolume {
  readonly name: string
  readonly size: number
  readonly type: string
}

/**
 * One deployment. Plain data, so that a world can be stored; money is in units (see money.ts).
 *
 * - `shown` is a raw status that hides the true `state`. `serial` orders the list.
 * - The meter: `meteredMs` up to `meteredSince` (null while it stands still), `charged` of it so far.
 * - `allocated`: hardware was given to it. `holds`: it has that hardware now. `minimumOwed`: it ran or was deleted, so that
 *   the minimum is due. `gone`: its row is no longer there.
 */
export interface Deployment {
  readonly id: string
  readonly serial: number
  readonly providerId: string
  readonly hostname: string
  readonly type: string
  readonly image: string
  readonly osName: string
  readonly location: string
  readonly sshKeyIds: readonly string[]
  /** The keys of these ids when it was made: it keeps them when the account does not. */
  readonly publicKeys?: readonly string[]
  readonly volumes: readonly WantedVolume[]
  readonly createdAt: number
  readonly price: number
  readonly address: string
  updatedAt: number
  state: State
  shown: string | null
  ipHeld: boolean
  allocated: boolean
  holds: boolean
  minimumOwed: boolean
  gone: boolean
  meteredMs: number
  meteredSince: number | null
  charged: bigint
}

/** It exists: neither deleted nor without capacity. */
export const isAlive = ({ state }: Deployment): boolean => state !== "deleted" && state !== "failed_no_capacity"

/** The status its row reads. */
export const statusOf = ({ shown, state }: Deployment): string => shown ?? state
