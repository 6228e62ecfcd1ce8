import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { momentOn } from "./elapsed.ts"
import type { GpuError } from "./errors.ts"

/** What is known of something that is observed: texts and numbers, never a secret. */
type Attributes = Readonly<Record<string, string | number>>

/** How it ended: `ok`, the tag of its error, or `interrupted`. */
const outcomeOf = (exit: Exit.Exit<unknown, GpuError>): string => {
  if (Exit.isSuccess(exit)) return "ok"
  if (Cause.hasInterrupts(exit.cause)) return "interrupted"
  const error: unknown = Cause.squash(exit.cause)
  return error instanceof Error && "_tag" in error ? String(error._tag) : "defect"
}

const boundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900]

/** What one level of the library counts and times. */
interface Instruments {
  readonly span: (attributes: Attributes) => string
  readonly count: Metric.Counter<number>
  readonly seconds: Metric.Histogram<number>
  /** The attributes that metrics keep apart; what is different every time belongs to the span only. */
  readonly keep: ReadonlyArray<string>
}

const instruments = (
  name: string,
  what: string,
  span: Instruments["span"],
  keep: Instruments["keep"]
): Instruments => ({
  span,
  keep,
  count: Metric.counter(`anygpu_${name}_total`, { description: `${what}, by outcome`, incremental: true }),
  seconds: Metric.histogram(`anygpu_${name}_seconds`, { description: `How long ${what} took`, boundaries })
})

const operations = instruments("operations", "operations of providers", ({ operation }) => `anygpu.${operation}`, [
  "provider",
  "kind",
  "operation"
])
const attempts = instruments("attempts", "single requests to clouds", ({ operation }) => `anygpu.http ${operation}`, [
  "provider",
  "operation",
  "method"
])

const calls = instruments("calls", "calls of a client", ({ operation }) => `anygpu.client.${operation}`, ["operation"])

/** The metrics of one level for the same attributes and outcome, made once. */
type Series = Pick<Instruments, "count" | "seconds">

const seriesOf = ({ count, seconds, keep }: Instruments, attributes: Attributes): ((outcome: string) => Series) => {
  const known = new Map<string, Series>()
  return (outcome) => {
    const found = known.get(outcome)
    if (found) return found
    const kept = { ...Object.fromEntries(keep.map((name) => [name, String(attributes[name])])), outcome }
    const made = { count: Metric.withAttributes(count, kept), seconds: Metric.withAttributes(seconds, kept) }
    known.set(outcome, made)
    return made
  }
}

/**
 * Gives effects their span, counts and times them, and logs their ends at debug level, which nobody sees by default.
 *
 * - Where nobody traces there is no span, and where nobody reads debug logs no message is made.
 * - Attributes that are different every time are given with the effect; metrics do not know them.
 */
const observe = (level: Instruments) => (always: Attributes) => {
  const series = seriesOf(level, always)
  const name = level.span(always)
  return <A>(effect: Effect.Effect<A, GpuError>, more?: Attributes): Effect.Effect<A, GpuError> =>
    Effect.withFiber((fiber) => {
      const clock = fiber.getRef(Clock.Clock)
      const isTraced = fiber.getRef(Tracer.Tracer) !== Tracer.nativeTracer
      const from = momentOn(clock).monotonic
      const observed = Effect.onExit(effect, (exit) => {
        const outcome = outcomeOf(exit)
        const took = (momentOn(clock).monotonic - from) / 1000
        const { count, seconds } = series(outcome)
        count.updateUnsafe(1, fiber.context)
        seconds.updateUnsafe(took, fiber.context)
        const isRead = !LogLevel.isGreaterThan(fiber.getRef(References.MinimumLogLevel), "Debug")
        const logged = isRead ? Effect.logDebug(name, { ...always, ...more, outcome, seconds: took }) : Effect.void
        return isTraced ? Effect.andThen(Effect.annotateCurrentSpan("outcome", outcome), logged) : logged
      })
      if (!isTraced) return observed
      // A tracer is handed what its span ends with: a cloud's answer, with variables and logs, is not for it to see.
      const hidden = Effect.map(observed, (answer) => () => answer)
      return Effect.map(Effect.withSpan(hidden, name, { attributes: { ...always, ...more } }), (answer) => answer())
    })
}

/** Observes an operation of a provider: `anygpu.<operation>`, `anygpu_operations_total`, `anygpu_operations_seconds`. */
export const observeOperation = observe(operations)

/** Observes the requests to a route of a cloud, repeats apart: `anygpu.http <operation>`, `anygpu_attempts_total` and `_seconds`. */
export const observeAttempt = observe(attempts)

/**
 * Observes a call of a client of several clouds, such as a comparison or a lease: `anygpu.client.<operation>`,
 * `anygpu_calls_total` and `_seconds`. What it asks of providers is within its span.
 */
export const observeCall = observe(calls)
