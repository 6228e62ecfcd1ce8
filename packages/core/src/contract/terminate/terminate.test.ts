import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"
import { BeforeEnding } from "../../context/before-ending.ts"
import { Conflict, RateLimited } from "../../errors.ts"
import { InstanceRef } from "../../model/ref.ts"
import { offer, type TinyMachine, tinyCloud } from "../tiny-cloud.test-support.ts"

const ref = new InstanceRef("test", "container", "m1")
const minute = 60_000
const refused = Effect.fail(new Conflict({ message: "only active machines can be ended", retry: "temporary" }))

/** A cloud that ends a machine only once it is up. */
const stubborn = (upAfter: number, then: TinyMachine["state"] = "up") => {
  let ended = false
  const stateAt = (now: number) => (ended ? "ended" : now < upAfter ? "booting" : then)
  return tinyCloud({
    machines: (now) => [{ id: "m1", state: stateAt(now) }],
    destroy: (_, now) => {
      if (stateAt(now) !== "up") return refused
      ended = true
      return Effect.void
    }
  })
}

describe("a machine that cannot be ended yet", () => {
  test("is waited for, as long as it may boot, and ended", async () => {
    const { provider, run, now } = stubborn(4 * minute)
    await expect(run(provider.terminate(ref))).resolves.toMatchObject({ alreadyGone: false })
    expect(now()).toBeGreaterThanOrEqual(4 * minute)
  })

  test("is a Timeout in the end, in the cloud's own words, after its boot time and the time for its end", async () => {
    const { provider, run, now } = stubborn(60 * minute)
    const error = await run(Effect.flip(provider.terminate(ref)))
    expect(error).toMatchObject({ _tag: "Timeout", leftovers: [ref] })
    expect(error.message).toContain("only active machines can be ended")
    expect(now()).toBeGreaterThanOrEqual(7 * minute)
    expect(now()).toBeLessThan(8 * minute)
  })

  test("is waited for no longer than the caller says", async () => {
    const { provider, run, now } = stubborn(60 * minute)
    await expect(run(Effect.flip(provider.terminate(ref, { within: "1 minute" })))).resolves.toMatchObject({
      _tag: "Timeout"
    })
    expect(now()).toBeLessThan(2 * minute)
  })

  test("is Conflict for a caller who does not wait, and was never asked to end as far as the ledger knows", async () => {
    const { provider, run, ledger } = stubborn(4 * minute)
    await run(provider.launch({ offer, name: "job" }))
    const error = await run(Effect.flip(provider.terminate(ref, { ifBusy: "fail" })))
    expect(error).toMatchObject({ _tag: "Conflict", leftovers: [ref] })
    expect(await run(ledger.machine(ref))).toMatchObject({ intent: { action: "launch" }, goneAt: null })
  })
})

describe("a refusal because there is nothing to end is success", () => {
  test.each(["ended", "broken"] as const)("%s", async (state) => {
    const { provider, run, ledger } = stubborn(0, state)
    await run(provider.launch({ offer, name: "job" }))
    const ended = await run(provider.terminate(ref, { ifBusy: "fail" }))
    expect(ended).toMatchObject({ alreadyGone: true, leftovers: [] })
    // Its end was asked for: a launcher that slept meanwhile must see that.
    expect(await run(ledger.machine(ref))).toMatchObject({
      intent: { action: "terminate" },
      goneAt: expect.any(Number)
    })
  })
})

test("a cloud that was asked too often is asked again, whatever wait it asks for", async () => {
  const retryAfter = Duration.days(10)
  let ended = false
  const { provider, run, now } = tinyCloud({
    machines: () => [{ id: "m1", state: ended ? "ended" : "up" }],
    destroy: (_, at) => {
      if (at < minute) return Effect.fail(new RateLimited({ message: "too often", retry: "exhausted", retryAfter }))
      ended = true
      return Effect.void
    }
  })
  await expect(run(provider.terminate(ref))).resolves.toMatchObject({ alreadyGone: false })
  expect(now()).toBeLessThan(2 * minute)
})

test("what has to hold before an end is looked at each time, and nothing is asked for when it does not", async () => {
  const lost = new Conflict({ message: "taken over", retry: "temporary" })
  let looks = 0
  let asked = 0
  const { provider, run } = tinyCloud({
    machines: () => [{ id: "m1", state: "up" }],
    destroy: () =>
      Effect.sync(() => {
        asked += 1
      })
  })
  const check = Effect.suspend(() => (++looks > 2 ? Effect.fail(lost) : Effect.void))
  const error = await run(Effect.flip(Effect.provideService(provider.terminate(ref), BeforeEnding, check)))
  expect(error).toMatchObject({ _tag: "Conflict", message: "taken over" })
  expect([looks, asked]).toEqual([3, 2])
})
