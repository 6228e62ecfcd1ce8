import * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"
import { isHeld } from "./end-claim.ts"
import type { NewOrder, OrderFence, OrderOutcome, OrderQuery, OrderRecord } from "./order.ts"
import { inJson, ledgerFault } from "./rules.ts"

/** The failure of an id that is written a second time. */
export const orderTaken = (id: string): ProviderFault =>
  ledgerFault(`the ledger already holds an order ${id}: ids are made once per order`, "permanent")

/** An order as every store keeps it: of its request, what JSON leaves of it. `ProviderFault` when it holds what JSON cannot. */
export const keptOrder = (order: NewOrder): Effect.Effect<NewOrder, ProviderFault> =>
  Effect.map(inJson(order.request, `order ${order.id}`), (request) => ({ ...order, request }))

/** Whether nothing is to be done any more for an order. */
export const isOrderOver = ({ state }: OrderRecord): boolean => state !== "queued" && state !== "started"

/** An order that was just written. */
export const newOrder = ({ waits, ...order }: NewOrder, now: number): OrderRecord => ({
  ...order,
  ...{ at: now, until: waits === null ? null : now + waits, nextAt: now, state: "queued", asked: null },
  ...{ ref: null, error: null, noted: [], looks: 0, heldBy: null, fence: 0, heldUntil: 0, heldFor: 0 }
})

/** Whether an order keeps its key from others: what came to nothing does not. */
export const keepsKey = ({ state }: OrderRecord): boolean => state !== "failed" && state !== "cancelled"

/** A pool with another request, which is looked at at once. */
export const changedOrder = (held: OrderRecord, { by, clouds, request }: NewOrder, now: number): OrderRecord => ({
  ...held,
  ...{ by, clouds, request, nextAt: now, asked: held.state === "started" ? "change" : null }
})

/** An order that was cancelled, now or once its keeper is done; one that is final stays what it is. */
export const cancelledOrder = (held: OrderRecord): OrderRecord => {
  if (held.state === "queued") return { ...held, state: "cancelled" }
  return held.state === "started" ? { ...held, asked: "cancel" } : held
}

const isKept = ({ heldUntil: until, heldFor: lasts }: OrderRecord, now: number): boolean =>
  isHeld({ until, lasts }, now)

/** Whether nothing was begun for an order in its time. */
export const isLapsed = ({ state, until }: OrderRecord, now: number): boolean =>
  state === "queued" && until !== null && until <= now

/** An order whose time is over; what its last look failed with stays. */
export const lapsedOrder = (held: OrderRecord): OrderRecord => ({
  ...held,
  state: "failed",
  error: held.error ?? {
    tag: "Timeout",
    message: `no keeper began with the order "${held.name}" in its time: see whether one runs, and has a key of its clouds`
  }
})

const share = ({ clouds }: OrderRecord, other: OrderRecord): boolean =>
  clouds.length === 0 || other.clouds.length === 0 || clouds.some((one) => other.clouds.includes(one))

/** The order as a keeper gets it; null when it gets it not. `started` are those that keepers are at. */
export const claimedOrder = (
  held: OrderRecord,
  started: ReadonlyArray<OrderRecord>,
  { by, lasts }: { readonly by: string; readonly lasts: number },
  now: number
): OrderRecord | null => {
  if (isOrderOver(held) || isKept(held, now)) return null
  if (held.nextAt > now) return null
  const isInTheWay = (other: OrderRecord): boolean =>
    other.id !== held.id && other.what === "launch" && isKept(other, now) && share(held, other)
  if (held.what === "launch" && started.some(isInTheWay)) return null
  return {
    ...held,
    ...{ state: "started", asked: held.asked === "cancel" ? "cancel" : null, looks: held.looks + 1 },
    ...{ heldBy: by, fence: held.fence + 1, heldUntil: now + lasts, heldFor: lasts }
  }
}

/** Whether a fence is the last one of an order that a keeper is at. */
export const isOrderHeld = (held: OrderRecord | null, { fence }: OrderFence): held is OrderRecord =>
  held !== null && held.state === "started" && held.fence === fence

/** An order that stays held from a moment on. */
export const confirmedOrder = (
  held: OrderRecord,
  lasts: number,
  note: string | undefined,
  now: number
): OrderRecord => ({
  ...held,
  ...{ heldUntil: now + lasts, heldFor: lasts },
  noted: note === undefined || held.noted.includes(note) ? held.noted : [...held.noted, note]
})

/** The order after its keeper is done with it. */
export const settledOrder = (held: OrderRecord, outcome: OrderOutcome, now: number): OrderRecord => {
  const free = { ...held, asked: null, heldUntil: 0 }
  const queued = { ...free, state: "queued", nextAt: now } as const
  switch (outcome.is) {
    case "placed":
      return { ...free, state: "placed", ref: outcome.ref, error: null }
    case "failed":
      return { ...free, state: held.asked === "cancel" ? "cancelled" : "failed", error: outcome.error }
    case "over":
      return held.asked === "change" ? { ...queued, error: null } : { ...free, state: "cancelled", error: null }
    case "unsettled":
      return { ...held, heldUntil: 0, nextAt: now + outcome.after, error: outcome.error }
    case "again": {
      const { after, error } = outcome
      if (held.asked === "cancel") return { ...free, state: "cancelled", error }
      const nextAt = held.asked === "change" ? now : now + after
      const next: OrderRecord = { ...queued, nextAt, error }
      return held.until !== null && nextAt >= held.until ? lapsedOrder(next) : next
    }
  }
}

/** Whether an order is one of those asked for. */
export const matchesOrder = (order: OrderRecord, { id, key, what, states }: OrderQuery): boolean =>
  (id === undefined || id === order.id) &&
  (key === undefined || key === order.key) &&
  (what === undefined || what === order.what) &&
  (states === undefined || states.includes(order.state))
