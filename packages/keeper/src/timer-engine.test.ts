import { expect, test } from "vitest"
import type { Wake } from "./engine.ts"
import { type TimerClock, timerEngine } from "./timer-engine.ts"

/** A clock that only the test moves. */
const handClock = () => {
  let now = 0
  const timers = new Map<() => void, number>()
  const clock: TimerClock = {
    now: () => now,
    after: (millis, call) => {
      timers.set(call, now + millis)
      return () => void timers.delete(call)
    }
  }
  const moveTo = async (moment: number): Promise<void> => {
    now = moment
    for (const [call, at] of [...timers]) {
      if (at > now || !timers.delete(call)) continue
      call()
    }
    await Promise.resolve()
  }
  return { clock, moveTo, waiting: () => timers.size }
}

const end = (marker: string, at: number): Wake => ({ duty: "end", marker, at })

test("each wake comes at its moment, once, and those that are far ahead are left to be asked for again", async () => {
  const { clock, moveTo, waiting } = handClock()
  const engine = timerEngine(clock)
  const woken: string[] = []
  await engine.start(async ({ marker }) => {
    woken.push(marker)
    return null
  })
  await engine.wake([end("a", 1000), end("a", 1000), end("b", 2000), end("far", 700_000)])
  expect(waiting()).toBe(2)
  await moveTo(999)
  expect(woken).toEqual([])
  await moveTo(1000)
  await moveTo(2500)
  expect(woken).toEqual(["a", "b"])
})

test("work that wants to be woken again is, and nothing is begun once it has stopped", async () => {
  const { clock, moveTo } = handClock()
  const engine = timerEngine(clock)
  const woken: string[] = []
  await engine.start(async ({ marker }) => {
    woken.push(marker)
    return woken.length === 1 ? 2000 : null
  })
  await engine.wake([end("a", 0), end("b", 10_000)])
  await moveTo(0)
  await new Promise(setImmediate)
  await moveTo(2000)
  await new Promise(setImmediate)
  expect(woken).toEqual(["a", "a"])
  await engine.stop()
  await engine.wake([end("c", 3000)])
  await moveTo(20_000)
  expect(woken).toEqual(["a", "a"])
})
