import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { CurrentPriority } from "../context/priority.ts"
import { CurrentAnswerWatch, type SharedWatch, sharedWatch } from "./answer-time.ts"

/**
 * Whether a read has to begin after it was asked for: what is to prove that something is gone must not be an answer
 * from before. False by default.
 */
export const FreshRead = Context.Reference<boolean>("@anygpu/core/adapter/FreshRead", { defaultValue: () => false })

type Pace = "normal" | "urgent"

interface Reading<A, E> {
  readonly fiber: Fiber.Fiber<A, E>
  /** All who wait hear what the read is doing: none of them takes its wait for a turn for silence. */
  readonly watch: SharedWatch
  waiting: number
  /** It has sent something: what it answers may be from before somebody who asks now. */
  begun: boolean
}

/**
 * One read for everybody who asks while it is under way: the later ones join it instead of sending it again.
 *
 * - For reads only. The answer is as old as the first asking.
 * - Somebody who stops waiting does not stop the read for the others; the last one who does stops it.
 * - An urgent caller (`CurrentPriority`) joins only a read that is urgent too.
 * - A caller that needs a {@link FreshRead} joins only a read that has not begun, and waits for one under way to end
 *   before it begins the next: many who ask at once cost two reads, and not one each.
 */
export const coalesce = <A, E>(read: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const readings = new Map<Pace, Reading<A, E>>()
  const fresh = new Map<Pace, Reading<A, E>>()

  const forget = (reading: Reading<A, E>): void => {
    for (const group of [readings, fresh]) {
      for (const [pace, running] of group) if (running === reading) group.delete(pace)
    }
  }

  /** Begins a read once something else is over. */
  const begin = (
    asker: Fiber.Fiber<unknown, unknown>,
    where: Map<Pace, Reading<A, E>>,
    pace: Pace,
    before: Effect.Effect<unknown>
  ): Reading<A, E> => {
    const watch = sharedWatch()
    const reading: Reading<A, E> = {
      fiber: Effect.runForkWith(asker.context)(
        Effect.andThen(
          before,
          Effect.suspend(() => {
            reading.begun = true
            return read
          })
        ).pipe(Effect.provideService(CurrentAnswerWatch, watch))
      ),
      watch,
      waiting: 0,
      begun: false
    }
    where.set(pace, reading)
    reading.fiber.addObserver(() => forget(reading))
    return reading
  }

  /** The read to wait for: one under way, or, where a fresh one is needed, one that begins after this moment. */
  const readingFor = (asker: Fiber.Fiber<unknown, unknown>): Reading<A, E> => {
    const pace = asker.getRef(CurrentPriority)
    if (!asker.getRef(FreshRead)) {
      return readings.get("urgent") ?? readings.get(pace) ?? begin(asker, readings, pace, Effect.yieldNow)
    }
    const last = fresh.get(pace)
    if (last && !last.begun) return last
    return begin(asker, fresh, pace, last ? Fiber.await(last.fiber) : Effect.yieldNow)
  }

  /** In one step with looking for a read under way: nothing may come between. */
  const enter = Effect.withFiber((asker) =>
    Effect.sync(() => {
      const own = asker.getRef(CurrentAnswerWatch)
      const reading = readingFor(asker)
      reading.waiting++
      return { reading, quit: own ? reading.watch.join(own) : () => {} }
    })
  )

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
