import type * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"

/**
 * What the machine is rented for.
 *
 * - `startAt` matters where a cloud charges by the clock; without it the dearest start is assumed.
 * - `storageMiB`: without it, the offer's `diskMiB`, which its price includes.
 * - `volumesMiB`: new disks that the launch makes besides the machine's own, each in MiB; none where not given.
 * - `egressGiB`, `ingressGiB`: traffic out of and into the machine over the whole job; not counted where not given.
 */
export interface Job {
  readonly duration: Duration.Input
  readonly startAt?: DateTime.Utc | Date
  readonly storageMiB?: number
  readonly volumesMiB?: ReadonlyArray<number>
  readonly egressGiB?: number
  readonly ingressGiB?: number
}
