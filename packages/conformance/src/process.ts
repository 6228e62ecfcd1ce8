import { type AnyProvider, CurrentLedger } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { VirtualTime, World } from "./harness.ts"
import { type WatchedLedger, watchLedger } from "./ledger.ts"

/** A process of the user's: one provider, on a ledger that outlives it. */
export interface Process {
  readonly provider: AnyProvider
  readonly watched: WatchedLedger
  run<A, E>(effect: Effect.Effect<A, E>, signal?: AbortSignal): Promise<Exit.Exit<A, E>>
  /** The process dies: nothing that it had under way goes on, and nothing is cleaned up. */
  kill(): void
}

/** Effect's clock over a virtual time; a dead process sleeps for ever. */
const clockOf = (time: VirtualTime, dead: () => boolean): Clock.Clock => {
  const millis = () => time.now()
  const nanos = () => BigInt(Math.floor(time.now())) * 1_000_000n
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Effect.suspend(() => {
        if (dead()) return Effect.never
        return Effect.promise((signal) => time.sleep(Math.ceil(Duration.toMillis(duration)), signal))
      }).pipe(Effect.flatMap(() => (dead() ? Effect.never : Effect.void)))
  }
}

/** Starts a process on a world. */
export const startProcess = (world: World, base: WatchedLedger["ledger"], secret = world.secret): Process => {
  let dead = false
  const clock = clockOf(world.time, () => dead)
  const watched = watchLedger(base)
  return {
    provider: world.connect(secret),
    watched,
    run: (effect, signal) =>
      Effect.runPromiseExit(
        effect.pipe(Effect.provideService(Clock.Clock, clock), Effect.provideService(CurrentLedger, watched.ledger)),
        signal && { signal }
      ),
    kill: () => {
      dead = true
    }
  }
}
