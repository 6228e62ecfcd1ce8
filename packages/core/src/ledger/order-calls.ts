import * as Effect from "effect/Effect"
import type { OrderCalls } from "./order.ts"
import {
  cancelledOrder,
  changedOrder,
  claimedOrder,
  confirmedOrder,
  isLapsed,
  isOrderHeld,
  keepsKey,
  keptOrder,
  lapsedOrder,
  newOrder,
  orderTaken,
  settledOrder
} from "./order-rules.ts"
import type { Store } from "./store.ts"

/** What a ledger does with orders. */
export const orderCalls = ({ read, write }: Store): OrderCalls => ({
  openOrder: (order) =>
    write(
      Effect.fnUntraced(function* ({ orders, now }) {
        const holder = yield* orders.byKey(order.key)
        const wanted = yield* keptOrder(order)
        const at = yield* now()
        if (holder && keepsKey(holder)) {
          if (holder.what !== "pool" || wanted.what !== "pool") return holder
          const changed = changedOrder(holder, wanted, at)
          yield* orders.save(changed)
          return changed
        }
        if (yield* orders.byId(order.id)) return yield* Effect.fail(orderTaken(order.id))
        if (holder) yield* orders.save({ ...holder, key: null })
        const record = newOrder(wanted, at)
        yield* orders.add(record)
        return record
      })
    ),
  orders: (query = {}) => read(({ orders }) => orders.find(query)),
  cancelOrder: (id) =>
    write(
      Effect.fnUntraced(function* ({ orders }) {
        const held = yield* orders.byId(id)
        const next = held && cancelledOrder(held)
        if (next && next !== held) yield* orders.save(next)
        return next
      })
    ),
  claimOrder: (id, options) =>
    write(
      Effect.fnUntraced(function* ({ orders, now }) {
        const started = yield* orders.started()
        const held = yield* orders.byId(id)
        const at = yield* now()
        if (held === null) return null
        if (isLapsed(held, at)) {
          yield* orders.save(lapsedOrder(held))
          return null
        }
        const next = claimedOrder(held, started, options, at)
        if (next !== null) yield* orders.save(next)
        return next
      })
    ),
  confirmOrder: (claim, lasts, note) =>
    write(
      Effect.fnUntraced(function* ({ orders, now }) {
        const held = yield* orders.byId(claim.id)
        if (!isOrderHeld(held, claim)) return false
        yield* orders.save(confirmedOrder(held, lasts, note, yield* now()))
        return true
      })
    ),
  settleOrder: (claim, outcome) =>
    write(
      Effect.fnUntraced(function* ({ orders, now }) {
        const held = yield* orders.byId(claim.id)
        if (!isOrderHeld(held, claim)) return null
        const next = settledOrder(held, outcome, yield* now())
        yield* orders.save(next)
        return next
      })
    )
})
