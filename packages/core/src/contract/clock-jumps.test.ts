import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { Network } from "../errors.ts"
import { offer, type TinyCloud, type TinyMachine, tinyCloud } from "./tiny-cloud.test-support.ts"
import { waitForStatus } from "./wait.ts"

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000]
const jumps = [
  ["5 hours back", -5 * hour],
  ["8 minutes forward", 8 * minute],
  ["3 days forward", 3 * day]
] as const

/** A cloud on which the wall clock is set as soon as time has come to a moment. */
const clouded = (by: number, at: number, cloud: TinyCloud) => {
  let isSet = false
  const made = tinyCloud({
    ...cloud,
    machines: (now) => {
      if (now >= at && !isSet) {
        isSet = true
        made.jump(by)
      }
      return cloud.machines(now)
    }
  })
  return made
}

const lost = () => Effect.fail(new Network({ message: "the answer was lost", retry: "temporary", sent: "maybe" }))

describe.each(jumps)("the wall clock is set %s", (_, by) => {
  test("a wait ends when its machine is ready, and not before", async () => {
    const { provider, run, now } = clouded(by, 10 * second, {
      machines: (time) => [{ id: "m1", state: time < 2 * minute ? "booting" : "up" }]
    })
    const ready = run(
      Effect.flatMap(provider.launch({ offer, name: "job" }), ({ ref }) => waitForStatus(provider, ref, "running"))
    )
    expect(await ready.catch((error: unknown) => error)).toMatchObject({ status: "running" })
    expect(now()).toBe(2 * minute)
  })

  test("a wait that comes to nothing ends in its time", async () => {
    const { provider, run, now } = clouded(by, 10 * second, { machines: () => [{ id: "m1", state: "booting" }] })
    const ready = run(
      Effect.flatMap(provider.launch({ offer, name: "job" }), ({ ref }) => waitForStatus(provider, ref, "running"))
    )
    expect(await ready.catch((error: unknown) => error)).toMatchObject({ _tag: "Timeout" })
    expect(now()).toBe(5 * minute)
  })

  test("an end is waited for as long as it may take", async () => {
    let endedAt = Number.POSITIVE_INFINITY
    const { provider, run } = clouded(by, 10 * second, {
      machines: (time) => (time < endedAt ? [{ id: "m1", state: "up" }] : []),
      destroy: (__, time) =>
        Effect.sync(() => {
          endedAt = Math.min(endedAt, time + minute)
        })
    })
    const ended = run(Effect.flatMap(provider.launch({ offer, name: "job" }), ({ ref }) => provider.terminate(ref)))
    expect(await ended.catch((error: unknown) => error)).toMatchObject({ alreadyGone: false })
  })

  test("an end that does not come is a Timeout in its time", async () => {
    const { provider, run, now } = clouded(by, 10 * second, { machines: () => [{ id: "m1", state: "up" }] })
    const ended = run(Effect.flatMap(provider.launch({ offer, name: "job" }), ({ ref }) => provider.terminate(ref)))
    expect(await ended.catch((error: unknown) => error)).toMatchObject({ _tag: "Timeout", after: expect.anything() })
    expect(now()).toBe(2 * minute)
  })

  test("a machine that does not show yet is neither gone nor ended unseen", async () => {
    let gone = false
    const machines = (time: number): ReadonlyArray<TinyMachine> =>
      time < 40 * second || gone ? [] : [{ id: "m1", state: "up" }]
    const { provider, run, now } = clouded(by, second, {
      machines,
      // Before it shows there is nothing to end for this cloud.
      destroy: (__, time) =>
        Effect.sync(() => {
          gone = gone || time >= 40 * second
        })
    })
    const { ref } = await run(provider.launch({ offer, name: "job" }))
    await run(Effect.sleep(2 * second))
    expect(await run(provider.get(ref))).toMatchObject({ status: "pending", reason: "not-visible-yet" })
    expect((await run(provider.list())).items).toMatchObject([{ status: "pending" }])
    await run(provider.terminate(ref))
    expect(gone).toBe(true)
    expect(now()).toBeGreaterThanOrEqual(40 * second)
  })

  test("a machine that never shows is gone in the end", async () => {
    const { provider, run, now } = clouded(by, second, { machines: () => [] })
    const { ref } = await run(provider.launch({ offer, name: "job" }))
    await run(Effect.sleep(2 * second))
    expect(await run(provider.get(ref))).toMatchObject({ status: "pending" })
    await run(provider.terminate(ref))
    expect(now()).toBeLessThan(2 * minute)
  })

  test.each(["the same process", "another process"])(
    "while a create is under way its key, asked again by %s, is the same launch",
    async (who) => {
      let made = 0
      let looks = 0
      let creates = 0
      const answered = Promise.withResolvers<void>()
      const { provider, another, run, jump } = tinyCloud({
        machines: () => {
          looks += 1
          if (looks === 3) answered.resolve()
          return Array.from({ length: made }, (__, index) => ({ id: `m${index + 1}`, state: "up" }) as const)
        },
        create: () =>
          Effect.gen(function* () {
            creates += 1
            if (creates === 2) answered.resolve()
            yield* Effect.promise(() => answered.promise)
            made += 1
            return `m${made}`
          })
      })
      const spec = { offer, name: "job", key: "once" }
      const first = run(provider.launch(spec))
      await run(Effect.sleep(second))
      jump(by)
      const again = run((who === "the same process" ? provider : another()).launch(spec))
      const [one, two] = await Promise.all([first, again])
      expect(two.ref).toEqual(one.ref)
      expect(made).toBe(1)
    }
  )

  test("a machine that a list shows before its create is answered is the launch's own", async () => {
    const answered = Promise.withResolvers<void>()
    let made = false
    const { provider, run, jump } = tinyCloud({
      machines: () => (made ? [{ id: "m1", state: "up" }] : []),
      create: () =>
        Effect.gen(function* () {
          made = true
          yield* Effect.promise(() => answered.promise)
          return "m1"
        })
    })
    const launching = run(provider.launch({ offer, name: "job" }))
    await run(Effect.sleep(second))
    jump(by)
    expect((await run(provider.list())).items).toHaveLength(1)
    answered.resolve()
    expect((await launching).ref.id).toBe("m1")
    expect((await run(provider.list())).items).toMatchObject([{ status: "running" }])
  })

  test("another process finds an abandoned launch absent once it can no longer be under way, and not before", async () => {
    let late = false
    const { provider, another, run, ledger, jump } = tinyCloud({
      machines: () => (late ? [{ id: "m1", state: "up" }] : []),
      create: () => Effect.never
    })
    void run(provider.launch({ offer, name: "job", key: "once" }))
    await run(Effect.sleep(second))
    jump(by)
    const next = another()
    const counts = async () => {
      const { adopted, absent, unsettled } = await run(next.recover())
      return [adopted.length, absent.length, unsettled.length]
    }
    expect(await counts()).toEqual([0, 0, 1])
    await run(Effect.sleep(2 * minute - 2 * second))
    expect(await counts()).toEqual([0, 0, 1])
    await run(Effect.sleep(2 * second))
    expect(await counts()).toEqual([0, 1, 0])
    expect((await run(ledger.launches())).map(({ state }) => state)).toEqual(["absent"])
    // Two days later it comes all the same.
    await run(Effect.sleep(2 * day))
    expect(await counts()).toEqual([0, 0, 0])
    late = true
    expect(await counts()).toEqual([1, 0, 0])
    expect((await run(ledger.launches())).map(({ state }) => state)).toEqual(["created"])
  })

  test("a lost answer is looked for as long as its machine may stay invisible", async () => {
    const { provider, run, now } = clouded(by, 3 * second, {
      machines: (time) => (time < 50 * second ? [] : [{ id: "m1", state: "up" }]),
      create: lost
    })
    expect((await run(provider.launch({ offer, name: "job" }))).ref.id).toBe("m1")
    expect(now()).toBeLessThanOrEqual(minute)
  })
})

test("a process that begins long after a launch was abandoned need not wait, as both clocks say so", async () => {
  const { provider, another, run } = tinyCloud({ machines: () => [], create: () => Effect.never })
  void run(provider.launch({ offer, name: "job", key: "once" }))
  await run(Effect.sleep(hour))
  expect(await run(another().recover())).toMatchObject({ absent: [{ key: "once" }], unsettled: [] })
})
