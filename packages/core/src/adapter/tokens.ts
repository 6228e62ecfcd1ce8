import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { BeforeSending } from "../context/before-sending.ts"
import { CurrentDeadline } from "../context/deadline.ts"
import { CurrentPriority } from "../context/priority.ts"
import { monotonicMillis } from "../elapsed.ts"
import { type GpuError, mayHaveTakenEffect, withContext } from "../errors.ts"
import type { Caller } from "./caller.ts"
import { coalesce, FreshRead } from "./coalesce.ts"
import type { Redactor } from "./redact/redact.ts"

/** A token that a cloud gives for a while. */
export interface Token {
  readonly value: string
  /** How long it is taken, from the moment it was asked for. */
  readonly lifetime: Duration.Input
  /** By what the next one can be had without the keys, where the cloud gives such a thing. */
  readonly refresh?: string | undefined
}

/** How a cloud gives tokens that expire, and how its calls carry them. */
export interface Login {
  /**
   * Asks for a token: by the keys, or by the `refresh` of the last one.
   *
   * - The endpoint that it calls is `open`. That of a refresh is `repeat: "never"`: a refresh is good once, and one that
   *   fails, for whatever reason, is followed by a login by the keys.
   */
  readonly ask: (call: Caller["call"], refresh?: string) => Effect.Effect<Token, GpuError>
  /** The headers in which a call carries it. */
  readonly headers: (token: string) => Readonly<Record<string, string>>
}

/** The tokens of one account: one in use at most, renewed before it ends, and once for all calls that need it. */
export interface Tokens {
  /** The token for the next request. A failure says that nothing of the call itself was sent. */
  readonly current: Effect.Effect<string, GpuError>
  /** The cloud does not take this one any more, such as after it was revoked: the next call asks for another by the keys. */
  readonly refuse: (value: string) => void
  readonly headers: Login["headers"]
  /** Every token that may still be shown somewhere, refreshes among them. */
  readonly given: () => ReadonlyArray<string>
}

/** A token is renewed so long before its end, or within the last tenth of a short life. */
const margin = Duration.seconds(30)

/** Older tokens than these are forgotten: they expired long ago. */
const remembered = 16

/**
 * A login that failed, as the failure of the call that needed it: whatever became of the login, nothing of the call was
 * sent.
 */
const unsent = (error: GpuError): GpuError => {
  const message = `the cloud gave no token, and nothing else was sent: ${error.message}`
  return withContext(error, { message, ...(mayHaveTakenEffect(error) && { unclear: false }) })
}

/**
 * Makes the tokens of one account. Nothing is asked before the first call.
 *
 * - Calls that need a token while one is asked for wait for it, urgent ones among them: many cost one login.
 * - A login is nobody's create: neither the fence of a launch nor its deadline is looked at before the launch's own request.
 */
export const makeTokens = ({ ask, headers }: Login, call: Caller["call"]): Tokens => {
  let held: { readonly token: Token; readonly until: number } | null = null
  let given: ReadonlyArray<string> = []

  const renew = Effect.gen(function* () {
    const from = yield* monotonicMillis
    const refresh = held?.token.refresh
    const byKeys = Effect.suspend(() => ask(call))
    const token = yield* refresh === undefined ? byKeys : Effect.catch(ask(call, refresh), () => byKeys)
    const lifetime = Duration.toMillis(token.lifetime)
    held = { token, until: from + lifetime - Math.min(Duration.toMillis(margin), lifetime / 10) }
    given = [token.value, ...(token.refresh === undefined ? [] : [token.refresh]), ...given].slice(0, remembered)
    return token.value
  })
  const shared = coalesce(renew).pipe(
    Effect.provideService(CurrentPriority, "urgent"),
    Effect.provideService(FreshRead, false),
    Effect.provideService(BeforeSending, null),
    Effect.provideService(CurrentDeadline, null),
    Effect.mapError(unsent)
  )
  return {
    current: Effect.flatMap(monotonicMillis, (now) =>
      held !== null && now < held.until ? Effect.succeed(held.token.value) : shared
    ),
    refuse: (value) => {
      if (held?.token.value === value) held = null
    },
    headers,
    given: () => given
  }
}

/** A redactor that is made again whenever there are new tokens; without tokens it is made once. */
export const redactingTokens = (
  tokens: Tokens | undefined,
  make: (given: ReadonlyArray<string>) => Redactor
): Redactor => {
  if (tokens === undefined) return make([])
  let made: { readonly of: ReadonlyArray<string>; readonly redactor: Redactor } | undefined
  const now = (): Redactor => {
    const of = tokens.given()
    if (made?.of !== of) made = { of, redactor: make(of) }
    return made.redactor
  }
  return { text: (text) => now().text(text), json: (value) => now().json(value), error: (error) => now().error(error) }
}
