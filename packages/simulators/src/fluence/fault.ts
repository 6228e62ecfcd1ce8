import type { Fault } from "../kit/fault.ts"
import { type Incoming, isObject, type Reply } from "../kit/http.ts"
import { denied } from "./form.ts"
import { failed } from "./http.ts"

/**
 * What only a fault of Fluence does to a request.
 *
 * - `capacity`: a create loses what it wants to somebody else, in the words of its family, without effect.
 * - `unknown-status`: machines in the answer read a status this simulator never stores (default `MIGRATING`).
 */
export type FluenceEffect =
  | { readonly kind: "capacity" }
  | { readonly kind: "unknown-status"; readonly status?: string }

/** A fault to come. */
export type FluenceFault = Fault<FluenceEffect>

const withStatus = (row: unknown, status: string): unknown => {
  if (Array.isArray(row)) return row.map((item: unknown) => withStatus(item, status))
  if (!isObject(row)) return row
  const changed = ["status", "instance_status"].filter((name) => name in row).map((name) => [name, status])
  return { ...row, ...Object.fromEntries(changed) }
}

/** Ends a request by an effect of Fluence's own; `act` makes the request's effect take place, once. */
export const endBy = (effect: FluenceEffect, { url }: Incoming, act: () => Reply): Reply => {
  if (effect.kind === "capacity")
    return url.pathname.startsWith("/gpu/")
      ? denied("Selected plan is no longer available")
      : failed(422, "No suitable offer found")
  const reply = act()
  return "json" in reply ? { ...reply, json: withStatus(reply.json, effect.status ?? "MIGRATING") } : reply
}
