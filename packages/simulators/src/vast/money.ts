import { metered, type Rates } from "../kit/meter.ts"
import { createMoney, millisecondsPerHour } from "../kit/money.ts"
import type { Machine } from "./machine.ts"

const hoursPerMonth = 720n

/**
 * Whole units so small that every price times every millisecond is an integer: a nano-dollar divided by milliseconds per
 * hour, hours per storage month and thousandths of a GB.
 */
export const money = createMoney({ exactTo: "nano", split: millisecondsPerHour * hoursPerMonth * 1000n })

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
export const ratesOf = (machine: Machine): Rates => {
  if (machine.destroyedAt !== null || machine.offlineSince !== null) return { compute: 0n, storage: 0n }
  return {
    compute: gpuStatuses.has(machine.status.actual) ? money.toUnits(machine.price) / millisecondsPerHour : 0n,
    storage: BigInt(Math.round(machine.storageCost * 1e9)) * BigInt(Math.round(machine.disk * 1000))
  }
}

/** USD a machine has cost so far. */
export const spentOn = ({ meter }: Machine): number => money.toDollars(metered(meter))
