import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import * as References from "effect/References"
import * as Tracer from "effect/Tracer"
import { expect, test } from "vitest"
import { cloud, create, image, key, show } from "./adapter/fake-cloud.test-support.ts"
import { clockFrom } from "./clock.ts"
import { tinyCloud } from "./contract/tiny-cloud.test-support.ts"
import type { GpuError } from "./errors.ts"

interface Seen {
  readonly name: string
  readonly attributes: Record<string, unknown>
}

/** Runs with a tracer, a metric registry and a debug log of its own, and returns what they saw. */
const observed = async (effect: Effect.Effect<unknown, GpuError>) => {
  const spans: Tracer.NativeSpan[] = []
  const logs: unknown[] = []
  let time = 0
  const instant = {
    now: () => time,
    sleep: async (millis: number) => {
      time += millis
    }
  }
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const logger = Logger.make(({ message }) => void logs.push(message))
  const metrics = await Effect.exit(effect).pipe(
    Effect.andThen(Metric.snapshot),
    Effect.provideService(Metric.MetricRegistry, new Map()),
    Effect.provideService(Tracer.Tracer, tracer),
    Effect.provideService(Clock.Clock, clockFrom(instant)),
    Effect.provideService(References.MinimumLogLevel, "Debug"),
    Effect.provide(Logger.layer([logger])),
    Effect.runPromise
  )
  const shown = spans.map(({ name, attributes }): Seen => ({ name, attributes: Object.fromEntries(attributes) }))
  return { spans: shown, logs, metrics }
}

test("every request is a span of its own, with its attempt and outcome, and nothing secret", async () => {
  const { caller } = cloud([{ status: 429, headers: { "retry-after": "0" } }, { text: '{"new_contract":1}' }])
  const body = { ...image, env: { TOKEN: "a-secret-of-the-user" } }
  const { spans, logs, metrics } = await observed(caller.call(create, { params: { id: 7 }, body }))
  const common = { provider: "vast", operation: "launch", method: "PUT", path: "/api/v0/asks/{id}/" }
  expect(spans).toEqual([
    { name: "anygpu.http launch", attributes: { ...common, attempt: 1, outcome: "RateLimited" } },
    { name: "anygpu.http launch", attributes: { ...common, attempt: 2, outcome: "ok" } }
  ])
  expect(logs).toHaveLength(2)
  expect(metrics.map(({ id, attributes }) => `${id} ${attributes?.outcome}`).sort()).toEqual([
    "anygpu_attempts_seconds RateLimited",
    "anygpu_attempts_seconds ok",
    "anygpu_attempts_total RateLimited",
    "anygpu_attempts_total ok"
  ])
  const all = JSON.stringify({ spans, logs, metrics })
  expect(all).not.toContain(key)
  expect(all).not.toContain("a-secret-of-the-user")
})

test("operations are counted by provider, kind and outcome", async () => {
  const { provider } = tinyCloud({ machines: () => [] })
  const { spans, metrics } = await observed(Effect.andThen(Effect.ignore(provider.get("m1" as never)), provider.list()))
  const place = { provider: "test", kind: "container" }
  expect(spans.map(({ name, attributes }) => [name, attributes])).toEqual([
    ["anygpu.get", { ...place, operation: "get", outcome: "InvalidRequest" }],
    ["anygpu.list", { ...place, operation: "list", outcome: "ok" }]
  ])
  const counts = metrics.filter(({ id }) => id === "anygpu_operations_total")
  expect(counts.map(({ attributes }) => attributes)).toEqual([
    { ...place, operation: "get", outcome: "InvalidRequest" },
    { ...place, operation: "list", outcome: "ok" }
  ])
})

test("an aborted request is interrupted, not failed", async () => {
  const { caller } = cloud([{}], { transport: () => Effect.never })
  const { spans } = await observed(
    Effect.timeoutOrElse(caller.call(show, { params: { id: 1 } }), { duration: 5, orElse: () => Effect.succeed(null) })
  )
  expect(spans).toMatchObject([{ attributes: { outcome: "interrupted" } }])
})

test("where nobody traces there is no span, and every request is counted all the same", async () => {
  const spans: boolean[] = []
  const transport = () =>
    Effect.map(Effect.option(Effect.currentSpan), (span) => {
      spans.push(span._tag === "Some")
      return { status: 200, headers: {}, text: '{"instances":[]}' }
    })
  const { caller } = cloud([], { transport })
  const call = caller.call(show, { params: { id: 7 } })
  const metrics = await Effect.andThen(Effect.andThen(call, call), Metric.snapshot).pipe(
    Effect.provideService(Metric.MetricRegistry, new Map()),
    Effect.runPromise
  )
  expect(spans).toEqual([false, false])
  const counted = metrics.find(({ id }) => id === "anygpu_attempts_total")
  expect(counted).toMatchObject({ attributes: { operation: "get", outcome: "ok" }, state: { count: 2 } })
})
