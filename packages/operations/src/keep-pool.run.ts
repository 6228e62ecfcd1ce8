import type { KeptPool, OrderRecord } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import type { keepPoolInput } from "./keep-pool.ts"
import { type Order, orderOf } from "./launch.run.ts"
import { orderedWorkload } from "./order.run.ts"
import { poolOf, usualJob } from "./pool.run.ts"
import { type OrderJson, orderJson } from "./protocol/answers/order.ts"

type Input = InputOf<typeof keepPoolInput>

type Said = Pick<Input, "name" | "size" | "maxAllPerHour" | "holdFor" | "secretEnv" | "notSecret" | "clouds">

/** A pool for keepers, of machines that are ordered so; null for one that is ended. */
export const keptPoolOf = (
  input: Said,
  order: Order | null,
  registry?: NonNullable<KeptPool["workload"]>["registry"]
): KeptPool => {
  const { workload, candidates, ...pool } = poolOf(input, order)
  const { notSecret, clouds } = input
  return {
    ...pool,
    ...present({ candidates, notSecret, clouds }),
    ...(order && { workload: orderedWorkload(workload ?? {}, input, registry) })
  }
}

/** Writes the pool of an input down. */
export const run = async ({ gpu, signal }: OperationContext, input: Input): Promise<OrderRecord> => {
  const { name, size, for: time = usualJob, maxAllPerHour: _, holdFor: __, ...machine } = input
  const request = keptPoolOf(input, size === 0 ? null : orderOf({ ...machine, name, for: time }))
  return await (await gpu()).keepPool(request, { signal })
}

/** The order of a pool in JSON. */
export const encode = (order: OrderRecord): OrderJson => orderJson(order)
