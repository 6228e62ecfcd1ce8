import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { CurrentAnswerWatch, type SharedWatch, sharedWatch } from "./answer-time.ts"
import { Urgency } from "./limiter.ts"

interface Reading<A, E> {
  readonly fiber: Fiber.Fiber<A, E>
  /** All who wait hear what the read is doing: none of them takes its wait for a turn for silence. */
  readonly watch: SharedWatch
  waiting: number
}

/**
 * One read for everybody who asks while it is under way: the later ones join it instead of sending it again.
 *
 * - For reads only. The answer is as old as the first asking.
 * - Somebody who stops waiting does not stop the read for the others; the last one who does stops it.
 * - Whoever is in a hurry (`Urgency`) joins only a read that is in a hurry too.
 */
export const joined = <A, E>(read: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const readings = new Map<"normal" | "urgent", Reading<A, E>>()

  /** In one step with looking for a read under way: nothing may come between. */
  const enter = Effect.withFiber((asker) =>
    Effect.sync(() => {
      const urgency = asker.getRef(Urgency)
      const own = asker.getRef(CurrentAnswerWatch)
      const known = readings.get("urgent") ?? readings.get(urgency)
      if (known) {
        known.waiting++
        return { reading: known, quit: own ? known.watch.join(own) : () => {} }
      }
      const watch = sharedWatch()
      const quit = own ? watch.join(own) : () => {}
      const watched = Effect.provideService(Effect.andThen(Effect.yieldNow, read), CurrentAnswerWatch, watch)
      const fiber = Effect.runForkWith(asker.context)(watched)
      const reading: Reading<A, E> = { fiber, watch, waiting: 1 }
      readings.set(urgency, reading)
      fiber.addObserver(() => forget(reading))
      return { reading, quit }
    })
  )

  const forget = (reading: Reading<A, E>): void => {
    for (const [urgency, running] of readings) if (running === reading) readings.delete(urgency)
  }

  /** Forgotten before it is stopped, so that nobody joins a read that is going away. */
  const leave = ({ reading, quit }: { readonly reading: Reading<A, E>; readonly quit: () => void }) =>
    Effect.suspend(() => {
      quit()
      reading.waiting--
      if (reading.waiting > 0) return Effect.void
      forget(reading)
      return Fiber.interrupt(reading.fiber)
    })

  return Effect.acquireUseRelease(enter, ({ reading }) => Fiber.join(reading.fiber), leave)
}
