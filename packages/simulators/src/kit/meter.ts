import type { Money } from "./money.ts"
import type { Life } from "./timeline.ts"
import type { MeterLine } from "./truth.ts"
import type { World } from "./world.ts"

/**
 * What one machine was charged for time, in units, and for how many milliseconds; `deposit` is prepaid and used up first.
 */
export interface Meter {
  compute: bigint
  computeMs: number
  storage: bigint
  storageMs: number
  deposit: bigint
}

/** What a machine costs per millisecond, in units, by its state now. */
export interface Rates {
  readonly compute: bigint
  readonly storage: bigint
}

/** A meter that stands at nothing. */
export const newMeter = (): Meter => ({ compute: 0n, computeMs: 0, storage: 0n, storageMs: 0, deposit: 0n })

/** Units that a meter has counted, deposits apart. */
export const metered = ({ compute, storage }: Meter): bigint => compute + storage

/** A meter as the truth about a machine shows it. */
export const meterLines = ({ compute, computeMs, storage, storageMs, deposit }: Meter, money: Money): MeterLine[] => [
  { item: "compute", micros: money.toMicros(compute), ms: computeMs },
  { item: "storage", micros: money.toMicros(storage), ms: storageMs },
  { item: "reserve", micros: money.toMicros(deposit), ms: 0 }
]

const ceilingOf = (amount: bigint, rate: bigint): number => Number((amount + rate - 1n) / rate)

/** Charges machines by the millisecond, at rates that depend on their state: prepaid deposits first, then the credit. */
export const chargeByTime = <W extends World, Machine extends { readonly meter: Meter }>(
  machinesIn: (world: W) => readonly Machine[],
  ratesOf: (machine: Machine) => Rates
): NonNullable<Life<W>["meter"]> => ({
  charge: (world, ms) => {
    if (ms <= 0) return
    const time = BigInt(ms)
    for (const machine of machinesIn(world)) {
      const { meter } = machine
      const rates = ratesOf(machine)
      const [compute, storage] = [rates.compute * time, rates.storage * time]
      meter.compute += compute
      meter.storage += storage
      if (rates.compute > 0n) meter.computeMs += ms
      if (rates.storage > 0n) meter.storageMs += ms
      meter.deposit -= compute + storage
      if (meter.deposit >= 0n) continue
      world.state.credit += meter.deposit
      meter.deposit = 0n
    }
  },
  untilBreak: (world) => {
    let first = Number.POSITIVE_INFINITY
    let burn = 0n
    for (const machine of machinesIn(world)) {
      const { compute, storage } = ratesOf(machine)
      const rate = compute + storage
      if (rate === 0n) continue
      if (machine.meter.deposit > 0n) first = Math.min(first, ceilingOf(machine.meter.deposit, rate))
      else burn += rate
    }
    if (burn > 0n && world.state.credit > 0n) first = Math.min(first, ceilingOf(world.state.credit, burn))
    return first
  }
})
