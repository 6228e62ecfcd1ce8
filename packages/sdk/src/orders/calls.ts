import {
  Conflict,
  type GpuError,
  isLapsed,
  isOrderOver,
  type Ledger,
  type NewOrder,
  type OrderQuery,
  type OrderRecord,
  type ProviderFault
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import { millisOf } from "../millis.ts"
import type { SpendLimit } from "../spending/spending.ts"
import { checkKept, type KeptPool, keptKey } from "./kept-pool.ts"
import { checkOrder, type OrderRequest } from "./request.ts"
import { storedOf } from "./stored.ts"

/** Launches that keepers make, and pools that they keep. */
export interface OrderingCalls {
  /**
   * Writes the order of a launch into the ledger, for a keeper to make. Nothing is asked of a cloud by it.
   *
   * - Whose `key` an order has is that order: nothing is written. `Conflict` where it is for something else.
   * - What the client may spend holds for the order as well, and so do the request's own limits.
   * - `InvalidRequest` for a launch that no keeper could make, and for a text that may be a secret.
   */
  orderLaunch(request: OrderRequest): Effect.Effect<OrderRecord, GpuError>
  /**
   * Has keepers keep a pool: they make its rounds about once a minute, as `pool` does. Nothing is asked of a cloud by it.
   *
   * - A pool that is kept already takes the new request, at once. With `size: 0` its machines end, and then the order is over.
   * - What a round could not have is the `error` of the order, and the next round tries again.
   * - What the client may spend holds for the pool as well, besides its own budget.
   * - `InvalidRequest` for a pool that no keeper could keep, for one without a limit of money, and for a text that may be a secret.
   */
  keepPool(request: KeptPool): Effect.Effect<OrderRecord, GpuError>
  /** Orders, oldest first, whatever became of them. */
  orders(query?: OrderQuery): Effect.Effect<ReadonlyArray<OrderRecord>, GpuError>
  /**
   * Cancels an order that has not begun, and answers it as it is then. One that a keeper is at is cancelled if nothing comes of
   * that; a machine that is there stays. `Conflict` when there is no such order.
   */
  cancelOrder(id: string): Effect.Effect<OrderRecord, GpuError>
  /** Waits until nothing is to be done for an order any more, and answers what became of it. */
  awaitOrder(id: string): Effect.Effect<OrderRecord, GpuError>
}

/** For how long an order is tried where it does not say, in milliseconds. */
const usualWait = 3_600_000

/** How often it is looked what became of an order, in milliseconds. */
const lookEvery = 2000

/** A value as text, whatever the order of its fields. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, field: unknown) =>
    typeof field === "object" && field !== null && !Array.isArray(field)
      ? Object.fromEntries(Object.entries(field).sort(([a], [b]) => (a < b ? -1 : 1)))
      : field
  )

const noOrder = (id: string): Conflict =>
  new Conflict({ message: `the ledger holds no order ${id}: see which there are`, retry: "permanent" })

const oneOrder = (ledger: Ledger, id: string): Effect.Effect<OrderRecord, ProviderFault | Conflict> =>
  Effect.flatMap(ledger.orders({ id }), ([order]) => (order ? Effect.succeed(order) : Effect.fail(noOrder(id))))

/** What a client does with orders. */
export const orderingCalls = (ledger: Ledger, spendLimit: SpendLimit | undefined): OrderingCalls => ({
  orderLaunch: Effect.fnUntraced(function* (given) {
    yield* checkOrder(given)
    const { waitForCapacity = usualWait, clouds = [], key, ...request } = given
    const id = crypto.randomUUID().slice(0, 8)
    const order: NewOrder = {
      ...{ id, key: key ?? `order:${id}`, what: "launch", name: request.name, by: request.owner ?? "", clouds },
      waits: millisOf(waitForCapacity),
      request: storedOf({ request, spendLimit }) as OrderRecord["request"]
    }
    const held = yield* ledger.openOrder(order)
    if (held.id === id || (held.what === "launch" && textOf(held.request) === textOf(order.request))) return held
    const message = `the key "${key}" names order ${held.id}, which is for something else: take another key`
    return yield* new Conflict({ message, retry: "permanent" })
  }),
  keepPool: Effect.fnUntraced(function* (given) {
    yield* checkKept(given)
    const { clouds = [], ...request } = given
    const order: NewOrder = {
      ...{ id: crypto.randomUUID().slice(0, 8), key: keptKey(request.name), what: "pool", name: request.name },
      ...{ by: request.owner ?? "", clouds, waits: null },
      request: storedOf({ request, spendLimit }) as OrderRecord["request"]
    }
    const held = yield* ledger.openOrder(order)
    if (held.what === "pool") return held
    const message = `the key "${held.key}" names order ${held.id}, which is of a launch: take another name for the pool`
    return yield* new Conflict({ message, retry: "permanent" })
  }),
  orders: (query) => ledger.orders(query),
  cancelOrder: (id) =>
    Effect.flatMap(ledger.cancelOrder(id), (order) => (order ? Effect.succeed(order) : Effect.fail(noOrder(id)))),
  awaitOrder: Effect.fnUntraced(function* (id) {
    for (;;) {
      const order = yield* oneOrder(ledger, id)
      if (isOrderOver(order)) return order
      // Where no keeper is awake, nobody else says that its time is over.
      if (isLapsed(order, yield* ledger.now())) yield* ledger.claimOrder(id, { by: "", lasts: 0 })
      else yield* Effect.sleep(lookEvery)
    }
  })
})
