/**
 * The same SDK as Effects: the client is a service that a layer provides, errors are distinguished by their tags, a schedule
 * tries again, a lease lives in a scope, and every call and request is a span.
 *
 * The spans are printed. For OpenTelemetry, put `NodeSdk.layer` of `@effect/opentelemetry` in the place of `printedSpans`.
 * It is no dependency here: 4.1 marks all it exports as unstable, and it wants seven packages of OpenTelemetry beside it.
 */
import { clockFrom, formatMoney, type Gpu, makeGpu, money } from "anygpu/effect"
import * as Clock from "effect/Clock"
import * as Console from "effect/Console"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Tracer from "effect/Tracer"
import { openClouds } from "./clouds.ts"

class Clouds extends Context.Service<Clouds, Gpu>()("examples/Clouds") {}

class NothingFits extends Data.TaggedError("NothingFits")<{ readonly message: string }> {}

/** Rents the cheapest machine with so much memory, and gives its address while the scope is open. */
const rented = Effect.fn("rented")(function* (minVramMiB: number) {
  const gpu = yield* Clouds
  const startAt = new Date(yield* Clock.currentTimeMillis)
  const found = yield* gpu.compare({ kind: "container", minVramMiB, gpuCount: 1, job: { duration: "1 hour", startAt } })
  const [best] = found.candidates
  const [problem] = found.problems
  if (!best && problem) return yield* Effect.fail(problem.error)
  if (!best) return yield* new NothingFits({ message: `no container has ${minVramMiB} MiB` })
  yield* Console.log(`${best.offer.gpu?.model} of ${best.offer.provider}: ${formatMoney(best.cost.total)} for an hour`)
  const spec = { offer: best.offer, name: "effect", image: "pytorch/pytorch:latest", ports: [{ port: 8000 }] }
  const { ref } = yield* gpu.lease(spec, { ttl: "1 hour", maxTotal: money(3) })
  const { endpoints } = yield* gpu.waitUntilReady(ref)
  return { ref, endpoints }
})

const program = Effect.scoped(
  Effect.gen(function* () {
    const { ref, endpoints } = yield* rented(24_576)
    yield* Console.log(`${ref} is ready: ${endpoints.ports.map(({ host }) => host).join(", ") || "without ports"}`)
  })
).pipe(
  // A new comparison finds another offer; whatever else failed would fail again.
  Effect.retry({
    while: ({ _tag }) => _tag === "NoCapacity" || _tag === "NotFound",
    schedule: Schedule.max([Schedule.exponential("10 seconds"), Schedule.recurs(5)])
  }),
  Effect.catchTags({
    NothingFits: ({ message }) => Console.log(message),
    OutOfFunds: ({ message }) => Console.log(`too dear: ${message}`),
    Unauthenticated: ({ provider, message }) => Console.log(`check the key of ${provider}: ${message}`)
  })
)

const depthOf = (span: Tracer.AnySpan): number =>
  span._tag === "Span" && Option.isSome(span.parent) ? 1 + depthOf(span.parent.value) : 1

/** A tracer that prints each span when it ends, the deeper the further to the right. */
const printedSpans = Layer.succeed(
  Tracer.Tracer,
  Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      const end = span.end.bind(span)
      span.end = (endTime, exit) => {
        end(endTime, exit)
        const seconds = Math.round(Number(endTime - options.startTime) / 1e6) / 1000
        console.log(
          `${"  ".repeat(depthOf(span))}${span.name}: ${span.attributes.get("outcome") ?? exit._tag}, ${seconds} s`
        )
      }
      return span
    }
  })
)

const { clock, ...options } = (await openClouds({ rents: true })).options
const live = Layer.mergeAll(
  Layer.sync(Clouds, () => makeGpu(options)),
  Layer.succeed(Clock.Clock, clockFrom(clock)),
  printedSpans
)
await Effect.runPromise(Effect.provide(program, live))
