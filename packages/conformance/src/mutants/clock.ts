import type { AnyProvider, Instance } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Mutant, mutant } from "./mutant.ts"

/** Runs on a clock whose monotonic time is the wall clock's: what takes time is measured by a clock that people set. */
const byTheWallClock = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.clockWith((clock) =>
    Effect.provideService(effect, Clock.Clock, {
      ...clock,
      monotonicTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe(),
      monotonicTimeNanos: clock.currentTimeNanos
    })
  )

/** A machine as if it were seen when another read is over. */
const observedNow = (provider: AnyProvider, machine: Instance): Effect.Effect<Instance> =>
  Effect.ignore(provider.offers()).pipe(
    Effect.andThen(DateTime.now),
    Effect.map((observedAt) => ({ ...machine, observedAt }))
  )

/** Providers that trust the wall clock, or say a wrong time. */
export const clockMutants: ReadonlyArray<Mutant> = [
  mutant(
    "as old as its last request",
    "get: a machine is as old as the answer that shows it, by itself and on the list, whatever is read besides",
    "Says that a machine runs at a moment of which nothing was read.",
    (provider) => ({
      get: (ref) => Effect.flatMap(provider.get(ref), (machine) => observedNow(provider, machine)),
      list: () =>
        Effect.flatMap(provider.list(), (all) =>
          Effect.map(
            Effect.forEach(all.items, (machine) => observedNow(provider, machine)),
            (items) => all.with(items)
          )
        )
    })
  ),
  mutant(
    "launches by the wall clock",
    "clock: set 3 days forward while a create is under way: its key, asked by another process, is the same launch",
    "Takes a launch that is under way for absent when the clock is set forward: the same key rents a second machine.",
    (provider) => ({
      launch: (spec) => byTheWallClock(provider.launch(spec))
    })
  ),
  mutant(
    "ends by the wall clock",
    "clock: set 5 hours back during an end that does not come: it is a Timeout in its time",
    "Asks for an end for hours when the clock is set back: nobody hears that the machine stays.",
    (provider) => ({
      terminate: (ref, options) => byTheWallClock(provider.terminate(ref, options))
    })
  ),
  mutant(
    "gives an end up by the wall clock",
    "clock: set 3 days forward during an end: the machine is gone",
    "Gives an end up when the clock is set forward: the machine stays and costs.",
    (provider) => ({
      terminate: (ref, options) => byTheWallClock(provider.terminate(ref, options))
    })
  )
]
