import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { BeforeSending } from "../context/before-sending.ts"
import { CurrentPriority } from "../context/priority.ts"
import { momentOn, monotonicMillis } from "../elapsed.ts"
import { type GpuError, RateLimited } from "../errors.ts"
import { CurrentAnswerWatch } from "./answer-time.ts"

/** At most `calls` requests may start in any span of `perSeconds` seconds. */
export interface Limit {
  readonly calls: number
  readonly perSeconds: number
  /**
   * The name of a budget of calls that several routes share, such as `account` where a cloud counts all calls under a key.
   * They wait in one queue, and rest together when the cloud refuses one. Absent where the limit is the route's own.
   */
  readonly shared?: string
}

/** The queue in which calls of a route wait. */
export const queueOf = (route: string, limit: Limit | undefined): string => limit?.shared ?? route

/** The turns of one account's calls, per route, or per budget of calls that routes share. */
export interface Limiter {
  /**
   * Waits until a call of the route may start, counts it as started, and answers what gives the turn back: for a call
   * that turned out never to have left.
   *
   * - First come, first served; those with `CurrentPriority` "urgent" come before all others.
   * - An interrupted wait leaves the queue and takes no turn.
   * - `BeforeSending` is looked at last, and what it says is the answer.
   * - Fails with `RateLimited` when the cloud wants the route left alone for longer than anybody should wait unawares, and
   *   when the caller's own deadline (`answeredWithin`) does not wait as long as the turn would take: `ownLimit` says
   *   whether it is the limit of this client that holds the call back.
   */
  readonly turn: (route: string, limit?: Limit) => Effect.Effect<() => void, GpuError>
  /**
   * The cloud refused a call: holds its whole queue ({@link queueOf}) back for `wait`, and keeps `interval` between calls from now on.
   *
   * - A wait beyond {@link longestRest} is cut to it, and one beyond {@link longestHold} holds back no urgent call.
   */
  readonly refused: (queue: string, wait: Duration.Duration, interval?: Duration.Duration) => Effect.Effect<void>
}

/** The longest time a caller is kept waiting without an error because the cloud said so. */
export const longestHold: Duration.Duration = Duration.minutes(2)

/** The longest time a route rests because the cloud said so: no document asks for more, and a wrong answer may ask for days. */
const longestRest: Duration.Duration = Duration.hours(1)

/** How long a route rests after a refusal that does not say how long, or says it beyond what an urgent call can wait. */
export const restUnlessTold: Duration.Duration = Duration.seconds(1)

/** Until when a wait that a cloud asks for is heeded: never for days, and by an end never longer than it can wait. */
export const heeded = (wait: Duration.Duration, urgency: "normal" | "urgent"): Duration.Duration => {
  if (urgency === "urgent" && Duration.isGreaterThan(wait, longestHold)) return restUnlessTold
  return Duration.min(wait, longestRest)
}

interface Waiter {
  readonly urgency: "normal" | "urgent"
  wake: () => void
}

/** Times are milliseconds of the monotonic clock. */
interface Route {
  readonly waiting: Array<Waiter>
  readonly starts: Array<number>
  readonly heldUntil: { normal: number; urgent: number }
  interval: number
}

const nowOn = (fiber: Fiber.Fiber<unknown, unknown>): number => momentOn(fiber.getRef(Clock.Clock)).monotonic

/** A little longer than the cloud says: its clock starts when a request arrives, ours when it leaves. */
const withMargin = (millis: number): number => millis + Math.min(500, Math.max(50, millis * 0.05))

const pause = (route: Route, limit: Limit | undefined, at: number, urgency: Waiter["urgency"]): number => {
  const last = route.starts.at(-1)
  const paced = last === undefined || route.interval === 0 ? 0 : last + withMargin(route.interval) - at
  const first = limit && route.starts.at(-limit.calls)
  const windowed = limit && first !== undefined ? first + withMargin(limit.perSeconds * 1000) - at : 0
  return Math.max(0, route.heldUntil[urgency] - at, paced, windowed)
}

/** When the turn of a call comes that has so many before it: in so many milliseconds, if nobody overtakes it. */
const untilTurn = (route: Route, limit: Limit | undefined, at: number, waiter: Waiter): number => {
  const before = route.waiting.indexOf(waiter)
  const starts = [...route.starts]
  let turn = at
  for (let call = 0; call <= before; call++) {
    turn += pause({ ...route, starts }, limit, turn, waiter.urgency)
    starts.push(turn)
  }
  return turn - at
}

/** `10 calls a minute`, `1 call in 3s`. */
const limitText = ({ calls, perSeconds }: Limit): string =>
  `${calls} call${calls === 1 ? "" : "s"} ${perSeconds === 60 ? "a minute" : `in ${Duration.format(Duration.seconds(perSeconds))}`}`

/** Whole seconds, rounded up: what is said is never too early. */
const inSeconds = (millis: number): Duration.Duration => Duration.seconds(Math.ceil(millis / 1000))

/** Makes the limiter of one account; `cloud` is what its errors call the other side. */
export const makeLimiter = (cloud = "the cloud"): Limiter => {
  const routes = new Map<string, Route>()

  const routeOf = (name: string): Route => {
    const known = routes.get(name)
    if (known) return known
    const heldUntil = { normal: Number.NEGATIVE_INFINITY, urgent: Number.NEGATIVE_INFINITY }
    const route: Route = { waiting: [], starts: [], heldUntil, interval: 0 }
    routes.set(name, route)
    return route
  }

  const enter = (route: Route, waiter: Waiter): void => {
    const isUrgent = waiter.urgency === "urgent"
    const firstNormal = isUrgent ? route.waiting.findIndex(({ urgency }) => urgency === "normal") : -1
    route.waiting.splice(firstNormal === -1 ? route.waiting.length : firstNormal, 0, waiter)
  }

  const leave = (route: Route, waiter: Waiter): void => {
    const place = route.waiting.indexOf(waiter)
    if (place === -1) return
    route.waiting.splice(place, 1)
    if (place === 0) route.waiting[0]?.wake()
  }

  /** Done when the waiter is the first: only the first sleeps, all others are woken when the one before them leaves. */
  const first = (route: Route, waiter: Waiter) =>
    Effect.callback<void>((resume) => {
      waiter.wake = () => resume(Effect.void)
      if (route.waiting[0] === waiter) waiter.wake()
    })

  /** What is shifted out is older than the window, and needs no place again when the start is taken back. */
  const start = (route: Route, limit: Limit | undefined, at: number) => {
    route.starts.push(at)
    if (route.starts.length > (limit?.calls ?? 1)) route.starts.shift()
    return () => {
      const place = route.starts.lastIndexOf(at)
      if (place !== -1) route.starts.splice(place, 1)
    }
  }

  /** The cloud's own wish. */
  const held = (millis: number): RateLimited => {
    const retryAfter = Duration.millis(millis)
    const message = `${cloud} asked to leave this route alone for another ${Duration.format(inSeconds(millis))}: call again then`
    return new RateLimited({ message, retry: "exhausted", retryAfter })
  }

  /** Nobody waits so long for the turn: why, and when it would come. */
  const notWaited = (name: string, limit: Limit | undefined, hold: number, wait: number): RateLimited => {
    if (!limit || hold >= wait) return held(hold)
    const whose = `this client's own rate limit of ${limitText(limit)}, as ${cloud} documents it`
    const message = `${name} was not sent, because of ${whose}: the next call is possible in ${Duration.format(inSeconds(wait))}`
    return new RateLimited({ message, retry: "exhausted", retryAfter: Duration.millis(wait), ownLimit: true })
  }

  const queue = Effect.fnUntraced(function* (route: Route, waiter: Waiter, limit: Limit | undefined) {
    while (true) {
      yield* first(route, waiter)
      const at = yield* monotonicMillis
      const hold = route.heldUntil[waiter.urgency] - at
      if (hold > Duration.toMillis(longestHold)) return yield* held(hold)
      const wait = pause(route, limit, at, waiter.urgency)
      // An urgent call may have come in between: then that one is first.
      if (wait > 0) yield* Effect.sleep(Math.ceil(wait))
      else if (route.waiting[0] === waiter) return start(route, limit, at)
    }
  })

  const wait = Effect.fnUntraced(function* (name: string, route: Route, limit: Limit | undefined) {
    const urgency = yield* CurrentPriority
    const watch = yield* CurrentAnswerWatch
    const at = yield* monotonicMillis
    const waiter: Waiter = { urgency, wake: () => {} }
    let end = () => {}
    return yield* Effect.suspend(() => {
      enter(route, waiter)
      const turn = watch ? untilTurn(route, limit, at, waiter) : 0
      if (watch && turn > watch.turnsLeft()) {
        return Effect.fail(notWaited(name, limit, route.heldUntil[urgency] - at, turn))
      }
      end = watch ? watch.begin("turn") : end
      return queue(route, waiter, limit)
    }).pipe(
      Effect.ensuring(
        Effect.sync(() => {
          end()
          leave(route, waiter)
        })
      )
    )
  })

  return {
    turn: (name, limit) =>
      Effect.withFiber((fiber) => {
        const at = nowOn(fiber)
        const route = routeOf(queueOf(name, limit))
        const mayLeave = fiber.getRef(BeforeSending)
        const leaves = (giveBack: () => void) => (mayLeave ? Effect.as(mayLeave, giveBack) : Effect.succeed(giveBack))
        // Nobody waits and nothing is to be waited for: most calls need no queue.
        if (route.waiting.length > 0 || pause(route, limit, at, fiber.getRef(CurrentPriority)) > 0) {
          return Effect.flatMap(wait(name, route, limit), leaves)
        }
        return leaves(start(route, limit, at))
      }),
    refused: Effect.fnUntraced(function* (name, wait, interval) {
      const route = routeOf(name)
      const at = yield* monotonicMillis
      for (const urgency of ["normal", "urgent"] as const) {
        const until = at + Duration.toMillis(heeded(wait, urgency))
        route.heldUntil[urgency] = Math.max(route.heldUntil[urgency], until)
      }
      if (interval !== undefined && Duration.isLessThanOrEqualTo(interval, longestHold)) {
        route.interval = Math.max(route.interval, Duration.toMillis(interval))
      }
    })
  }
}
