/** How a simulated cloud counts money: in whole units so small that nothing it charges is rounded, so that nothing drifts. */
export interface Money {
  readonly unitsPerDollar: bigint
  /** Dollars (or what the cloud's currency is) to units, rounded to the smallest amount that the cloud states. */
  toUnits(dollars: number): bigint
  /** Units to dollars, for who asks the simulator. */
  toDollars(units: bigint): number
  /** Units to whole millionths, rounded up. */
  toMicros(units: bigint): number
}

const smallest = { micro: 1_000_000, nano: 1_000_000_000 } as const

/**
 * Makes a way to count money.
 *
 * - `exactTo` is the smallest amount that prices state. `split` is into how many parts one of these is divided when it is
 *   charged: the milliseconds of an hour where a price per hour is charged by the millisecond.
 */
export const createMoney = ({
  exactTo,
  split
}: {
  readonly exactTo: keyof typeof smallest
  readonly split: bigint
}): Money => {
  const parts = smallest[exactTo]
  const unitsPerDollar = BigInt(parts) * split
  const isSmall = (units: bigint) =>
    units <= BigInt(Number.MAX_SAFE_INTEGER) && units >= BigInt(Number.MIN_SAFE_INTEGER)
  return {
    unitsPerDollar,
    toUnits: (dollars) => BigInt(Math.round(dollars * parts)) * split,
    toDollars: (units) => {
      if (isSmall(units) && isSmall(unitsPerDollar)) return Number(units) / Number(unitsPerDollar)
      const whole = units / unitsPerDollar
      return Number(whole) + Number(units - whole * unitsPerDollar) / Number(unitsPerDollar)
    },
    toMicros: (units) => Number((units * 1_000_000n + unitsPerDollar - 1n) / unitsPerDollar)
  }
}

/** Into how many parts the smallest amount is split where a price per hour is charged by the millisecond. */
export const millisecondsPerHour = 3_600_000n

/** The money of most clouds: prices per hour, exact to the nano-dollar, charged by the millisecond. */
export const hourlyMoney: Money = createMoney({ exactTo: "nano", split: millisecondsPerHour })

/** What a price per hour comes to in a millisecond, in units of {@link hourlyMoney}. */
export const perMillisecond = (dollarsPerHour: number): bigint =>
  hourlyMoney.toUnits(dollarsPerHour) / millisecondsPerHour
