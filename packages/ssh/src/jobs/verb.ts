import { monotonicMillis } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { SshError } from "../failures.ts"
import type { Link } from "../link.ts"
import { attempt, runScript } from "../process.ts"
import { quote } from "../shell/quote.ts"
import { orLost, readAll } from "../streams.ts"
import { supervisor } from "./supervisor.ts"

/** The script of one verb. `before` is run first, such as what sets variables. */
export const verbScript = (words: ReadonlyArray<string>, before: ReadonlyArray<string> = []): string =>
  [supervisor, ...before, `anygpu_main ${words.map(quote).join(" ")}`].join("\n")

/** What a verb answered. */
export interface Answer {
  readonly errors: string
  readonly code: number | null
}

/** Runs a verb and waits for its end. */
export const runVerb = (link: Link, script: string): Effect.Effect<Answer, SshError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const [channel, { lost }] = yield* runScript(link, script)
      channel.stdin.end()
      channel.stdout.resume()
      return yield* attempt(link, async () => {
        const errors = readAll(channel.stderr)
        const { code } = await channel.exit
        return { errors: (await orLost(errors, lost)).toString("utf8"), code }
      })
    })
  )

/** Whether a failure is of the way to the machine, which may be there again. */
export const isOfTheWay = ({ _tag, retry }: SshError): boolean =>
  _tag === "ConnectionLost" || (_tag === "Unreachable" && retry === "temporary")

/** How long failures may follow each other, and what of it is over. */
export interface Patience {
  /** Notes a failure after a contact that began at this moment, or none; answers the pause before the next try, or null for no more. */
  readonly after: (now: number, contactSince: number | null, progress?: boolean) => number | null
}

/**
 * Counts from the first of several failures in a row.
 *
 * - Progress, or a contact that lasted a while, begins a new row: a wait of an hour that is lost was no failure until then.
 */
export const makePatience = (link: Link, began: number): Patience => {
  const patience = Duration.toMillis(link.patience)
  const aWhile = Math.min(5000, patience / 2)
  let since = began
  let failures = 0
  return {
    after: (now, contactSince, progress = false) => {
      if (progress || (contactSince !== null && now - contactSince > aWhile)) {
        since = now
        failures = 0
      }
      failures++
      const pause = failures === 1 ? 0 : Math.min(5000, 100 * 2 ** failures)
      return now + pause - since >= patience ? null : pause
    }
  }
}

/** Does what may be done twice again after a lost connection, for as long as the link's patience. */
export const persistently = <A>(link: Link, work: Effect.Effect<A, SshError>): Effect.Effect<A, SshError> =>
  Effect.gen(function* () {
    const patience = makePatience(link, yield* monotonicMillis)
    for (;;) {
      let contactSince: number | null = null
      const withContact = Effect.gen(function* () {
        yield* link.connection
        contactSince = yield* monotonicMillis
        return yield* work
      })
      const result = yield* Effect.result(withContact)
      if (result._tag === "Success") return result.success
      const pause = patience.after(yield* monotonicMillis, contactSince)
      if (!isOfTheWay(result.failure) || pause === null) return yield* result.failure
      yield* Effect.sleep(pause)
    }
  })
