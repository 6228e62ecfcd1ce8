import type { PlainClock } from "anygpu"

/** Where a simulated time stands: at real moment `real` it was `virtual`, both in epoch milliseconds. */
export interface Anchor {
  readonly real: number
  readonly virtual: number
  readonly speed: number
}

/** The simulated time at a real moment. */
export const virtualAt = ({ real, virtual, speed }: Anchor, moment: number): number =>
  virtual + Math.floor(Math.max(0, moment - real) * speed)

/** A time that runs faster than the real one. */
export interface FastClock extends PlainClock {
  readonly speed: number
  /** While work is in flight no sleeper wakes; the returned function ends that. */
  hold(): () => void
}

/**
 * A time that runs `speed` times as fast as the real one, from its anchor on: processes with one anchor have one time.
 *
 * - The real wall clock is read once: what is done to it later changes nothing.
 * - A sleep does not count the time of work in flight. A request here takes a few real milliseconds, which are seconds
 *   of the fast time: without this, a busy machine would look like a cloud that does not answer.
 */
export const fastClock = (anchor: Anchor, real: PlainClock): FastClock => {
  const wall = real.now()
  const passed = real.monotonic ? () => real.monotonic?.() ?? 0 : real.now
  const began = passed()
  const steady = () => wall + passed() - began
  const now = () => virtualAt(anchor, steady())
  let holders = 0
  let heldSince = 0
  let heldBefore = 0
  const waiting = new Set<() => void>()
  const held = () => heldBefore + (holders > 0 ? steady() - heldSince : 0)
  const nobodyHolds = async () => {
    while (holders > 0) await new Promise<void>((resolve) => waiting.add(resolve))
  }
  return {
    speed: anchor.speed,
    now,
    monotonic: now,
    sleep: async (milliseconds, signal) => {
      for (let left = milliseconds / anchor.speed; left > 0; ) {
        const before = held()
        await real.sleep(Math.ceil(left), signal)
        await nobodyHolds()
        signal?.throwIfAborted()
        left = held() - before
      }
    },
    hold: () => {
      if (holders === 0) heldSince = steady()
      holders += 1
      let released = false
      return () => {
        if (released) return
        released = true
        holders -= 1
        if (holders > 0) return
        heldBefore += steady() - heldSince
        for (const wake of waiting) wake()
        waiting.clear()
      }
    }
  }
}
