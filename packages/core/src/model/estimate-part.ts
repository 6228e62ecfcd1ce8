import type { BillingTerms } from "./billing.ts"
import type { EstimateLine } from "./estimate.ts"

export type StorageTerms = NonNullable<BillingTerms["storage"]>

/** MiB for people: the disks of offers are no round numbers of GiB. */
export const gibOf = (mib: number): string => `${(mib / 1024).toFixed(1).replace(/\.0$/, "")} GiB`

/** What one part of a job comes to: its lines, what was assumed, and what was left open and not counted. */
export interface Part {
  readonly lines: ReadonlyArray<EstimateLine>
  readonly assumed?: ReadonlyArray<string>
  readonly open?: ReadonlyArray<string>
}

/** What is said of a disk that may cost on when its machine is stopped. */
export const keptDisk = ({ whileStopped }: StorageTerms): Part => ({
  lines: [],
  assumed:
    whileStopped === false
      ? []
      : [`the machine is terminated at the end: its disk ${whileStopped ? "costs" : "may cost"} also while stopped`]
})

/** A disk beyond what the cloud documents a price for. */
export const unpricedDisk = (includedDiskMiB: number | undefined, storageMiB: number | null): Part => ({
  lines: [],
  open:
    includedDiskMiB !== undefined && storageMiB !== null && storageMiB > includedDiskMiB
      ? [`the cloud documents no price for a disk above ${includedDiskMiB} MiB: only the price without it is counted`]
      : []
})
