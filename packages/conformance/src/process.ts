import { type AnyProvider, CurrentLedger, clockFrom } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { VirtualTime, World } from "./harness.ts"
import { type WatchedLedger, watchLedger } from "./watched-ledger.ts"

/** A process of the user's: one provider, on a ledger that outlives it. */
export interface Process {
  readonly provider: AnyProvider
  readonly watched: WatchedLedger
  run<A, E>(effect: Effect.Effect<A, E>, signal?: AbortSignal): Promise<Exit.Exit<A, E>>
  /** The process dies: nothing that it had under way goes on, and nothing is cleaned up. */
  kill(): void
}

/** The computer's wall clock: by how many milliseconds it is ahead of the time that passes. */
export interface WallClock {
  ahead: number
}

/** Effect's clock over a virtual time; a dead process sleeps for ever. */
const clockOf = (time: VirtualTime, wall: WallClock, dead: () => boolean): Clock.Clock => {
  const clock = clockFrom({
    now: () => time.now() + wall.ahead,
    monotonic: () => time.now(),
    sleep: (ms, signal) => time.sleep(ms, signal)
  })
  const unlessDead = Effect.suspend(() => (dead() ? Effect.never : Effect.void))
  return {
    ...clock,
    sleep: (duration) => unlessDead.pipe(Effect.andThen(clock.sleep(duration)), Effect.andThen(unlessDead))
  }
}

/** Starts a process on a world. */
export const startProcess = (
  world: World,
  base: WatchedLedger["ledger"],
  wall: WallClock,
  secret = world.secret
): Process => {
  let dead = false
  const clock = clockOf(world.time, wall, () => dead)
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
