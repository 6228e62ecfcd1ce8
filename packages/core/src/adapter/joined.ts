import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"

/**
 * One read for everybody who asks while it is under way: the later ones join it instead of sending it again.
 *
 * - For reads only. The answer is as old as the first asking.
 * - Somebody who stops waiting does not stop the read for the others.
 */
export const joined = <A, E>(read: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  let running: Fiber.Fiber<A, E> | null = null
  return Effect.suspend(() => {
    if (running) return Fiber.join(running)
    const tidy = Effect.sync(() => {
      running = null
    })
    return Effect.forkDetach(Effect.ensuring(read, tidy)).pipe(
      Effect.flatMap((fiber) => {
        running = fiber
        return Fiber.join(fiber)
      })
    )
  })
}
