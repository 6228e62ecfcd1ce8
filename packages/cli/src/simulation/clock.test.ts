import { createClock } from "@anygpu/simulators"
import { expect, test } from "vitest"
import { fastClock, virtualAt } from "./clock.ts"

const at = (speed: number) => {
  const real = createClock({ mode: "manual", start: new Date(1_000_000) })
  return { real, fast: fastClock({ real: 1_000_000, virtual: 5_000_000, speed }, real) }
}

test("runs as many times as fast", async () => {
  const { real, fast } = at(60)
  expect(fast.now()).toBe(5_000_000)
  await real.advance(1000)
  expect(fast.now()).toBe(5_060_000)
  expect(virtualAt({ real: 10, virtual: 7, speed: 3 }, 5)).toBe(7)
})

test("goes on as it did when the real wall clock is set", async () => {
  const { real, fast } = at(60)
  for (const hours of [-5, 72]) {
    const before = fast.now()
    real.jump(hours * 3_600_000)
    expect(fast.now()).toBe(before)
    await real.advance(1000)
    expect(fast.now() - before).toBe(60_000)
    expect(fast.monotonic?.()).toBe(fast.now())
  }
})

test("a sleep takes its share of real time", async () => {
  const { real, fast } = at(60)
  let woke = false
  const sleeping = fast.sleep(60_000).then(() => {
    woke = true
  })
  await real.advance(999)
  expect(woke).toBe(false)
  await real.advance(1)
  await sleeping
  expect(fast.now()).toBe(5_060_000)
})

test("nobody wakes while work is in flight, and its time does not count", async () => {
  const { real, fast } = at(60)
  let woke = false
  const sleeping = fast.sleep(60_000).then(() => {
    woke = true
  })
  await real.advance(500)
  const releases = [fast.hold(), fast.hold()]
  await real.advance(700)
  releases[0]?.()
  releases[0]?.()
  await real.advance(100)
  expect(woke).toBe(false)
  releases[1]?.()
  await real.advance(799)
  expect(woke).toBe(false)
  await real.advance(1)
  await sleeping
})

test("a sleep ends when it is aborted", async () => {
  const { real, fast } = at(60)
  const abort = new AbortController()
  const sleeping = fast.sleep(60_000, abort.signal)
  await real.advance(10)
  abort.abort(new Error("enough"))
  await expect(sleeping).rejects.toThrow("enough")
})
