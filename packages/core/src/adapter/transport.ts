import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Network, Timeout } from "../errors.ts"
import type { OpenAnswer } from "./open-answer.ts"

/** The HTTP methods the clouds use. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** One HTTP request, ready to leave: everything in it is sent as it is. */
export interface WireRequest {
  readonly method: Method
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** For the whole call, the reading of the body included; for an open answer, until its headers. */
  readonly timeout: Duration.Duration
  /** The answer may stay open: how it is read then. A transport that does not know it waits for the end, or times out. */
  readonly open?: OpenAnswer
}

/** One HTTP answer, whatever its status. */
export interface WireResponse {
  readonly status: number
  /** Names in lower case; a header that came several times is joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** What ended an open answer on this side; absent where the cloud ended it. */
  readonly endedBy?: "enough" | "bytes" | "time" | "quiet" | undefined
}

/**
 * Sends one request once and reads the whole answer.
 *
 * - Never repeats, never follows a redirect, adds no header that gives the caller away (no `traceparent`).
 * - Interrupting the fiber aborts the exchange.
 * - An `open` answer is read as far as its limits go: what came by then is the answer.
 * - Fails with `Timeout` after `request.timeout`, measured on Effect's Clock.
 * - Fails with `Network`, whose `sent: "no"` promises that the cloud cannot have seen the request.
 */
export type Transport = (request: WireRequest) => Effect.Effect<WireResponse, Network | Timeout>
