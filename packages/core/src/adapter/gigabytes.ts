const bytesPerMiB = 1_048_576
const bytesPerGB = 1_000_000_000

/** The whole MiB in some GB, taken as 10^9 bytes both ways: nobody gets less than they asked for. */
export const mibOfGB = (gb: number): number => Math.floor((gb * bytesPerGB) / bytesPerMiB)

/** The whole GB, of 10^9 bytes, to ask for. */
export const gbOfMiB = (mib: number): number => Math.ceil((mib * bytesPerMiB) / bytesPerGB)
