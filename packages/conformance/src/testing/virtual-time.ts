import type { VirtualTime } from "../harness.ts"

interface Timer {
  readonly due: number
  readonly fire: () => void
}

/** Turns of the event loop without a new timer after which everything is taken to wait. */
const quietTurns = 3

/** A time that jumps to the earliest timer as soon as everything waits. */
export const virtualTime = (): VirtualTime & { close(): void } => {
  const timers = new Set<Timer>()
  let at = Date.UTC(2026, 0, 1)
  let activity = 0
  let watching = false

  const watch = async (): Promise<void> => {
    if (watching) return
    watching = true
    while (timers.size > 0) {
      const before = activity
      for (let turn = 0; turn < quietTurns; turn++) await new Promise((resolve) => setImmediate(resolve))
      if (before !== activity) continue
      const next = [...timers].reduce<Timer | undefined>((a, b) => (a && a.due <= b.due ? a : b), undefined)
      if (!next) break
      at = Math.max(at, next.due)
      timers.delete(next)
      next.fire()
    }
    watching = false
  }

  return {
    now: () => at,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const abort = () => {
          timers.delete(timer)
          reject(signal?.reason)
        }
        const timer: Timer = {
          due: at + Math.max(0, ms),
          fire: () => {
            signal?.removeEventListener("abort", abort)
            resolve()
          }
        }
        signal?.addEventListener("abort", abort, { once: true })
        timers.add(timer)
        activity++
        void watch()
      }),
    close: () => timers.clear()
  }
}
