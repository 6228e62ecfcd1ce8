/**
 * How money is counted: one unit is a micro-dollar divided by the seconds of an hour, so that every price times every
 * second is an integer and nothing drifts.
 */
export const unitsPerDollar = 1_000_000n * 3600n

/** USD to units, exact to the micro-dollar. */
export const toUnits = (dollars: number): bigint => BigInt(Math.round(dollars * 1e6)) * 3600n

/** Units to USD. */
export const toDollars = (units: bigint): number => Number(units) / Number(unitsPerDollar)

/** Units to whole cents, rounded half up as the worked example rounds. Source: Huddle01 docs, GPU Billing. */
export const toCents = (units: bigint): number => Math.round(Number(units) / (Number(unitsPerDollar) / 100))
