import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"

/** A clock in plain terms: what a simulator's virtual time, or a test, supplies. */
export interface PlainClock {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after so many milliseconds of this clock; rejects when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** A plain clock as Effect's: provide it and every wait, timeout and rate limit of this library runs on it. */
export const clockFrom = (plain: PlainClock): Clock.Clock => {
  const millis = () => plain.now()
  const nanos = () => BigInt(Math.round(plain.now() * 1e6))
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => Effect.promise((signal) => plain.sleep(Math.ceil(Duration.toMillis(duration)), signal))
  }
}
