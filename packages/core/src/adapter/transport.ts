import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Network, Timeout } from "../errors.ts"

/** The HTTP methods the clouds use. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** One HTTP request, ready to leave: everything in it is sent as it is. */
export interface WireRequest {
  readonly method: Method
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole call, the reading of the body included. */
  readonly timeout: Duration.Duration
}

/** One HTTP answer, whatever its status. */
export interface WireResponse {
  readonly status: number
  /** Names in lower case; a header that came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/**
 * Sends one request once and reads the whole answer.
 *
 * - Never repeats, never follows a redirect, adds no header that gives the caller away (no `traceparent`).
 * - Interrupting the fiber aborts the exchange.
 * - Fails with `Timeout` after `request.timeout`, measured on Effect's Clock.
 * - Fails with `Network`, whose `sent: "no"` promises that the cloud cannot have seen the request.
 */
export type Transport = (request: WireRequest) => Effect.Effect<WireResponse, Network | Timeout>
