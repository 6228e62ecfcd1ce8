import {
  type AnyProvider,
  type GpuError,
  InvalidRequest,
  type Listing,
  MachinesAlone,
  monotonicMillis,
  Timeout
} from "@anygpu/core"
import type * as Cause from "effect/Cause"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Change } from "./change.ts"
import { failedLook, isMoving, isRefusal, type Known, type Look, listedLook, nothingKnown } from "./look.ts"
import { paceOf, type WatchOptions, watchIssues } from "./options.ts"
import { intervalAfter, nextLook } from "./pace.ts"

/** A list that takes longer than this is said to be stale, and goes on. */
const overdue = Duration.minutes(5)

/** The longest time that the errors of a look ask to be left alone, in milliseconds. */
const askedPause = (errors: ReadonlyArray<GpuError>): number =>
  Math.max(
    0,
    ...errors.map((error) =>
      error._tag === "RateLimited" && error.retryAfter ? Duration.toMillis(error.retryAfter) : 0
    )
  )

const errorsOf = (answer: Result.Result<Listing<unknown>, GpuError>): ReadonlyArray<GpuError> =>
  Result.isFailure(answer) ? [answer.failure] : answer.success.problems.map(({ error }) => error)

/** What the providers of one watch share. */
interface Watch {
  readonly options: WatchOptions
  readonly origin: number
  readonly queue: Queue.Enqueue<Change, GpuError | Cause.Done>
  readonly providers: ReadonlyArray<AnyProvider>
  /** Those that refused the key at their last look and have never answered. */
  readonly refusedBy: Set<AnyProvider>
}

/** A look asks for the pages of the list, and for nothing besides. */
const machinesAlone = (provider: AnyProvider) => Effect.provideService(provider.list(), MachinesAlone, true)

/** Looks at one provider again and again, and puts the changes into the queue; waits while nobody takes them. */
const watchOne = Effect.fnUntraced(function* (
  provider: AnyProvider,
  { options, origin, queue, providers, refusedBy }: Watch
): Effect.fn.Return<never, GpuError> {
  const pace = paceOf(provider, options, origin)
  const bootWithin = Duration.toMillis(provider.timing.bootWithin)
  let known: Known = nothingKnown
  let calm = 0

  const say = (look: Look) => {
    known = look.known
    return Queue.offerAll(queue, look.changes)
  }

  const lookAt = Effect.fnUntraced(function* () {
    const listing = yield* Effect.forkChild(Effect.result(machinesAlone(provider)))
    const inTime = yield* Effect.timeoutOption(Fiber.join(listing), overdue)
    if (Option.isSome(inTime)) return inTime.value
    const message = `${provider.provider} has not listed its ${provider.kind} machines for ${Duration.format(overdue)}; the list is still awaited`
    const about = { provider: provider.provider, kind: provider.kind, operation: "list" }
    const error = new Timeout({ ...about, message, retry: "temporary", after: overdue })
    yield* say(failedLook(known, error, provider, yield* DateTime.now))
    return yield* Fiber.join(listing)
  })

  for (;;) {
    const begun = yield* monotonicMillis
    const answer = yield* lookAt()
    const at = yield* DateTime.now
    const isRefused = Result.isFailure(answer) && isRefusal(answer.failure)
    if (isRefused && !known.answered) refusedBy.add(provider)
    else refusedBy.delete(provider)
    if (Result.isFailure(answer) && refusedBy.size === providers.length) return yield* Effect.fail(answer.failure)
    const look = Result.isSuccess(answer)
      ? listedLook(known, answer.success, provider, options.initial ?? true)
      : failedLook(known, answer.failure, provider, at)
    const ended = yield* monotonicMillis
    const isNews = look.changes.length > 0 || isMoving(look.known, at.epochMilliseconds, bootWithin)
    calm = isRefused ? Number.POSITIVE_INFINITY : Result.isSuccess(answer) && isNews ? 0 : calm + 1
    yield* say(look)
    const next = nextLook(pace, {
      begun,
      ended,
      interval: intervalAfter(pace, calm),
      notBefore: ended + askedPause(errorsOf(answer))
    })
    yield* Effect.sleep(Math.max(0, next - (yield* monotonicMillis)))
  }
})

/**
 * What changes on the accounts, as it changes: machines that appear and vanish, their status, endpoints, billing and
 * price, and clouds that cannot be asked for a while.
 *
 * - It looks at lists, never at single machines: the requests of a look do not grow with the machines beyond the pages.
 * - While something boots, stops or ends a cloud is looked at as often as `timing.pollEvery` says; when nothing changes,
 *   less and less, down to once a minute. The rate limits hold as for every call, and a `retryAfter` is waited out.
 * - Each cloud and kind is watched on its own: one that is slow or down holds up no other.
 * - An outage is said (`stale`), what was known is kept, and after `resumed` come the differences: nothing is lost, and
 *   nothing is said twice. What came and went between two looks is not seen.
 * - A refused key (`Unauthenticated`, `PermissionDenied`) is `stale` too, and asked for again once a minute: machines
 *   that are known may go on costing money, and clouds refuse good keys now and then. Only when every provider refuses
 *   the key before any has answered does the watch fail.
 * - A slow reader is waited for: the next look comes later and finds all that changed until then. At
 *   most one look per provider is kept.
 * - `InvalidRequest`, and nothing is sent, when an option is wrong or there is no provider.
 */
export const watchWith = (
  providers: ReadonlyArray<AnyProvider>,
  options: WatchOptions = {}
): Stream.Stream<Change, GpuError> => {
  const issues = watchIssues(providers, options)
  if (issues.length > 0) return Stream.fail(InvalidRequest.all(issues))
  return Stream.callback<Change, GpuError>(
    Effect.fnUntraced(function* (queue) {
      const origin = yield* monotonicMillis
      const watch: Watch = { options, origin, queue, providers, refusedBy: new Set() }
      const each = (provider: AnyProvider) => watchOne(provider, watch)
      return yield* Effect.forEach(providers, each, { concurrency: "unbounded", discard: true })
    }),
    { bufferSize: 1, strategy: "suspend" }
  )
}
