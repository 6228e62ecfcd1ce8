import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** A clock in plain terms: what a simulator's virtual time, or a test, supplies. */
export interface PlainClock {
  /** Epoch milliseconds. */
  now(): number
  /**
   * Milliseconds of a clock that is never set, from any beginning: how long something takes is read from it.
   *
   * - Without it the time of `now` counts: a step back counts as no time. A step forward of `now` is
   *   then taken for time that has passed.
   */
  monotonic?(): number
  /** Resolves after so many milliseconds of this clock; rejects when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** What `now` has shown of clocks without a monotonic time, and how much of that was forward. */
const followed = new WeakMap<PlainClock, { last: number; passed: number }>()

const forwardOnly = (plain: PlainClock): number => {
  const now = plain.now()
  const before = followed.get(plain) ?? { last: now, passed: now }
  const passed = before.passed + Math.max(0, now - before.last)
  followed.set(plain, { last: now, passed })
  return passed
}

/** Why a sleep is aborted. One for all: to make an error for each would cost more than the sleep of a virtual clock. */
const interrupted = new DOMException("The sleep was interrupted", "AbortError")

/** A sleep on a plain clock, which is aborted when its fiber is interrupted. */
const sleepOn = (plain: PlainClock, milliseconds: number): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const controller = new AbortController()
    plain.sleep(milliseconds, controller.signal).then(
      () => resume(Effect.void),
      (error) => resume(Effect.die(error))
    )
    return Effect.sync(() => controller.abort(interrupted))
  })

/** A plain clock as Effect's: provide it and every wait, timeout and rate limit of this library runs on it. */
export const clockFrom = (plain: PlainClock): Clock.Clock => {
  const millis = () => plain.now()
  const nanos = () => BigInt(Math.round(plain.now() * 1e6))
  const monotonic = () => BigInt(Math.round((plain.monotonic?.() ?? forwardOnly(plain)) * 1e6))
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: monotonic,
    monotonicTimeNanos: Effect.sync(monotonic),
    sleep: (duration) => sleepOn(plain, Math.ceil(Duration.toMillis(duration)))
  }
}
