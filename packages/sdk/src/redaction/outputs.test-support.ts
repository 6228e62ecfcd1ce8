import { inspect } from "node:util"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"

/** One text that somebody may come to see, and where it came from. */
export interface Output {
  readonly where: string
  readonly text: string
}

const everything = { depth: Number.POSITIVE_INFINITY, showHidden: true, maxStringLength: null, maxArrayLength: null }

const jsonOf = (value: unknown): string => {
  const seen = new WeakSet<object>()
  const plain = (_: string, inner: unknown): unknown => {
    if (typeof inner === "bigint") return String(inner)
    if (typeof inner !== "object" || inner === null) return inner
    if (seen.has(inner)) return "seen"
    seen.add(inner)
    return inner
  }
  return JSON.stringify(value, plain) ?? ""
}

/** Everything that can be read of a value: text, JSON, inspection with hidden fields and without our own words for it. */
const facesOf = (value: unknown): ReadonlyArray<string> => {
  const faces = [inspect(value, everything), inspect(value, { ...everything, customInspect: false }), jsonOf(value)]
  const own = value instanceof Error ? [String(value), value.message, value.stack ?? "", ...facesOf(value.cause)] : []
  return [...faces, ...own]
}

/** Collects what steps give back, throw, trace, log and count. */
export const collector = () => {
  const outputs: Output[] = []
  const ended: Array<readonly [step: string, outcome: string]> = []
  const spans: Tracer.NativeSpan[] = []
  const logs: unknown[] = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const show = (where: string, ...texts: ReadonlyArray<string>) => {
    for (const text of texts) outputs.push({ where, text })
  }

  /** Runs a step and keeps what comes of it; `isAsked` where its value is what the user asked for, secrets and all. */
  const step = <A, E>(name: string, effect: Effect.Effect<A, E>, isAsked = false): Effect.Effect<A | undefined> =>
    Effect.map(Effect.exit(effect), (exit) => {
      if (Exit.isSuccess(exit)) {
        ended.push([name, "ok"])
        if (!isAsked) show(`the value of ${name}`, ...facesOf(exit.value))
        return exit.value
      }
      const error: unknown = Cause.squash(exit.cause)
      ended.push([name, error instanceof Error ? error.name : "no error"])
      show(`the error of ${name}`, ...facesOf(error), ...facesOf(exit.cause), Cause.pretty(exit.cause))
      return undefined
    })

  /** Runs all steps with a tracer, a logger at debug level and metrics of its own, and keeps what those saw. */
  const observe = (flow: Effect.Effect<void>) =>
    Effect.andThen(flow, Metric.snapshot).pipe(
      Effect.andThen((metrics) => {
        for (const { name, attributes, events, links, status } of spans) {
          show(`the span ${name}`, ...facesOf({ name, attributes, events, links, status }))
        }
        for (const log of logs) show("a log line", ...facesOf(log))
        show("the metrics", ...facesOf(metrics))
        return Effect.void
      }),
      Effect.provideService(Metric.MetricRegistry, new Map()),
      Effect.provideService(Tracer.Tracer, tracer),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provide(Logger.layer([Logger.make(({ message, cause }) => void logs.push({ message, cause }))]))
    )

  return { outputs, ended, step, observe, show }
}
