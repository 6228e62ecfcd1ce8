import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type GpuError, InvalidRequest, Timeout, withContext } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import { isLoopback } from "./base-url.ts"
import { makeRedactor, type Secret } from "./redact/redact.ts"
import type { Transport, WireRequest } from "./transport.ts"

/** How a text that is still being uploaded is waited for. */
export interface PollTextOptions {
  /** The pause between two tries. */
  readonly every: Duration.Input
  /** The longest the whole wait may take. */
  readonly within: Duration.Input
  readonly operation: string
  readonly kind?: Kind
}

/**
 * Gets a text a cloud uploads to another host, such as a log, as soon as it is there.
 *
 * - Sends no header of the account: the host is somebody else's. The URL's query is a secret and in no error.
 * - Every answer but 200 and every lost connection means "not yet"; `Timeout` when it never comes.
 * - https only, and http on this machine where the cloud itself is there; else `InvalidRequest`.
 */
export type PollText = (url: string, options: PollTextOptions) => Effect.Effect<string, GpuError>

/** Makes the {@link PollText} of one account. */
export const makePollText =
  (account: {
    readonly provider: string
    readonly base: URL
    readonly transport: Transport
    /** Asked for at each text: there may be new tokens. */
    readonly secrets: () => ReadonlyArray<Secret>
  }): PollText =>
  (given, { every, within, operation, kind }) => {
    const limit = Duration.fromInputUnsafe(within)
    const url = URL.canParse(given) ? new URL(given) : undefined
    const values = url ? [url.search.slice(1), ...url.searchParams.values()].filter((value) => value.length >= 8) : []
    const redactor = makeRedactor(account.secrets(), { texts: values })
    const local = url?.protocol === "http:" && isLoopback(url) && account.base.protocol === "http:"
    const http = url && { method: "GET", url: url.origin + url.pathname }
    const inform = (error: GpuError) =>
      redactor.error(withContext(error, { provider: account.provider, operation, kind, http }))
    if (!url || !(url.protocol === "https:" || local)) {
      return Effect.fail(inform(InvalidRequest.of("url", "the cloud gave an address that is not https")))
    }

    let last = "no answer yet"
    const request: WireRequest = { method: "GET", url: url.href, headers: {}, timeout: limit }
    const attempt = Effect.suspend(() => account.transport(request)).pipe(
      Effect.map(({ status, text }) => {
        last = `the last answer was ${status}`
        return status === 200 ? { text } : undefined
      }),
      Effect.catch((error) => {
        last = error.message
        return error.retry === "temporary" ? Effect.void : Effect.fail(error)
      })
    )
    const poll = Effect.gen(function* () {
      while (true) {
        const ready = yield* attempt
        if (ready) return ready.text
        yield* Effect.sleep(every)
      }
    })
    return poll.pipe(
      Effect.timeoutOrElse({
        duration: limit,
        orElse: () => {
          const message = `${operation}: the text was not ready within ${Duration.format(limit)} (${last}): ask again later`
          return Effect.fail(new Timeout({ message, retry: "temporary", after: limit }))
        }
      }),
      Effect.mapError(inform)
    )
  }
