import { Conflict, InvalidRequest, isOrderOver, type OrderRecord, type OrderRequest } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import { type Order, orderOf } from "./launch.run.ts"
import type { Implementation } from "./operation.ts"
import type { orderField, orderLaunchInput, ordersInput, orderTerms } from "./order.ts"
import { type OrderJson, type OrdersJson, orderJson } from "./protocol/answers/order.ts"

type Terms = InputOf<typeof orderTerms>

/** Variables whose values are secrets: `HF_TOKEN`, or `HF_TOKEN=NAME` where the keeper calls it otherwise. */
const secretEnvOf = (given: ReadonlyArray<string> = []): Record<string, { readonly secret: string }> =>
  Object.fromEntries(
    given.map((text) => {
      const [name = "", secret = name] = text.split("=")
      return [name, { secret }]
    })
  )

type Registry = NonNullable<OrderRequest["workload"]>["registry"]

/** A workload with the names of its secrets. */
export const orderedWorkload = (
  { env, registry: _, ...options }: NonNullable<Order["workload"]>,
  { secretEnv }: Pick<Terms, "secretEnv">,
  registry?: Registry
): NonNullable<OrderRequest["workload"]> => {
  const all = { ...env, ...secretEnvOf(secretEnv) }
  return { ...options, ...(Object.keys(all).length > 0 && { env: all }), ...(registry && { registry }) }
}

/**
 * A launch as the order of it.
 *
 * - What a keeper cannot do, such as a login, is left in, so that it is refused with its reason.
 */
export const orderRequestOf = (
  { workload = {}, candidates, ttl, limits = {}, strategy: _, ssh, adapt: __, onProgress: ___, ...launch }: Order,
  { secretEnv, notSecret, clouds }: Terms,
  registry?: Registry
): OrderRequest => {
  if (ttl === undefined) {
    throw InvalidRequest.of("ttl", "is missing: a keeper launches while nobody looks, say for how long")
  }
  return {
    ...launch,
    ...{ ttl, limits },
    ...present({ candidates, notSecret, clouds, ...(ssh ? { ssh } : {}) }),
    workload: orderedWorkload(workload, { secretEnv }, registry)
  }
}

/** The order that is named by its id or its key. */
const orderNamed = async ({ gpu, signal }: OperationContext, name: string): Promise<OrderRecord> => {
  const client = await gpu()
  const [byId] = await client.orders({ id: name, signal })
  const [byKey] = byId ? [byId] : await client.orders({ key: name, signal })
  const order = byId ?? byKey
  if (order) return order
  throw new Conflict({ message: `the ledger holds no order ${name}: see which there are`, retry: "permanent" })
}

/** Orders a launch. */
export const launch: Implementation<InputOf<typeof orderLaunchInput>, OrderRecord> = {
  run: async ({ gpu, signal }, input) => {
    const client = await gpu()
    return await client.orderLaunch(orderRequestOf(orderOf(input), input), { signal })
  },
  encode: (order): OrderJson => orderJson(order)
}

/** Orders, or the one that is named; with `wait`, once it is over. */
export const orders: Implementation<InputOf<typeof ordersInput>, ReadonlyArray<OrderRecord>> = {
  run: async (context, { order: name, open = false, wait = false }) => {
    const client = await context.gpu()
    const { signal } = context
    if (name === undefined) {
      if (wait) throw InvalidRequest.of("order", "is missing: say which one is waited for")
      const all = await client.orders({ signal })
      return open ? all.filter((order) => !isOrderOver(order)) : all
    }
    const order = await orderNamed(context, name)
    if (!wait) return [order]
    return [await context.out.during(`waiting for order ${name}`, () => client.awaitOrder(order.id, { signal }))]
  },
  encode: (all): OrdersJson => ({ orders: all.map(orderJson) })
}

/** Cancels an order. */
export const cancel: Implementation<InputOf<typeof orderField>, OrderRecord> = {
  run: async (context, { order }) => {
    const { id } = await orderNamed(context, order)
    return await (await context.gpu()).cancelOrder(id, { signal: context.signal })
  },
  encode: (order): OrderJson => orderJson(order)
}
