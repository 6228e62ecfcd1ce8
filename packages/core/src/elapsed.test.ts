import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { clockFrom, type PlainClock } from "./clock.ts"
import { laterBy, leastSince, makeAges, millisUntil, momentOn } from "./elapsed.ts"

const hour = 3_600_000

test("a deadline is over as soon as either clock has reached it", () => {
  const deadline = laterBy({ wall: 1000, monotonic: 50 }, 600)
  expect(millisUntil(deadline, { wall: 1000, monotonic: 50 })).toBe(600)
  expect(millisUntil(deadline, { wall: 1000 - 5 * hour, monotonic: 150 })).toBe(500)
  expect(millisUntil(deadline, { wall: 1000 - 5 * hour, monotonic: 650 })).toBe(0)
  expect(millisUntil(deadline, { wall: 1000 + 72 * hour, monotonic: 51 })).toBe(0)
})

test("what has passed at least is what both clocks say", () => {
  const stamp = { at: 1000, monotonicAt: 50 }
  expect(leastSince(stamp, { wall: 1400, monotonic: 450 })).toBe(400)
  expect(leastSince(stamp, { wall: 1400 + 72 * hour, monotonic: 70 })).toBe(20)
  expect(leastSince(stamp, { wall: 1400 - 5 * hour, monotonic: 450 })).toBe(0)
  // The computer was started again: its clock started again from zero.
  expect(leastSince(stamp, { wall: 1400, monotonic: 3 })).toBe(0)
  expect(leastSince({ at: 1000 }, { wall: 1400, monotonic: 3 })).toBe(400)
})

test("an age follows the monotonic clock from the first asking on", () => {
  const ages = makeAges()
  expect(ages.of("a", { at: 1000 }, { wall: 1010, monotonic: 5 })).toBe(10)
  expect(ages.of("a", { at: 1000 }, { wall: 1010 + 72 * hour, monotonic: 6 })).toBe(11)
  expect(ages.of("a", { at: 1000 }, { wall: 1010 - 72 * hour, monotonic: 9 })).toBe(14)
  expect(ages.of("a", { at: 2000 }, { wall: 2001, monotonic: 9 })).toBe(1)
  expect(ages.of("b", { at: 2000 }, { wall: 1000, monotonic: 9 })).toBe(0)
})

test("the oldest of very many is forgotten, and then starts again", () => {
  const ages = makeAges()
  for (let name = 0; name <= 10_000; name++) ages.of(String(name), { at: 0 }, { wall: 5, monotonic: 0 })
  expect(ages.of("10000", { at: 0 }, { wall: 5, monotonic: 9 })).toBe(14)
  expect(ages.of("0", { at: 0 }, { wall: 5, monotonic: 9 })).toBe(5)
})

const sleep = () => Promise.resolve()

test("a plain clock without a monotonic time has one that only goes forward", () => {
  let at = 1000
  const plain: PlainClock = { now: () => at, sleep }
  const read = () => momentOn(clockFrom(plain))
  const first = read().monotonic
  at += 20
  expect(read().monotonic - first).toBe(20)
  at -= 5 * hour
  expect(read()).toEqual({ wall: 1020 - 5 * hour, monotonic: first + 20 })
  at += 7
  expect(read().monotonic - first).toBe(27)
})

test("a plain clock's own monotonic time is taken", async () => {
  const clock = clockFrom({ now: () => 9, monotonic: () => 1.5, sleep })
  expect(momentOn(clock)).toEqual({ wall: 9, monotonic: 1 })
  expect(await Effect.runPromise(clock.monotonicTimeNanos)).toBe(1_500_000n)
})
