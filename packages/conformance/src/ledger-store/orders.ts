import type { NewOrder, OrderCalls, OrderFence, OrderOutcome, OrderQuery, OrderRecord, OrderState } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type Operation, operation } from "./call.ts"
import type { Chance } from "./random.ts"
import { specs } from "./values.ts"

const ids = ["o1", "o2", "o3", "o4 é"] as const
const keys = ["k", "l", "m é"] as const
const states: ReadonlyArray<OrderState> = ["queued", "started", "placed", "failed", "cancelled"]

/** Over at once, or not for as long as a test takes: nothing depends on how quick it is. */
const spans = [0, 3_600_000] as const

const isFar = (moment: number, { at }: OrderRecord): boolean => moment - at > 60_000

/** What two ledgers have in common of an order: their clocks never show the same. */
const comparable = (order: OrderRecord | null) =>
  order && {
    ...order,
    ...{ at: 0, until: order.until === null ? null : isFar(order.until, order) },
    ...{ nextAt: isFar(order.nextAt, order), heldUntil: order.heldUntil === 0 ? 0 : isFar(order.heldUntil, order) }
  }

/** An order as it is written, that has not begun. */
export const newOrder = (id: string, more: Partial<NewOrder> = {}): NewOrder => ({
  ...{ id, key: `key-${id}`, what: "launch", name: "job", by: "me@laptop", clouds: [], request: { ttl: 5 } },
  ...{ waits: null },
  ...more
})

const orderIn = (chance: Chance): NewOrder =>
  newOrder(chance.pick(ids), {
    ...{ key: chance.pick(keys), what: chance.once(3) ? "pool" : "launch", clouds: chance.some(["north", "south"]) },
    ...{ request: chance.pick(specs), waits: chance.once(2) ? null : chance.pick(spans), by: chance.pick(["me", "é"]) }
  })

const fenceIn = (chance: Chance): OrderFence => ({ id: chance.pick(ids), fence: 1 + chance.below(3) })

const outcomeIn = (chance: Chance): OrderOutcome => {
  const error = { tag: "NoCapacity", message: "sold out é" } as const
  return chance.pick<OrderOutcome>([
    { is: "placed", ref: "north/vm/1" },
    { is: "failed", error },
    { is: "again", after: chance.pick(spans), error: chance.once(2) ? error : null },
    { is: "unsettled", after: chance.pick(spans), error },
    { is: "over" }
  ])
}

const queryIn = (chance: Chance): OrderQuery => ({
  ...(chance.once(4) && { id: chance.pick(ids) }),
  ...(chance.once(4) && { key: chance.pick(keys) }),
  ...(chance.once(4) && { what: "pool" as const }),
  ...(chance.once(3) && { states: chance.some(states) })
})

const readOrders = (query: OrderQuery): Operation =>
  operation("orders", [query] as const, (ledger, args) =>
    Effect.map(ledger.orders(...args), (orders) => orders.map(comparable))
  )

/** All orders. */
export const allOrders: Operation = readOrders({})

/** Makes each call of orders, with what it is called with. */
export const orderOperations: Readonly<Record<keyof OrderCalls, (chance: Chance) => Operation>> = {
  openOrder: (chance) =>
    operation("openOrder", [orderIn(chance)] as const, (ledger, args) =>
      Effect.map(ledger.openOrder(...args), comparable)
    ),
  orders: (chance) => readOrders(queryIn(chance)),
  cancelOrder: (chance) =>
    operation("cancelOrder", [chance.pick(ids)] as const, (ledger, args) =>
      Effect.map(ledger.cancelOrder(...args), comparable)
    ),
  claimOrder: (chance) =>
    operation(
      "claimOrder",
      [chance.pick(ids), { by: chance.pick(["a", "b é"]), lasts: chance.pick(spans) }] as const,
      (ledger, args) => Effect.map(ledger.claimOrder(...args), comparable)
    ),
  confirmOrder: (chance) =>
    operation(
      "confirmOrder",
      [fenceIn(chance), chance.pick(spans), chance.pick([undefined, "m1", "m2 é"])] as const,
      (ledger, args) => ledger.confirmOrder(...args)
    ),
  settleOrder: (chance) =>
    operation("settleOrder", [fenceIn(chance), outcomeIn(chance)] as const, (ledger, args) =>
      Effect.map(ledger.settleOrder(...args), comparable)
    )
}
