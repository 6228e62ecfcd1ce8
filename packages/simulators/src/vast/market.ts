import type { Machine } from "./machine.ts"
import { type Offer, round } from "./offer.ts"
import { type AskState, askOf, type World } from "./world.ts"

/** How an offer is priced: `bid` quotes the minimum bid. `reserved` is quoted as on-demand, without its discount. */
export type Pricing = "on-demand" | "bid" | "reserved"

const untouched: AskState = { factor: 1, taken: false, removed: false, minBid: null }

const peekAsk = (world: World, offer: Offer): AskState => world.state.asks[offer.id] ?? untouched

/** Which machine has the hardware of each offer. */
export const holdersOf = (world: World): ReadonlyMap<number, Machine> => {
  const holders = new Map<number, Machine>()
  for (const machine of world.state.machines) {
    if (machine.holdsGpu && machine.destroyedAt === null) holders.set(machine.offerId, machine)
  }
  return holders
}

/**
 * Who has an offer's hardware.
 *
 * - `free`: nobody. `bid`: an interruptible rental, which a higher bid or an on-demand rental ends.
 * - `taken`: an on-demand rental, or another customer. `gone`: the host withdrew the offer, or it ended.
 */
export type Availability = "free" | "bid" | "taken" | "gone"

/** The availability of an offer now; `except` is a machine not to count. */
export const availabilityOf = (
  world: World,
  offer: Offer,
  holders = holdersOf(world),
  except?: Machine
): Availability => {
  const ask = peekAsk(world, offer)
  if (ask.removed || offer.endAt <= world.state.at) return "gone"
  if (ask.taken) return "taken"
  const holder = holders.get(offer.id)
  if (holder === undefined || holder === except) return "free"
  return holder.isBid ? "bid" : "taken"
}

/** The lowest bid that wins an offer now, USD per hour. */
export const minBidOf = (world: World, offer: Offer, holders = holdersOf(world), except?: Machine): number => {
  const ask = peekAsk(world, offer)
  const floor = ask.minBid ?? round(offer.floorBid * ask.factor)
  const holder = holders.get(offer.id)
  if (holder === undefined || holder === except || !holder.isBid) return floor
  return Math.max(floor, round(holder.price * 1.05))
}

/** The on-demand price of an offer's GPUs, USD per hour. */
export const basePriceOf = (world: World, offer: Offer): number => round(offer.base * peekAsk(world, offer).factor)

/**
 * USD per hour for a disk.
 *
 * - Source: arithmetic over the vendor's examples, storage_cost times GB over a month of 720 hours.
 */
export const diskPerHour = (storageCost: number, gigabytes: number): number => (storageCost * gigabytes) / 720

/** The columns of an offer that depend on time, competition and the size of disk asked for. */
export const quote = (
  world: World,
  offer: Offer,
  pricing: Pricing,
  gigabytes: number,
  holders: ReadonlyMap<number, Machine>
) => {
  const minBid = minBidOf(world, offer, holders)
  const base = pricing === "bid" ? minBid : basePriceOf(world, offer)
  const disk = diskPerHour(offer.storageCost, gigabytes)
  const total = base + disk
  const seconds = Math.max(0, (offer.endAt - world.state.at) / 1000)
  const costs = {
    gpuCostPerHour: base,
    diskHour: disk,
    totalHour: total,
    discountTotalHour: 0,
    discountedTotalPerHour: total
  }
  return {
    dph_base: base,
    dph_total: total,
    dph_total_adj: total,
    discount_rate: 0,
    discounted_hourly: 0,
    discounted_dph_total: total,
    dlperf_per_dphtotal: offer.dlperf / total,
    flops_per_dphtotal: offer.gpuFlops / total,
    score: round((offer.dlperf / total) * Math.min(1, seconds / 2_592_000), 6),
    min_bid: minBid,
    is_bid: pricing === "bid",
    storage_total_cost: disk,
    vram_costperhour: base / Number(offer.fixed.gpu_total_ram),
    duration: seconds,
    end_date: offer.endAt / 1000,
    rentable: true,
    rented: false,
    search: costs,
    instance: { ...costs, gpuCostPerHour: 0, totalHour: disk, discountedTotalPerHour: disk }
  }
}

/** Makes prices of an offer move for new rentals; running contracts keep theirs. */
export const changePrice = (world: World, offerId: number, factor: number): void => {
  const ask = askOf(world, offerId)
  ask.factor *= factor
  if (ask.minBid !== null) ask.minBid = round(ask.minBid * factor)
}
