import { type Cloud, type GpuError, isOrderOver, type Ledger, type OrderRecord } from "@anygpu/core"
import { makeRedactor } from "@anygpu/core/adapter"
import { makeOrder, type OrderParts } from "anygpu/effect"
import * as Effect from "effect/Effect"
import type { Ground } from "./duties.ts"
import type { Wake } from "./engine.ts"
import { messageOf } from "./log.ts"
import type { FindSecret } from "./secrets.ts"

/** After so many milliseconds an order is looked at again that another keeper, or another order, keeps from being made. */
const lookAgain = 5000

/** What a keeper makes orders with. */
export const orderParts = (
  { clouds, ledger }: { readonly clouds: ReadonlyArray<Cloud>; readonly ledger: Ledger },
  by: string,
  find: FindSecret
): OrderParts => ({
  ...{ clouds, ledger, by },
  secretOf: (name) => Effect.promise(async () => await find(name)),
  hide: (values: ReadonlyArray<string>, error: GpuError) => makeRedactor(values).error(error)
})

/** The wakes that open orders need. */
export const orderWakes = (orders: ReadonlyArray<OrderRecord>): ReadonlyArray<Wake> =>
  orders.map(({ id, nextAt }) => ({ duty: "launch", marker: id, at: nextAt }))

/** Orders for which something is to be done. */
export const openOrders = { states: ["queued", "started"] } as const

const said = ({ id, name, error }: OrderRecord) => ({
  ...{ order: id, name },
  ...(error !== null && { tag: error.tag, error: error.message })
})

/** Makes one order, if the ledger says so. */
export const launchOrder = async (on: Ground, id: string): Promise<number | null> => {
  const { orders, log, metrics, wake, run } = on
  try {
    const turn = await run(makeOrder(orders, id))
    const result = turn.is === "settled" ? turn.order.state : turn.is
    metrics.count("anygpu_keeper_orders_total", `result="${result}"`)
    if (turn.is === "later") await wake([{ duty: "launch", marker: id, at: turn.at }])
    if (turn.is === "settled") {
      const { order } = turn
      if (order.state === "placed") log("info", "order-placed", { ...said(order), ref: order.ref })
      else log(order.state === "failed" ? "error" : "info", `order-${order.state}`, said(order))
      if (!isOrderOver(order)) await wake(orderWakes([order]))
    }
    return turn.is === "elsewhere" ? lookAgain : null
  } catch (error) {
    metrics.count("anygpu_keeper_orders_total", 'result="failed"')
    log("error", "order-not-made", { order: id, error: messageOf(error) })
    return null
  }
}
