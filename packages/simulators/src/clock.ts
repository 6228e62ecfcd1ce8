import { turn } from "./turn.ts"

/**
 * One virtual time for a simulator and for the client under test.
 *
 * - Give the same clock to both: the client sleeps on it, the simulated world reads it.
 * - No real time passes in the `manual` and `auto` modes.
 */
export interface VirtualClock {
  /** Epoch milliseconds, virtual and whole: what the client's computer shows. */
  now(): number
  /** The same without what {@link VirtualClock.jump} has done: the time that passes, and that the simulated clouds live by. */
  monotonic(): number
  /** Sets the client's wall clock forward by `ms`, or back: no time passes, and nobody wakes. */
  jump(ms: number): void
  /** Resolves when virtual time has moved by `ms`; rejects with the signal's reason when aborted. Never resolves after `close`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Moves time by `ms`, firing the timers that fall due in order and letting each sleeper run before the next one. */
  advance(ms: number): Promise<void>
  /** Says that work is in flight: an auto clock does not jump until the returned function was called. */
  hold(): () => void
  /** Drops every pending timer. */
  close(): void
}

/**
 * How a virtual clock moves.
 *
 * - `manual`: only by `advance`.
 * - `auto`: as soon as nothing is held and a few event loop turns passed without new activity, time jumps to the earliest
 *   timer. A client that polls every ten seconds for an hour ends in milliseconds, with the same steps every time.
 * - `{ speed: 60 }`: sixty times the real clock. The mode for clients in another process.
 */
export type ClockMode = "manual" | "auto" | { readonly speed: number }

/** What `createClock` takes: the mode (default `auto`) and the first moment (default 2026-01-01T00:00:00Z, or now for a speed). */
export interface ClockOptions {
  readonly mode?: ClockMode
  readonly start?: Date
}

interface Timer {
  readonly due: number
  readonly order: number
  readonly fire: () => void
}

/** Turns of the event loop an auto clock waits without activity before it jumps. */
const quietTurns = 4

/** Turns given to woken sleepers before an advancing clock moves on. */
const advanceTurns = 3

/**
 * Creates a virtual clock.
 *
 * - A pending timer keeps the process alive only because something waits for it; a clock with none does not.
 * - Work an auto clock can't see (a request on a real socket) needs `hold`, else time may jump during it.
 */
export const createClock = (options: ClockOptions = {}): VirtualClock => {
  const mode = options.mode ?? "auto"
  const speed = typeof mode === "object" ? mode.speed : 0
  if (typeof mode === "object" && !(speed > 0)) throw new RangeError("clock speed must be positive")
  const fallback = speed > 0 ? Date.now() : Date.UTC(2026, 0, 1)
  const timers = new Set<Timer>()
  let base = options.start?.getTime() ?? fallback
  const realStart = performance.now()
  let order = 0
  let held = 0
  let activity = 0
  let watching = false
  let closed = false
  let real: ReturnType<typeof setTimeout> | undefined

  let setBy = 0

  const now = () => (speed > 0 ? base + Math.floor((performance.now() - realStart) * speed) : base)

  const earliest = (): Timer | undefined => {
    let first: Timer | undefined
    for (const timer of timers) {
      if (first === undefined || timer.due < first.due || (timer.due === first.due && timer.order < first.order))
        first = timer
    }
    return first
  }

  const fire = (timer: Timer) => {
    timers.delete(timer)
    timer.fire()
  }

  const moveTo = (time: number) => {
    const missing = time - now()
    if (missing > 0) base += missing
  }

  const watch = async () => {
    if (watching || mode !== "auto") return
    watching = true
    try {
      while (timers.size > 0 && held === 0 && !closed) {
        const seen = activity
        for (let quiet = 0; quiet < quietTurns; quiet++) await turn()
        if (seen !== activity || held > 0) continue
        const next = earliest()
        if (next === undefined) break
        moveTo(next.due)
        fire(next)
      }
    } finally {
      watching = false
    }
  }

  const arm = () => {
    activity += 1
    if (mode === "auto") void watch()
    if (speed === 0) return
    clearTimeout(real)
    const next = earliest()
    if (next === undefined || closed) return
    real = setTimeout(
      () => {
        for (let due = earliest(); due !== undefined && due.due <= now(); due = earliest()) fire(due)
        arm()
      },
      Math.min(Math.max(0, Math.ceil((next.due - now()) / speed)), 2 ** 31 - 1)
    )
  }

  const sleep = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const cancel = () => {
        timers.delete(timer)
        arm()
        reject(signal?.reason)
      }
      const timer: Timer = {
        due: now() + Math.ceil(Math.max(0, ms)),
        order: order++,
        fire: () => {
          signal?.removeEventListener("abort", cancel)
          resolve()
        }
      }
      if (closed) return
      signal?.addEventListener("abort", cancel, { once: true })
      timers.add(timer)
      arm()
    })

  const advance = async (ms: number) => {
    const target = now() + Math.max(0, ms)
    const settle = async () => {
      for (let quiet = 0; quiet < advanceTurns; quiet++) await turn()
    }
    await settle()
    for (let next = earliest(); next !== undefined && next.due <= target; next = earliest()) {
      moveTo(next.due)
      fire(next)
      await settle()
    }
    moveTo(target)
    arm()
  }

  const hold = () => {
    held += 1
    activity += 1
    let released = false
    return () => {
      if (released) return
      released = true
      held -= 1
      arm()
    }
  }

  const close = () => {
    closed = true
    timers.clear()
    clearTimeout(real)
  }

  const jump = (ms: number) => {
    setBy += Math.round(ms)
  }

  return { now: () => now() + setBy, monotonic: now, jump, sleep, advance, hold, close }
}
