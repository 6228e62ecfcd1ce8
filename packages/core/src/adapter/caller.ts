import * as Effect from "effect/Effect"
import type * as z from "zod"
import { defaultTransport } from "#default-transport"
import { type BadResponse, type GpuError, withContext } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import { parseBaseUrl } from "./base-url.ts"
import { type Account, call } from "./call.ts"
import type { CallInput } from "./call-request.ts"
import type { CallerConfig } from "./caller-config.ts"
import { decodeRows, type Rows } from "./decode.ts"
import type { AnswerOf, CallArgs, Endpoint } from "./endpoint.ts"
import { makeLimiter } from "./limiter.ts"
import { makePollText, type PollText } from "./poll-text.ts"
import { makeRedactor } from "./redact/redact.ts"
import { makeRoutes } from "./route.ts"
import { makeTokens, redactingTokens } from "./tokens.ts"

/** One account's way to a cloud. */
export interface Caller {
  readonly provider: string
  /**
   * Calls an endpoint: checks the input, waits for the route's turn, sends, classifies, decodes, and repeats where
   * the endpoint allows it.
   *
   * - `InvalidRequest` with the path of each wrong value, before anything is sent.
   * - Every error carries provider, operation, kind, the request without query values, and the request id; no secrets.
   */
  readonly call: <E extends Endpoint>(endpoint: E, ...args: CallArgs<E>) => Effect.Effect<AnswerOf<E>, GpuError>
  readonly pollText: PollText
  /** Decodes a list row by row: each unreadable part is a problem; only an answer that is not a list fails (`BadResponse`). */
  readonly rows: <A>(
    schema: z.ZodType<A>,
    raw: unknown,
    at: { readonly part: string; readonly operation: string; readonly kind?: Kind; readonly id?: string }
  ) => Effect.Effect<Rows<A>, BadResponse>
}

/**
 * Makes the way to a cloud for one account. Limits are counted per caller.
 *
 * - Throws `InvalidRequest` for an invalid `baseUrl`, or one that would show the key to others.
 */
export const makeCaller = (config: CallerConfig): Caller => {
  const { provider, secrets, transport = defaultTransport() } = config
  const base = parseBaseUrl(config.baseUrl)
  const root = base.href.replace(/\/$/, "")
  const plain: Account = { ...config, root, transport, limiter: makeLimiter(provider), routeOf: makeRoutes(provider) }
  const callOn = (account: Account): Caller["call"] => {
    return (endpoint, ...[input]) =>
      Effect.suspend(() => call(account, endpoint, (input ?? {}) as CallInput)) as Effect.Effect<
        AnswerOf<typeof endpoint>,
        GpuError
      >
  }
  const tokens = config.login && makeTokens(config.login, callOn(plain))
  const redactor = redactingTokens(tokens, (given) => makeRedactor([...secrets, ...given]))
  return {
    provider,
    call: callOn(tokens ? { ...plain, tokens } : plain),
    pollText: makePollText({ provider, base, transport, secrets: () => [...secrets, ...(tokens?.given() ?? [])] }),
    rows: (schema, raw, { part, operation, kind, id }) =>
      Effect.fromResult(
        decodeRows(schema, raw, { provider, operation, part, kind, id }, (error) =>
          redactor.error(withContext(error, { provider, operation, kind }))
        )
      )
  }
}
