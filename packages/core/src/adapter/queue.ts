import * as Effect from "effect/Effect"
import type { Limit } from "./limit.ts"

/** A call that waits for its turn. */
export interface Waiter {
  readonly urgency: "normal" | "urgent"
  wake: () => void
}

/** The calls of one queue: those that wait, and when the last ones started. Times are milliseconds of the monotonic clock. */
export interface Queue {
  readonly waiting: Array<Waiter>
  readonly starts: Array<number>
  readonly heldUntil: { normal: number; urgent: number }
  interval: number
}

/** A little longer than the cloud says: its clock starts when a request arrives, ours when it leaves. */
const withMargin = (millis: number): number => millis + Math.min(500, Math.max(50, millis * 0.05))

/** For how long a call that is the first of its queue still has to wait, in milliseconds. */
export const pause = (queue: Queue, limit: Limit | undefined, at: number, urgency: Waiter["urgency"]): number => {
  const last = queue.starts.at(-1)
  const paced = last === undefined || queue.interval === 0 ? 0 : last + withMargin(queue.interval) - at
  const first = limit && queue.starts.at(-limit.calls)
  const windowed = limit && first !== undefined ? first + withMargin(limit.perSeconds * 1000) - at : 0
  return Math.max(0, queue.heldUntil[urgency] - at, paced, windowed)
}

/** When the turn of a call comes that has so many before it: in so many milliseconds, if nobody overtakes it. */
export const untilTurn = (queue: Queue, limit: Limit | undefined, at: number, waiter: Waiter): number => {
  const before = queue.waiting.indexOf(waiter)
  const starts = [...queue.starts]
  let turn = at
  for (let call = 0; call <= before; call++) {
    turn += pause({ ...queue, starts }, limit, turn, waiter.urgency)
    starts.push(turn)
  }
  return turn - at
}

/** An empty queue. */
export const makeQueue = (): Queue => ({
  waiting: [],
  starts: [],
  heldUntil: { normal: Number.NEGATIVE_INFINITY, urgent: Number.NEGATIVE_INFINITY },
  interval: 0
})

/** Puts a call at the end of a queue, or before all that are not urgent. */
export const enter = (queue: Queue, waiter: Waiter): void => {
  const isUrgent = waiter.urgency === "urgent"
  const firstNormal = isUrgent ? queue.waiting.findIndex(({ urgency }) => urgency === "normal") : -1
  queue.waiting.splice(firstNormal === -1 ? queue.waiting.length : firstNormal, 0, waiter)
}

/** Takes a call out of a queue, and wakes the one that is the first then. */
export const leave = (queue: Queue, waiter: Waiter): void => {
  const place = queue.waiting.indexOf(waiter)
  if (place === -1) return
  queue.waiting.splice(place, 1)
  if (place === 0) queue.waiting[0]?.wake()
}

/** Done when the waiter is the first: only the first sleeps, all others are woken when the one before them leaves. */
export const untilFirst = (queue: Queue, waiter: Waiter): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    waiter.wake = () => resume(Effect.void)
    if (queue.waiting[0] === waiter) waiter.wake()
  })

/**
 * Counts a call as started, and answers what takes the start back.
 *
 * - What is shifted out is older than the window, and needs no place again when the start is taken back.
 */
export const start = (queue: Queue, limit: Limit | undefined, at: number): (() => void) => {
  queue.starts.push(at)
  if (queue.starts.length > (limit?.calls ?? 1)) queue.starts.shift()
  return () => {
    const place = queue.starts.lastIndexOf(at)
    if (place !== -1) queue.starts.splice(place, 1)
  }
}
