import { endpointsOf } from "@anygpu/core/adapter"
import * as wire from "./wire.ts"

/*
 * Every route as data. A path that begins with /unwritten/ is still to be written: with its method, its limit, its
 * source, and what a second sending does (`repeat`). A route that rents is `safe` only with an idempotency key.
 */

/** Where the routes are documented, and how often all of one may be called, where that is documented. */
const endpoint = endpointsOf({ source: "NewCloud API reference" })

export const endpoints = {
  /** What can be rented. */
  offers: endpoint({
    operation: "offers",
    method: "GET",
    path: "/unwritten/offers",
    answer: wire.Rows,
    repeat: "safe"
  }),
  /** Rents a machine. */
  rent: endpoint({
    operation: "rent",
    method: "POST",
    path: "/unwritten/rent",
    body: wire.RentBody,
    answer: wire.Rented,
    repeat: "refused-only",
    timeout: "1 minute"
  }),
  /** The machines of the account. */
  list: endpoint({
    operation: "list",
    method: "GET",
    path: "/unwritten/list",
    answer: wire.Rows,
    repeat: "safe"
  }),
  /** One machine. */
  show: endpoint({
    operation: "show",
    method: "GET",
    path: "/unwritten/show/{id}",
    answer: wire.OneMachine,
    repeat: "safe"
  }),
  /** Ends a machine. */
  end: endpoint({
    operation: "end",
    method: "DELETE",
    path: "/unwritten/end/{id}",
    answer: wire.Nothing,
    repeat: "safe"
  })
} as const
