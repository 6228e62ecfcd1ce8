import { setImmediate, setTimeout as sleep } from "node:timers/promises"

/** The clock that looks are paced by: real time, also where the clouds are simulated and theirs runs faster. */
export interface Timers {
  /** Milliseconds of a clock that is never set. */
  readonly monotonic: () => number
  /** Waits so many milliseconds; rejects when the signal is aborted. */
  readonly pause: (millis: number, signal: AbortSignal) => Promise<unknown>
}

/** The clock of this computer. */
export const realTimers: Timers = {
  monotonic: () => performance.now(),
  pause: (millis, signal) => sleep(millis, undefined, { signal })
}

/** Lets what waits be read and written first: a ledger in a file, and JSON, hold up everything else. */
export const breathe = (): Promise<void> => setImmediate()

/** What is done again and again while somebody looks. */
export interface Round {
  /** Does it until the signal is aborted; what is not due yet is waited for first. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** Makes it due now. */
  readonly ring: () => void
}

/**
 * Repeats `work`, which answers in how many milliseconds it is due again.
 *
 * - A round that is ended and run again goes on where it was: nothing is asked sooner because somebody came and went.
 */
export const makeRound = ({ monotonic, pause }: Timers, work: (signal: AbortSignal) => Promise<number>): Round => {
  let dueAt = Number.NEGATIVE_INFINITY
  let wake = () => {}
  let last: Promise<void> = Promise.resolve()
  const rest = async (signal: AbortSignal): Promise<void> => {
    const rung = new AbortController()
    wake = () => rung.abort()
    try {
      await pause(Math.max(0, dueAt - monotonic()), AbortSignal.any([signal, rung.signal]))
    } catch (error) {
      if (!rung.signal.aborted && !signal.aborted) throw error
    }
  }
  const loop = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      if (monotonic() < dueAt) {
        await rest(signal)
        continue
      }
      dueAt = Number.POSITIVE_INFINITY
      await breathe()
      const begun = monotonic()
      const wait = await work(signal)
      // Rung meanwhile: what was read may be older than what it was rung for.
      dueAt = dueAt === Number.NEGATIVE_INFINITY || signal.aborted ? Number.NEGATIVE_INFINITY : begun + wait
    }
  }
  return {
    run: (signal) => {
      // What is under way from an earlier run comes to its end first.
      last = last.then(() => loop(signal))
      return last
    },
    ring: () => {
      dueAt = Number.NEGATIVE_INFINITY
      wake()
    }
  }
}
