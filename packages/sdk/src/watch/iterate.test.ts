import { CurrentLedger, memoryLedger } from "@anygpu/core"
import { createClock, type VirtualClock } from "@anygpu/simulators"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it, vi } from "vitest"
import { iterate } from "./iterate.ts"
import { brief, errors, fakeProvider, listing, machine } from "./watch.test-support.ts"
import { watchWith } from "./watch.ts"

/** A clock that counts its sleepers. */
const counted = (clock: VirtualClock) => {
  let sleepers = 0
  const sleep = async (milliseconds: number, signal?: AbortSignal) => {
    sleepers += 1
    await clock.sleep(milliseconds, signal).finally(() => {
      sleepers -= 1
    })
  }
  return { now: () => clock.now(), sleep, sleepers: () => sleepers }
}

const booting = fakeProvider((look) => Effect.succeed(listing([machine("a", { status: "starting", price: look })])))
const reason = new Error("enough")

describe("an iteration that is left", () => {
  it("by break leaves no timer, and looks no more", async () => {
    const clock = createClock()
    const timers = counted(clock)
    const { provider, looks } = fakeProvider((look) => Effect.succeed(listing([machine("a", { price: look })])))
    const seen: string[] = []
    for await (const change of iterate(watchWith([provider]), { clock: timers })) {
      seen.push(brief(change))
      if (seen.length === 3) break
    }
    expect(seen).toEqual(["appeared a", "price a", "price a"])
    expect(timers.sleepers()).toBe(0)
    const before = looks.length
    await clock.sleep(600_000)
    expect(looks).toHaveLength(before)
  })

  it("by an error in the loop leaves no timer", async () => {
    const timers = counted(createClock())
    const loop = async () => {
      for await (const _ of iterate(watchWith([booting.provider]), { clock: timers })) throw reason
    }
    await expect(loop()).rejects.toBe(reason)
    expect(timers.sleepers()).toBe(0)
  })

  it("by return ends a step that waits", async () => {
    const clock = createClock({ mode: "manual" })
    const timers = counted(clock)
    const quiet = fakeProvider(() => Effect.succeed(listing([])))
    const iterator = iterate(watchWith([quiet.provider]), { clock: timers })[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await clock.advance(1_000)
    expect(timers.sleepers()).toBe(1)
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(timers.sleepers()).toBe(0)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(quiet.looks).toHaveLength(1)
  })
})

describe("an abort", () => {
  it("stops at once a watch that waits between looks, and one whose list is under way", async () => {
    const clock = createClock({ mode: "manual" })
    const start = clock.now()
    const timers = counted(clock)
    const interrupted: string[] = []
    const interruptible = Effect.onInterrupt(Effect.never, () => Effect.sync(() => interrupted.push("list")))
    const hanging = fakeProvider(() => interruptible, "hanging")
    const quiet = fakeProvider(() => Effect.succeed(listing([])))
    const abort = new AbortController()
    const changes = iterate(watchWith([hanging.provider, quiet.provider]), { clock: timers, signal: abort.signal })
    const iterator = changes[Symbol.asyncIterator]()
    const waiting = iterator.next()
    await clock.advance(5_000)
    expect(timers.sleepers()).toBeGreaterThan(0)
    abort.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect([clock.now() - start, timers.sleepers(), interrupted]).toEqual([5_000, 0, ["list"]])
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it("while the loop is busy ends it at the next step, and the looks at once", async () => {
    const clock = createClock()
    const timers = counted(clock)
    const abort = new AbortController()
    const { provider, looks } = fakeProvider((look) => Effect.succeed(listing([machine("a", { price: look })])))
    const loop = async () => {
      for await (const _ of iterate(watchWith([provider]), { clock: timers, signal: abort.signal })) {
        abort.abort(reason)
        await clock.sleep(600_000)
      }
    }
    await expect(loop()).rejects.toBe(reason)
    expect([looks.length, timers.sleepers()]).toEqual([1, 0])
  })

  it("before the first step asks nobody", async () => {
    const { provider, looks } = fakeProvider(() => Effect.never)
    const iterator = iterate(watchWith([provider]), { signal: AbortSignal.abort(reason) })[Symbol.asyncIterator]()
    await expect(iterator.next()).rejects.toBe(reason)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(looks).toEqual([])
  })

  it("is listened for only while somebody iterates", async () => {
    const { signal } = new AbortController()
    const heard = { added: vi.spyOn(signal, "addEventListener"), removed: vi.spyOn(signal, "removeEventListener") }
    const clock = createClock()
    for await (const _ of iterate(watchWith([booting.provider]), { clock, signal })) {
      expect(heard.removed).not.toHaveBeenCalled()
      break
    }
    const [listener] = heard.added.mock.calls.map(([type, heardBy]) => [type, heardBy])
    expect(listener?.[0]).toBe("abort")
    expect(heard.removed).toHaveBeenCalledExactlyOnceWith(...(listener ?? []))
  })
})

describe("an iteration", () => {
  it("that takes its time gets what changed until then, and looks are not piled up", async () => {
    const clock = createClock()
    const { provider, looks } = fakeProvider((look) =>
      Effect.succeed(listing([machine("a", { price: look }), machine("b", { price: look })]))
    )
    const prices: Array<number | undefined> = []
    for await (const { type, ...change } of iterate(watchWith([provider]), { clock })) {
      if (type === "price" && "instance" in change) prices.push(change.instance.pricePerHour?.micros)
      await clock.sleep(600_000)
      if (prices.length === 8) break
    }
    expect(prices).toEqual([2, 2, 3, 3, 4, 4, 5, 5].map((price) => price * 1e6))
    expect(looks.length).toBeLessThanOrEqual(6)
  })

  it("ends with the error of the catalogue, and is over then", async () => {
    const refused = fakeProvider(() => Effect.fail(errors.refused))
    const iterator = iterate(watchWith([refused.provider]))[Symbol.asyncIterator]()
    await expect(iterator.next()).rejects.toStrictEqual(errors.refused)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it("says that a defect is one", async () => {
    const broken = fakeProvider(() => Effect.die(new TypeError("x is not a function")))
    const iterator = iterate(watchWith([broken.provider]))[Symbol.asyncIterator]()
    await expect(iterator.next()).rejects.toThrow("please report it")
  })

  it("takes steps asked for at once one after the other, and starts again each time", async () => {
    const two = iterate(Stream.make(1, 2))
    for (let times = 0; times < 2; times++) {
      const iterator = two[Symbol.asyncIterator]()
      const steps = await Promise.all([iterator.next(), iterator.next(), iterator.next()])
      expect(steps.map(({ value }) => value)).toEqual([1, 2, undefined])
    }
  })

  it("runs on the ledger it is given", async () => {
    const ledger = memoryLedger()
    const stream = Stream.fromEffect(Effect.map(Effect.service(CurrentLedger), (current) => current === ledger))
    for await (const isSame of iterate(stream, { ledger })) expect(isSame).toBe(true)
    for await (const isSame of iterate(stream)) expect(isSame).toBe(false)
  })
})
