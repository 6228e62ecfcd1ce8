import type { PlainClock } from "@anygpu/core"
import type { Engine, Wake, Work } from "./engine.ts"
import { inFlightUpTo } from "./in-flight.ts"

/** The clock that an engine of timers goes by. */
export interface TimerClock {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Calls once after so many milliseconds; what it answers takes that back. */
  readonly after: (millis: number, call: () => void) => () => void
}

/** The clock of this computer. */
export const systemTimers: TimerClock = {
  now: Date.now,
  after: (millis, call) => {
    const timer = setTimeout(call, millis)
    return () => clearTimeout(timer)
  }
}

/** Timers on a plain clock. */
export const timersOn = (clock: PlainClock): TimerClock => ({
  now: () => clock.now(),
  after: (millis, call) => {
    const cancel = new AbortController()
    clock.sleep(millis, cancel.signal).then(call, () => {})
    return () => cancel.abort()
  }
})

/** So many milliseconds ahead a wake is kept; later ones are asked for again by then. */
const horizon = 600_000

const most = 50

/** Timers of this process: for a ledger that is a file of one computer. What it loses when it ends, the ledger still has. */
export const timerEngine = ({ now, after }: TimerClock = systemTimers): Engine => {
  const waiting = new Map<string, () => void>()
  const flight = inFlightUpTo(most)
  let work: Work | null = null

  const run = async (wake: Wake): Promise<void> => {
    while (flight.room() <= 0) await flight.some()
    const doing = work
    if (doing === null) return
    flight.add(
      doing(wake).then((again) => {
        if (again !== null) ask({ ...wake, at: now() + again })
      })
    )
  }

  const ask = (wake: Wake): void => {
    const name = `${wake.duty} ${wake.at} ${wake.marker}`
    const left = wake.at - now()
    if (work === null || left > horizon || waiting.has(name)) return
    const cancel = after(Math.max(0, left), () => {
      waiting.delete(name)
      void run(wake)
    })
    waiting.set(name, cancel)
  }

  return {
    start: async (does) => {
      work = does
    },
    wake: async (wakes) => {
      for (const wake of wakes) ask(wake)
    },
    stop: async () => {
      work = null
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
      await flight.all()
    },
    isWell: () => true
  }
}
