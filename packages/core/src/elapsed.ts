import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** One moment, as the two clocks of a computer show it. Both in whole milliseconds. */
export interface Moment {
  /** Since the epoch: what a ledger and people are given. Somebody may set it back or forward at any time. */
  readonly wall: number
  /** Of a clock that is never set: how long something takes is read from this one. */
  readonly monotonic: number
}

/** When something was written down: by the wall clock, and by the monotonic one where that is known. */
export interface Stamp {
  /** Epoch milliseconds. */
  readonly at: number
  /** Of the same computer's monotonic clock, in milliseconds. */
  readonly monotonicAt?: number
}

/** What a clock shows. */
export const momentOn = (clock: Clock.Clock): Moment => ({
  wall: clock.currentTimeMillisUnsafe(),
  monotonic: Number(clock.monotonicTimeNanosUnsafe() / 1_000_000n)
})

/** This moment. */
export const currentMoment: Effect.Effect<Moment> = Effect.clockWith((clock) => Effect.sync(() => momentOn(clock)))

/** Milliseconds of the monotonic clock: two of them give a duration, also when the wall clock was set meanwhile. */
export const monotonicMillis: Effect.Effect<number> = Effect.map(currentMoment, ({ monotonic }) => monotonic)

/**
 * The wall clock as it goes on from this moment, in epoch milliseconds: what is done to it later changes nothing.
 *
 * - For moments that a duration is read from, such as what a machine has cost by now.
 */
export const steadyClock: Effect.Effect<Effect.Effect<number>> = Effect.map(currentMoment, (from) =>
  Effect.map(monotonicMillis, (now) => from.wall + now - from.monotonic)
)

/** The moment so many milliseconds later, on both clocks. */
export const laterBy = ({ wall, monotonic }: Moment, millis: number): Moment => ({
  wall: wall + millis,
  monotonic: monotonic + millis
})

/**
 * How many milliseconds are left until a deadline: none as soon as either clock has reached it.
 *
 * - The wall clock set back does not make it later than it was meant; set forward, the deadline comes early.
 */
export const millisUntil = (deadline: Moment, now: Moment): number =>
  Math.max(0, Math.min(deadline.wall - now.wall, deadline.monotonic - now.monotonic))

/**
 * How many milliseconds have passed at least since something was written down, perhaps by another process.
 *
 * - What both clocks say counts: one that was set forward proves nothing. A computer that was started again, or slept,
 *   shows less on its monotonic clock than has passed, never more.
 * - Without the monotonic moment, what the wall clock says.
 */
export const leastSince = ({ at, monotonicAt }: Stamp, now: Moment): number =>
  Math.max(0, Math.min(now.wall - at, monotonicAt === undefined ? now.wall - at : now.monotonic - monotonicAt))

/** How old things are that were written down, as this process has followed them. */
export interface Ages {
  /**
   * How many milliseconds old a thing is at least: at the first asking by its stamp, from then on by the monotonic
   * clock.
   *
   * - A wall clock that is set after the first call changes nothing. Another stamp starts again.
   */
  readonly of: (name: string, stamp: Stamp, now: Moment) => number
}

/** So many things are followed; the ones that were asked about first are forgotten first. */
const mostFollowed = 10_000

/** Follows nothing yet. */
export const makeAges = (): Ages => {
  const known = new Map<string, { readonly at: number; readonly least: number; readonly monotonic: number }>()
  return {
    of: (name, stamp, now) => {
      const before = known.get(name)
      if (before?.at === stamp.at) return before.least + now.monotonic - before.monotonic
      const least = leastSince(stamp, now)
      const [oldest] = known.keys()
      if (oldest !== undefined && known.size >= mostFollowed) known.delete(oldest)
      known.set(name, { at: stamp.at, least, monotonic: now.monotonic })
      return least
    }
  }
}
