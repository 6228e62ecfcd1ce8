import type { OwnEffect } from "./fault.ts"
import { withWord } from "./fields.ts"
import type { Incoming, Reply } from "./http.ts"

/**
 * What a fault of most clouds does to a request, in the words of the cloud.
 *
 * - `capacity`: a create loses what it wants to somebody else, without effect.
 * - `unknown-status`: machines in the answer read a status that the simulator never stores; which, the cloud says.
 */
export type UsualEffect = { readonly kind: "capacity" } | { readonly kind: "unknown-status"; readonly status?: string }

/** How a cloud ends a request by an effect of its own; `act` makes the request's effect take place, once. */
export type EndBy<Own extends OwnEffect, W> = (effect: Own, incoming: Incoming, act: () => Reply, world: W) => Reply

/** An answer in which machines read a status that nobody knows, in the fields of these names. */
export const withStatus = (reply: Reply, fields: readonly string[], status: string): Reply =>
  "json" in reply ? { ...reply, json: withWord(reply.json, fields, status) } : reply

/** Ends requests by the usual effects: `fields` hold the status of a machine, `status` is what nobody knows. */
export const usualFaults =
  ({
    noCapacity,
    fields,
    status
  }: {
    readonly noCapacity: (incoming: Incoming) => Reply
    readonly fields: readonly string[]
    readonly status: string
  }): EndBy<UsualEffect, unknown> =>
  (effect, incoming, act) =>
    effect.kind === "capacity" ? noCapacity(incoming) : withStatus(act(), fields, effect.status ?? status)
