import type { Machine } from "./machine.ts"
import type { World } from "./world.ts"

/**
 * How money is counted: whole units so small that every price times every millisecond is an integer, so nothing drifts.
 *
 * - One unit is a nano-dollar divided by milliseconds per hour, hours per storage month and thousandths of a GB.
 */
export const unitsPerDollar = 1_000_000_000n * 3_600_000n * 720n * 1000n

/** USD to units, exact to the nano-dollar. */
export const toUnits = (dollars: number): bigint =>
  BigInt(Math.round(dollars * 1e9)) * (unitsPerDollar / 1_000_000_000n)

/** Units to USD. */
export const toDollars = (units: bigint): number => {
  const whole = units / unitsPerDollar
  return Number(whole) + Number(units - whole * unitsPerDollar) / Number(unitsPerDollar)
}

/**
 * Statuses in which the GPU is charged.
 *
 * - running, frozen: charged. Source: Vast docs, CLI reference, show instance.
 * - rebooting, recycling: the GPU is kept; instance pages are silent on its price, the serverless pages bill by the
 *   previous state, which was running.
 * - unknown: undocumented, taken as not charged.
 */
const gpuStatuses: ReadonlySet<string | null> = new Set(["running", "frozen", "rebooting", "recycling"])

/**
 * What a machine costs per millisecond in units, by its state now.
 *
 * - Storage from creation to destroy. Source: Vast docs, FAQ billing ("every second your instance exists").
 * - Nothing while its host is offline. Source: Vast docs, guides/reference/billing.
 * - Bandwidth isn't simulated: nothing moves over the network.
 */
export const ratesOf = (machine: Machine): { readonly gpu: bigint; readonly storage: bigint } => {
  if (machine.destroyedAt !== null || machine.offlineSince !== null) return { gpu: 0n, storage: 0n }
  return {
    gpu: gpuStatuses.has(machine.status.actual) ? BigInt(Math.round(machine.price * 1e9)) * 720_000n : 0n,
    storage: BigInt(Math.round(machine.storageCost * 1e9)) * BigInt(Math.round(machine.disk * 1000))
  }
}

const rateOf = (machine: Machine): bigint => {
  const rates = ratesOf(machine)
  return rates.gpu + rates.storage
}

/** Charges every machine for a stretch of time in which nothing changes: prepaid deposits first, then the credit. */
export const accrue = (world: World, ms: number): void => {
  if (ms <= 0) return
  const time = BigInt(ms)
  for (const machine of world.state.machines) {
    const rates = ratesOf(machine)
    const gpu = rates.gpu * time
    const storage = rates.storage * time
    machine.meter.gpu += gpu
    machine.meter.storage += storage
    if (rates.gpu > 0n) machine.meter.gpuMs += ms
    if (rates.storage > 0n) machine.meter.storageMs += ms
    const owed = gpu + storage
    machine.meter.deposit -= owed
    if (machine.meter.deposit >= 0n) continue
    world.state.credit += machine.meter.deposit
    machine.meter.deposit = 0n
  }
}

const ceilingOf = (amount: bigint, rate: bigint): number => Number((amount + rate - 1n) / rate)

/** Milliseconds until the next moment at which money changes the world: a deposit or the credit runs out. */
export const untilMoneyBreak = (world: World): number => {
  let first = Number.POSITIVE_INFINITY
  let burn = 0n
  for (const machine of world.state.machines) {
    const rate = rateOf(machine)
    if (rate === 0n) continue
    if (machine.meter.deposit > 0n) first = Math.min(first, ceilingOf(machine.meter.deposit, rate))
    else burn += rate
  }
  if (burn > 0n && world.state.credit > 0n) first = Math.min(first, ceilingOf(world.state.credit, burn))
  return first
}

/** USD a machine has cost so far. */
export const spentOn = (machine: Machine): number => toDollars(machine.meter.gpu + machine.meter.storage)
