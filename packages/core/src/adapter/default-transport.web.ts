import * as Effect from "effect/Effect"
import { Network } from "../errors.ts"
import { fetchTransport } from "./fetch-transport.ts"
import type { Transport } from "./transport.ts"
import type { UndiciOptions } from "./undici-transport.ts"

/** The transport of the platform: undici on Node, `fetch` elsewhere. Each call makes one with connections of its own. */
export const defaultTransport = (): Transport => fetchTransport()

/** undici needs Node: here every request fails with `Network`, and nothing is sent. */
export const undiciTransport = (_options?: UndiciOptions): Transport => {
  return () =>
    Effect.fail(
      new Network({ message: "undici runs on Node only: use fetchTransport()", retry: "permanent", sent: "no" })
    )
}
