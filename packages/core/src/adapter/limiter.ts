import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import { BeforeSending } from "../context/before-sending.ts"
import { CurrentPriority } from "../context/priority.ts"
import { momentOn, monotonicMillis } from "../elapsed.ts"
import { type GpuError, RateLimited } from "../errors.ts"
import { CurrentAnswerWatch } from "./answer-time.ts"
import { eachOf, heeded, type Limit, type Limits, longestHold, queueOf } from "./limit.ts"
import { enter, leave, makeQueue, pause, type Queue, start, untilFirst, untilTurn, type Waiter } from "./queue.ts"

/** The turns of one account's calls, per route, or per budget of calls that routes share. */
export interface Limiter {
  /**
   * Waits until a call of the route may start, counts it as started, and answers what gives the turn back: for a call
   * that turned out never to have left.
   *
   * - First come, first served; those with `CurrentPriority` "urgent" come before all others.
   * - An interrupted wait leaves the queue and takes no turn.
   * - `BeforeSending` is looked at last, and what it says is the answer.
   * - Of a route with several limits it waits for its own first, and then for those that it shares.
   * - Fails with `RateLimited` when the cloud wants the route left alone for longer than anybody should wait unawares, and
   *   when the caller's own deadline (`answeredWithin`) does not wait as long as the turn would take: `ownLimit` says
   *   whether it is the limit of this client that holds the call back.
   */
  readonly turn: (route: string, limits?: Limits) => Effect.Effect<() => void, GpuError>
  /**
   * The cloud refused a call: holds its whole queue ({@link queueOf}) back for `wait`, and keeps `interval` between calls from now on.
   *
   * - A wait beyond {@link longestRest} is cut to it, and one beyond {@link longestHold} holds back no urgent call.
   */
  readonly refused: (queue: string, wait: Duration.Duration, interval?: Duration.Duration) => Effect.Effect<void>
}

const nowOn = (fiber: Fiber.Fiber<unknown, unknown>): number => momentOn(fiber.getRef(Clock.Clock)).monotonic

/** `10 calls a minute`, `1 call in 3s`. */
const limitText = ({ calls, perSeconds }: Limit): string =>
  `${calls} call${calls === 1 ? "" : "s"} ${perSeconds === 60 ? "a minute" : `in ${Duration.format(Duration.seconds(perSeconds))}`}`

/** Whole seconds, rounded up: what is said is never too early. */
const inSeconds = (millis: number): Duration.Duration => Duration.seconds(Math.ceil(millis / 1000))

/** The error of a call that the cloud wants held back for longer than a caller waits. */
const heldBack = (cloud: string, millis: number): RateLimited => {
  const retryAfter = Duration.millis(millis)
  const message = `${cloud} asked to leave this route alone for another ${Duration.format(inSeconds(millis))}: call again then`
  return new RateLimited({ message, retry: "exhausted", retryAfter })
}

/** The error of a call whose turn comes later than its caller waits: why, and when it would come. */
const notWaited = (cloud: string, name: string, limit: Limit | undefined, hold: number, wait: number): RateLimited => {
  if (!limit || hold >= wait) return heldBack(cloud, hold)
  const whose = `this client's own rate limit of ${limitText(limit)}, as ${cloud} documents it`
  const message = `${name} was not sent, because of ${whose}: the next call is possible in ${Duration.format(inSeconds(wait))}`
  return new RateLimited({ message, retry: "exhausted", retryAfter: Duration.millis(wait), ownLimit: true })
}

/** Waits in a queue until the call may start, and counts it as started. */
const untilStart = Effect.fnUntraced(function* (cloud: string, queue: Queue, waiter: Waiter, limit: Limit | undefined) {
  while (true) {
    yield* untilFirst(queue, waiter)
    const at = yield* monotonicMillis
    const hold = queue.heldUntil[waiter.urgency] - at
    if (hold > Duration.toMillis(longestHold)) return yield* heldBack(cloud, hold)
    const wait = pause(queue, limit, at, waiter.urgency)
    // An urgent call may have come in between: then that one is first.
    if (wait > 0) yield* Effect.sleep(Math.ceil(wait))
    else if (queue.waiting[0] === waiter) return start(queue, limit, at)
  }
})

/** Queues a call, unless its caller does not wait as long as that takes. */
const inQueue = Effect.fnUntraced(function* (cloud: string, name: string, queue: Queue, limit: Limit | undefined) {
  const urgency = yield* CurrentPriority
  const watch = yield* CurrentAnswerWatch
  const at = yield* monotonicMillis
  const waiter: Waiter = { urgency, wake: () => {} }
  let end = () => {}
  return yield* Effect.suspend(() => {
    enter(queue, waiter)
    const turn = watch ? untilTurn(queue, limit, at, waiter) : 0
    if (watch && turn > watch.turnsLeft()) {
      return Effect.fail(notWaited(cloud, name, limit, queue.heldUntil[urgency] - at, turn))
    }
    end = watch ? watch.begin("turn") : end
    return untilStart(cloud, queue, waiter, limit)
  }).pipe(
    Effect.ensuring(
      Effect.sync(() => {
        end()
        leave(queue, waiter)
      })
    )
  )
})

/** Lets a queue rest until `wait` is over, and keeps `interval` between its calls from now on. */
const rest = (queue: Queue, at: number, wait: Duration.Duration, interval: Duration.Duration | undefined): void => {
  for (const urgency of ["normal", "urgent"] as const) {
    const until = at + Duration.toMillis(heeded(wait, urgency))
    queue.heldUntil[urgency] = Math.max(queue.heldUntil[urgency], until)
  }
  if (interval !== undefined && Duration.isLessThanOrEqualTo(interval, longestHold)) {
    queue.interval = Math.max(queue.interval, Duration.toMillis(interval))
  }
}

type Turn = Effect.Effect<() => void, GpuError>

/**
 * The turns of a call that counts against several limits: its own first, so that a long wait for it keeps nobody else from
 * the shared ones. All count as started when the last one lets it start.
 */
const allTurns = Effect.fnUntraced(function* (
  limits: ReadonlyArray<Limit | undefined>,
  turnIn: (limit: Limit | undefined) => Turn,
  startNow: (limit: Limit | undefined) => () => void
) {
  const taken: Array<() => void> = []
  const giveBack = () => {
    for (const back of taken.splice(0)) back()
  }
  for (const limit of limits.toReversed()) {
    taken.push(
      yield* Effect.onExit(turnIn(limit), (exit) => (Exit.isFailure(exit) ? Effect.sync(giveBack) : Effect.void))
    )
  }
  giveBack()
  taken.push(...limits.map(startNow))
  return giveBack
})

/** Makes the limiter of one account; `cloud` is what its errors call the other side. */
export const makeLimiter = (cloud = "the cloud"): Limiter => {
  const queues = new Map<string, Queue>()
  const queueBy = (name: string): Queue => {
    const queue = queues.get(name) ?? makeQueue()
    queues.set(name, queue)
    return queue
  }
  return {
    turn: (name, given) =>
      Effect.withFiber((fiber) => {
        const limits = eachOf(given)
        const mayLeave = fiber.getRef(BeforeSending)
        const startNow = (limit: Limit | undefined) => start(queueBy(queueOf(name, limit)), limit, nowOn(fiber))
        const turnIn = (limit: Limit | undefined): Turn => {
          const queue = queueBy(queueOf(name, limit))
          // Nobody waits and nothing is to be waited for: most calls need no queue.
          const isFree =
            queue.waiting.length === 0 && pause(queue, limit, nowOn(fiber), fiber.getRef(CurrentPriority)) <= 0
          return isFree ? Effect.succeed(startNow(limit)) : inQueue(cloud, name, queue, limit)
        }
        const turn =
          limits.length > 1
            ? allTurns(limits, (limit) => Effect.suspend(() => turnIn(limit)), startNow)
            : turnIn(limits[0])
        return mayLeave ? Effect.flatMap(turn, (giveBack) => Effect.as(mayLeave, giveBack)) : turn
      }),
    refused: (name, wait, interval) => Effect.map(monotonicMillis, (at) => rest(queueBy(name), at, wait, interval))
  }
}
