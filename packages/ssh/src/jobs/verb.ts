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

/** How long to wait before the machine is looked for again: at once first, five seconds at most. */
export const pauseAfter = (failures: number): number => (failures <= 1 ? 0 : Math.min(5000, 100 * 2 ** failures))

/**
 * Does what may be done twice again after a lost connection, for as long as the link's patience.
 *
 * - The patience begins anew with each success of the way.
 */
export const persistently = <A>(link: Link, work: Effect.Effect<A, SshError>): Effect.Effect<A, SshError> =>
  Effect.gen(function* () {
    const end = (yield* monotonicMillis) + Duration.toMillis(link.patience)
    for (let failures = 1; ; failures++) {
      const result = yield* Effect.result(work)
      if (result._tag === "Success") return result.success
      const pause = pauseAfter(failures)
      if (!isOfTheWay(result.failure) || (yield* monotonicMillis) + pause >= end) return yield* result.failure
      yield* Effect.sleep(pause)
    }
  })
