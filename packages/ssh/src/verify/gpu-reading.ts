/** A slice of a card that is divided (MIG). */
export interface FoundSlice {
  readonly memoryMiB: number | null
}

/** A GPU as its driver shows it. What the driver does not report is null. */
export interface FoundGpu {
  /** The names it may go by, as the driver writes them: several where the driver knows only the chip. */
  readonly names: ReadonlyArray<string>
  readonly memoryMiB: number | null
  /** Whether the card is divided; null where it cannot be, or the driver does not report. */
  readonly isDivided: boolean | null
  /** The slices of a divided card that the machine sees; null where the answer does not list them. */
  readonly slices: ReadonlyArray<FoundSlice> | null
  /** Errors of memory that could not be corrected, since the driver was loaded. */
  readonly newEccErrors: number | null
  /** The same, since the card was made. */
  readonly allEccErrors: number | null
  /** What the driver says must be repaired, in words; empty where it says nothing. */
  readonly repairs: ReadonlyArray<string>
  /** Why the card is slower now than it could be, in words: heat, power. Null where the driver does not report. */
  readonly slowdowns: ReadonlyArray<string> | null
  /** The limit of power now, and as the card is sold, in watts. */
  readonly powerLimit: number | null
  readonly usualPowerLimit: number | null
  /** How it is connected now, and how it could be: lanes, and generations of PCIe. */
  readonly lanes: number | null
  readonly mostLanes: number | null
  readonly generation: number | null
  readonly highestGeneration: number | null
  /** The fields that say that the card does not answer. */
  readonly brokenFields: ReadonlyArray<string>
}

/** A GPU of which nothing is known but what is given. */
export const foundGpu = (facts: Partial<FoundGpu> & Pick<FoundGpu, "names">): FoundGpu => ({
  memoryMiB: null,
  isDivided: null,
  slices: null,
  newEccErrors: null,
  allEccErrors: null,
  repairs: [],
  slowdowns: null,
  powerLimit: null,
  usualPowerLimit: null,
  lanes: null,
  mostLanes: null,
  generation: null,
  highestGeneration: null,
  brokenFields: [],
  ...facts
})

/** GPUs that were read. */
export interface GpusRead {
  readonly state: "read"
  readonly gpus: ReadonlyArray<FoundGpu>
  /** How many the driver counts, which may be more than it shows. */
  readonly attached: number | null
  readonly driver: string | null
  /** The newest CUDA that the driver can run. */
  readonly cuda: string | null
  /** What the driver's program says besides its answer, such as a warning. */
  readonly said: string
}

/**
 * What the drivers say of the GPUs.
 *
 * - `read`: each of them.
 * - `none`: the driver works, and sees no GPU.
 * - `failed`: the driver does not work, or does not answer: the GPUs cannot be used.
 * - `unknown`: there is no program to ask, or its answer cannot be read. `said` has why.
 */
export type GpuReading = GpusRead | { readonly state: "none" | "failed" | "unknown"; readonly said: string }

/** A reading that tells why nothing is known. */
export const unknownGpus = (said: string): GpuReading => ({ state: "unknown", said })
