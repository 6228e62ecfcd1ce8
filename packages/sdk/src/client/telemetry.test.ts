import { clockFrom, type GpuError } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import type * as LogLevel from "effect/LogLevel"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { expect, test } from "vitest"
import { fates, request } from "../placement/placement.test-support.ts"
import { market } from "../testing/market.ts"
import type { Gpu } from "./gpu.ts"
import { makeGpu } from "./make-gpu.ts"

/** Runs calls of a client with a tracer, metrics and a log of its own, and returns what they saw. */
const observed = async (run: (gpu: Gpu) => Effect.Effect<unknown, GpuError>, level?: LogLevel.LogLevel) => {
  const { clouds, clock } = market(fates("no-capacity", "boots"))
  const spans: Tracer.NativeSpan[] = []
  const logs: unknown[] = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const call = Effect.exit(run(makeGpu({ clouds }))).pipe(
    Effect.andThen(Metric.snapshot),
    Effect.provideService(Metric.MetricRegistry, new Map()),
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provideService(Clock.Clock, clockFrom(clock)),
    Effect.provide(Logger.layer([Logger.make(({ message }) => void logs.push(message))]))
  )
  const metrics = await Effect.runPromise(level ? Effect.provideService(call, References.MinimumLogLevel, level) : call)
  return { spans, logs, metrics }
}

const launching = (gpu: Gpu) => gpu.launch(request)

test("every call is a span with its outcome, and what it asks of clouds is within it", async () => {
  const { spans } = await observed(launching)
  const [call] = spans
  expect(call).toMatchObject({ name: "anygpu.client.launch" })
  expect(call?.attributes.get("outcome")).toBe("ok")
  const within = spans.filter(({ traceId }) => traceId === call?.traceId).map(({ name }) => name)
  expect(within).toHaveLength(spans.length)
  expect(within).toEqual(expect.arrayContaining(["anygpu.offers", "anygpu.launch", "anygpu.get"]))
})

test("calls and operations are counted and timed by outcome", async () => {
  const { metrics } = await observed((gpu) =>
    Effect.andThen(gpu.compare({ job: request.job }), gpu.compare({ job: request.job, limit: 0 }))
  )
  const shown = metrics.map(({ id, attributes }) => `${id} ${attributes?.operation} ${attributes?.outcome}`)
  expect(shown.toSorted()).toEqual([
    "anygpu_calls_seconds compare InvalidRequest",
    "anygpu_calls_seconds compare ok",
    "anygpu_calls_total compare InvalidRequest",
    "anygpu_calls_total compare ok",
    "anygpu_operations_seconds offers ok",
    "anygpu_operations_total offers ok"
  ])
})

test("nothing is logged by default; at debug level every call and operation is, with its outcome", async () => {
  expect((await observed(launching)).logs).toEqual([])
  const { logs } = await observed(launching, "Debug")
  expect(logs).toContainEqual(["anygpu.launch", expect.objectContaining({ provider: "acme", outcome: "NoCapacity" })])
  expect(logs.at(-1)).toEqual(["anygpu.client.launch", expect.objectContaining({ operation: "launch", outcome: "ok" })])
})
