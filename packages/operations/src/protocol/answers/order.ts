import type { OrderRecord } from "anygpu"
import { z } from "zod"
import { momentJson, momentOrNull } from "../moment.ts"
import { time } from "../parts.ts"

/** An order of a launch, or of a pool. */
export const orderShape = z.object({
  id: z.string(),
  key: z.string().nullable().describe("the key of its launch, or pool:NAME; null once another order has it"),
  what: z.enum(["launch", "pool"]).describe("pool: it is kept, round after round, until it is ended or cancelled"),
  name: z.string().describe("what its machine is called, or the pool"),
  state: z
    .enum(["queued", "started", "placed", "failed", "cancelled"])
    .describe("queued: it waits for a keeper, or for capacity. started: a keeper is at it"),
  by: z.string().describe("whose it is"),
  orderedAt: time,
  until: time.nullable().describe("nothing is begun for it afterwards"),
  nextLookAt: time.nullable().describe("null once it is over"),
  looks: z.int().describe("how often a keeper began with it"),
  cancelling: z.boolean().describe("it is cancelled if no machine comes of what a keeper does at this moment"),
  clouds: z.array(z.string()).describe("where it may be; empty: on all clouds of the keeper"),
  machine: z.string().nullable().describe("the ref of its machine"),
  error: z
    .object({ tag: z.string(), message: z.string() })
    .nullable()
    .describe("why it failed, or what the last look failed with")
})

/** An order in JSON. */
export type OrderJson = z.output<typeof orderShape>

/** Orders, the oldest first. */
export const ordersShape = z.object({ orders: z.array(orderShape) })

/** Orders in JSON. */
export type OrdersJson = z.output<typeof ordersShape>

/** An order in JSON; what it asks for stays in the ledger. */
export const orderJson = (order: OrderRecord): OrderJson => {
  const { id, key, what, name, state, by, at, until, nextAt, looks, asked, clouds, ref, error } = order
  return {
    ...{ id, key, what, name, state, by, looks, machine: ref, error, clouds: [...clouds] },
    ...{ orderedAt: momentJson(at), until: momentOrNull(until), cancelling: asked === "cancel" },
    nextLookAt: state === "queued" || state === "started" ? momentJson(nextAt) : null
  }
}
