import type { CommonEffect, Fault } from "../kit/fault.ts"
import { type Incoming, isObject, type Reply, sentIn } from "../kit/http.ts"
import { noCapacity } from "./routes/deploy.ts"

/**
 * What only a fault of Huddle01 does to a request.
 *
 * - `capacity`: a deploy finds its capacity gone: 409, nothing was made.
 * - `unknown-status`: deployments in the answer read a status that no document knows.
 */
export type HuddleEffect = { readonly kind: "capacity" } | { readonly kind: "unknown-status"; readonly status?: string }

/** What a fault does to a request: what any cloud's can do, and Huddle01's own. */
export type HuddleFaultEffect = CommonEffect | HuddleEffect

/** A fault to come. Paths begin with `/api/v1`. */
export type HuddleFault = Fault<HuddleEffect>

/** Changes every row of an answer that has a status, however deep the envelope. */
const withStatus = (value: unknown, status: string): unknown => {
  if (Array.isArray(value)) return value.map((row) => withStatus(row, status))
  if (!isObject(value)) return value
  if ("status" in value) return { ...value, status }
  return "data" in value ? { ...value, data: withStatus(value.data, status) } : value
}

/** Ends a request by an effect of Huddle01's own; `act` makes the request's effect take place, once. */
export const endBy = (effect: HuddleEffect, incoming: Incoming, act: () => Reply): Reply => {
  if (effect.kind === "capacity") return noCapacity(String(sentIn(incoming).body.cluster_type ?? ""))
  const reply = act()
  return { ...reply, ...("json" in reply && { json: withStatus(reply.json, effect.status ?? "hibernating") }) }
}
