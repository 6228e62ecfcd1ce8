import { type GpuError, Network } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** A process that is killed at one of its steps: from then on nothing it does reaches anybody, and nothing comes back. */
export interface Gate {
  readonly isDead: () => boolean
  /** Resolves when it is killed. */
  readonly death: Promise<void>
  readonly steps: () => number
  /** The same functions, each a step before and after; those that answer no Effect are left as they are. */
  readonly around: <A extends object>(functions: A) => A
}

/** Opens a process that is killed at that step; null for one that lives. */
export const openGate = (killedAt: number | null): Gate => {
  const { promise: death, resolve: die } = Promise.withResolvers<void>()
  let [steps, dead] = [0, false]
  const step = Effect.suspend(() => {
    if (!dead) {
      steps += 1
      dead = steps === killedAt
      if (dead) die()
    }
    return dead ? Effect.never : Effect.void
  })
  const stepped = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.gen(function* () {
      yield* step
      const exit = yield* Effect.exit(effect)
      yield* step
      return yield* exit
    })
  const around = <A extends object>(functions: A): A =>
    Object.fromEntries(
      Object.entries(functions).map(([name, value]) => {
        if (Effect.isEffect(value)) return [name, stepped(value as Effect.Effect<unknown>)]
        if (typeof value !== "function") return [name, value]
        const call = (...args: ReadonlyArray<unknown>) => {
          const answer: unknown = value(...args)
          return Effect.isEffect(answer) ? stepped(answer as Effect.Effect<unknown>) : answer
        }
        return [name, call]
      })
    ) as A
  return { isDead: () => dead, death, steps: () => steps, around }
}

/** The same functions, which fail while a computer has no network. */
export const onNetwork = <A extends object>(functions: A, isOffline: (now: number) => boolean): A =>
  Object.fromEntries(
    Object.entries(functions).map(([name, value]) => [
      name,
      (...args: ReadonlyArray<unknown>): Effect.Effect<unknown, GpuError> =>
        Effect.gen(function* () {
          if (isOffline(yield* Clock.currentTimeMillis)) {
            return yield* new Network({ message: "there is no network", retry: "exhausted", sent: "no" })
          }
          return yield* value(...args) as Effect.Effect<unknown, GpuError>
        })
    ])
  ) as A
