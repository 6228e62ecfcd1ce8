import { afterEach, expect, it, vi } from "vitest"
import { createClock } from "./clock.ts"
import { turn } from "./turn.ts"

afterEach(() => {
  vi.unstubAllGlobals()
})

const lacks: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["Node", []],
  ["a browser", ["setImmediate"]],
  ["a worker with timers only", ["setImmediate", "MessageChannel"]]
]

it.each(lacks)("in %s, what is ready runs before the turn is over", async (_, missing) => {
  for (const name of missing) vi.stubGlobal(name, undefined)
  const ran: string[] = []
  setTimeout(() => ran.push("timer"), 0)
  queueMicrotask(() => ran.push("microtask"))
  // A timer of no time is ready after a millisecond.
  for (const from = performance.now(); performance.now() - from < 2; );
  await turn()
  await turn()
  expect(ran).toEqual(["microtask", "timer"])
})

it.each(lacks)("in %s, an auto clock jumps from sleeper to sleeper", async (_, missing) => {
  for (const name of missing) vi.stubGlobal(name, undefined)
  const clock = createClock({ start: new Date(0) })
  const woken: number[] = []
  const sleeper = async (every: number) => {
    for (let nap = 0; nap < 3; nap++) {
      await clock.sleep(every)
      woken.push(clock.now())
    }
  }
  await Promise.all([sleeper(60_000), sleeper(45_000)])
  expect(woken).toEqual([45_000, 60_000, 90_000, 120_000, 135_000, 180_000])
})
