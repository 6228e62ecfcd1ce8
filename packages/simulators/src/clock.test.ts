import { describe, expect, it } from "vitest"
import { createClock } from "./clock.ts"

const start = new Date("2026-03-01T00:00:00Z")

describe.each(["auto", "manual"] as const)("a wall clock that is set, on a clock that is %s", (mode) => {
  it("wakes nobody and makes no time", async () => {
    const clock = createClock({ start, mode })
    let woken = 0
    const sleeping = clock.sleep(20_000).then(() => {
      woken = clock.monotonic()
    })
    for (const hours of [72, -5, 0.5]) {
      const before = clock.now()
      clock.jump(hours * 3_600_000)
      expect(clock.now() - before).toBe(hours * 3_600_000)
    }
    expect(clock.monotonic()).toBe(start.getTime())
    await (mode === "manual" ? clock.advance(20_000) : sleeping)
    expect(woken - start.getTime()).toBe(20_000)
    expect(clock.now() - clock.monotonic()).toBe(67.5 * 3_600_000)
  })
})

describe("auto clock", () => {
  it("jumps to the earliest timer when nothing is in flight", async () => {
    const clock = createClock({ start })
    const seen: string[] = []
    await Promise.all([
      clock.sleep(20_000).then(() => seen.push("b")),
      clock.sleep(10_000).then(() => seen.push("a")),
      clock.sleep(20_000).then(() => seen.push("c"))
    ])
    expect(seen).toEqual(["a", "b", "c"])
    expect(clock.now() - start.getTime()).toBe(20_000)
  })

  it("polls ninety times in no real time", async () => {
    const clock = createClock({ start })
    for (let turn = 0; turn < 90; turn++) await clock.sleep(10_000)
    expect(clock.now() - start.getTime()).toBe(900_000)
  })

  it("stays on whole milliseconds when a sleep is not, since money is metered by them", async () => {
    const clock = createClock({ start })
    await clock.sleep(0.25)
    await clock.sleep(10.5)
    expect(clock.now() - start.getTime()).toBe(12)
  })

  it("does not jump while held", async () => {
    const clock = createClock({ start })
    const release = clock.hold()
    let woken = false
    const sleeping = clock.sleep(5).then(() => {
      woken = true
    })
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(woken).toBe(false)
    expect(clock.now()).toBe(start.getTime())
    release()
    release()
    await sleeping
    expect(clock.now()).toBe(start.getTime() + 5)
  })

  it("does not move by itself without timers", async () => {
    const clock = createClock({ start })
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(clock.now()).toBe(start.getTime())
  })

  it("rejects an aborted sleep with its reason", async () => {
    const clock = createClock({ start })
    const controller = new AbortController()
    const release = clock.hold()
    const sleeping = clock.sleep(1000, controller.signal)
    controller.abort(new Error("enough"))
    await expect(sleeping).rejects.toThrow("enough")
    await expect(clock.sleep(1, controller.signal)).rejects.toThrow("enough")
    release()
    expect(clock.now()).toBe(start.getTime())
  })
})

describe("manual clock", () => {
  it("moves only by advance, firing in order", async () => {
    const clock = createClock({ mode: "manual", start })
    const seen: number[] = []
    const poll = async () => {
      for (let turn = 0; turn < 3; turn++) {
        await clock.sleep(10)
        seen.push(clock.now() - start.getTime())
      }
    }
    const polling = poll()
    await clock.advance(25)
    expect(seen).toEqual([10, 20])
    expect(clock.now() - start.getTime()).toBe(25)
    await clock.advance(5)
    await polling
    expect(seen).toEqual([10, 20, 30])
  })
})

describe("clock with a speed", () => {
  it("runs as many times faster and can be advanced", async () => {
    const clock = createClock({ mode: { speed: 100_000 }, start })
    await clock.sleep(1_000)
    expect(clock.now()).toBeGreaterThanOrEqual(start.getTime() + 1_000)
    const before = clock.now()
    await clock.advance(3_600_000)
    expect(clock.now()).toBeGreaterThanOrEqual(before + 3_600_000)
    clock.close()
    expect(() => createClock({ mode: { speed: -1 } })).toThrow(RangeError)
  })
})
