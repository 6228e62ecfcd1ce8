import { createClock } from "@anygpu/simulators"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { brief, changesFor, errors, fakeProvider, listing, machine, problem } from "./watch.test-support.ts"

const minute = 60_000
const calm = Effect.succeed(listing([machine("a")]))

/** The times between looks, in seconds. */
const gaps = (looks: ReadonlyArray<number>): number[] =>
  looks.slice(1).map((at, index) => (at - (looks[index] ?? 0)) / 1000)

describe("the pace of a watch", () => {
  it("slows down to a minute when nothing changes, and is the provider's own again after a change", async () => {
    const clock = createClock()
    const start = clock.now()
    const { provider, looks } = fakeProvider((_, now) =>
      Effect.succeed(listing([machine("a", { price: now - start < 5 * minute ? 1 : 2 })]))
    )
    const changes = await changesFor(clock, [provider], 8 * minute)
    expect(gaps(looks)).toEqual([10, 10, 20, 20, 60, 60, 60, 60, 10, 10, 40, 60])
    expect(changes.map(brief)).toEqual(["appeared a", "price a"])
  })

  it.each(["pending", "provisioning", "starting", "stopping", "terminating"] as const)(
    "stays fast while a machine is %s, until it is stuck",
    async (status) => {
      const clock = createClock()
      const { provider, looks } = fakeProvider(() => Effect.succeed(listing([machine("a", { status })])))
      await changesFor(clock, [provider], 10 * minute)
      expect(gaps(looks).slice(0, 29)).toEqual(Array.from({ length: 29 }, () => 10))
      expect(gaps(looks).slice(-3)).toEqual([60, 60, 60])
    }
  )

  it("stays fast while a running machine cannot be reached yet", async () => {
    const clock = createClock()
    const { provider, looks } = fakeProvider((look) =>
      Effect.succeed(listing([machine("a", { isReachable: look > 8 })]))
    )
    const changes = await changesFor(clock, [provider], 4 * minute)
    expect(gaps(looks).slice(0, 12)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 20, 60])
    expect(changes.map(brief)).toEqual(["appeared a", "endpoints a"])
  })

  it("is fast after a machine went missing, until that is no news any more", async () => {
    const clock = createClock()
    const hidden = Effect.succeed(listing([], [problem("page 2")]))
    const { provider, looks } = fakeProvider((look) =>
      look < 3 ? (look === 1 ? calm : Effect.succeed(listing([]))) : hidden
    )
    const changes = await changesFor(clock, [provider], 10 * minute)
    expect(new Set(gaps(looks).slice(0, 30))).toEqual(new Set([10]))
    expect(gaps(looks).slice(-3)).toEqual([60, 60, 60])
    expect(changes.map(brief)).toEqual(["appeared a", "incomplete fake"])
  })

  it("is what the caller says", async () => {
    const clock = createClock()
    const { provider, looks } = fakeProvider(() => calm)
    await changesFor(clock, [provider], 4 * minute, { every: "5 seconds", idleEvery: "15 seconds" })
    expect(gaps(looks).slice(0, 5)).toEqual([5, 5, 5, 15, 15])
    const slow = fakeProvider(() => calm)
    await changesFor(clock, [slow.provider], 10 * minute, { every: "2 minutes", idleEvery: "1 minute" })
    expect(new Set(gaps(slow.looks))).toEqual(new Set([120]))
  })

  it("keeps looks that take long apart", async () => {
    const clock = createClock()
    const booting = Effect.succeed(listing([machine("a", { status: "starting" })]))
    const { provider, looks } = fakeProvider(() => Effect.delay(booting, "9 seconds"))
    await changesFor(clock, [provider], minute)
    expect(new Set(gaps(looks))).toEqual(new Set([20]))
  })

  it("waits as long as the cloud asks, also when only a page was refused", async () => {
    const limited = errors.limited(Duration.minutes(3))
    const answers = [calm, Effect.fail(limited), Effect.succeed(listing([], [problem("page 2", limited)]))]
    const clock = createClock()
    const { provider, looks } = fakeProvider((look) => answers[look - 1] ?? calm)
    const changes = await changesFor(clock, [provider], 7 * minute)
    expect(gaps(looks)).toEqual([10, 180, 180, 10, 20])
    expect(changes.map(brief)).toEqual(["appeared a", "stale fake", "incomplete fake", "resumed fake"])
  })

  it("backs off from a cloud that is down, and never for longer than a minute", async () => {
    const clock = createClock()
    const { provider, looks } = fakeProvider((look) => (look === 1 ? calm : Effect.fail(errors.network)))
    const changes = await changesFor(clock, [provider], 5 * minute)
    expect(gaps(looks).slice(0, 5)).toEqual([10, 10, 20, 20, 60])
    expect(changes.map(brief)).toEqual(["appeared a", "stale fake"])
  })
})

describe("an outage", () => {
  it("loses nothing and says nothing twice", async () => {
    const clock = createClock()
    const before = [machine("a"), machine("b"), machine("c", { status: "starting" })]
    const after = [machine("a", { status: "stopped", billing: "storage" }), machine("c"), machine("d")]
    const { provider } = fakeProvider((look) =>
      look < 3
        ? Effect.succeed(listing(before))
        : look < 9
          ? Effect.fail(look % 2 ? errors.network : errors.fault)
          : Effect.succeed(listing(after))
    )
    const changes = await changesFor(clock, [provider], 10 * minute)
    expect(changes.map(brief)).toEqual([
      ...["appeared a", "appeared b", "appeared c", "stale fake", "resumed fake"],
      ...["status a: running -> stopped", "endpoints a", "billing a"],
      ...["status c: starting -> running", "endpoints c", "appeared d", "vanished b"]
    ])
    const [, , , stale, resumed] = changes
    expect(stale).toMatchObject({ type: "stale", error: errors.network, provider: "fake", kind: "vm" })
    expect(resumed).toMatchObject({ since: stale?.observedAt })
  })

  it("is said again when the cloud begins to refuse the key, which is asked for once a minute", async () => {
    const clock = createClock()
    const { provider, looks } = fakeProvider((look) =>
      look === 2 ? Effect.fail(errors.network) : look < 6 && look > 2 ? Effect.fail(errors.refused) : calm
    )
    const changes = await changesFor(clock, [provider], 5 * minute)
    expect(changes.map(brief)).toEqual(["appeared a", "stale fake", "stale fake", "resumed fake"])
    expect(changes[2]).toMatchObject({ error: errors.refused })
    expect(gaps(looks).slice(0, 6)).toEqual([10, 10, 40, 60, 60, 10])
  })

  it("from the first look on is said, and what is there later appears", async () => {
    const clock = createClock()
    const { provider } = fakeProvider((look) => (look < 3 ? Effect.fail(errors.network) : calm))
    expect((await changesFor(clock, [provider], 2 * minute)).map(brief)).toEqual([
      "stale fake",
      "resumed fake",
      "appeared a"
    ])
  })

  it("of a cloud that does not answer at all is said while the answer is awaited", async () => {
    const clock = createClock()
    const { provider, looks } = fakeProvider((look) => (look === 2 ? Effect.delay(calm, "20 minutes") : calm))
    const changes = await changesFor(clock, [provider], 21 * minute)
    expect(changes.map(brief)).toEqual(["appeared a", "stale fake", "resumed fake"])
    expect(changes[1]).toMatchObject({ error: { _tag: "Timeout", operation: "list", provider: "fake" } })
    expect(gaps(looks)[1]).toBeGreaterThanOrEqual(20 * 60)
  })
})

describe("a key that is refused from the start", () => {
  it("fails the watch when every provider refuses it", async () => {
    const clock = createClock()
    const [one, two] = [
      fakeProvider(() => Effect.fail(errors.refused)),
      fakeProvider(() => Effect.fail(errors.refused))
    ]
    // The caller gets the error as thrown where it began to watch.
    const { _tag, message } = errors.refused
    await expect(changesFor(clock, [one.provider], minute)).rejects.toMatchObject({ _tag, message })
    await expect(changesFor(clock, [one.provider, two.provider], minute)).rejects.toMatchObject({ _tag, message })
  })

  it("is stale when another provider answers", async () => {
    const clock = createClock()
    const refused = fakeProvider(() => Effect.fail(errors.refused), "refused")
    const changes = await changesFor(clock, [refused.provider, fakeProvider(() => calm).provider], 3 * minute)
    expect(changes.map(brief).sort()).toEqual(["appeared a", "stale refused"])
    expect(gaps(refused.looks)).toEqual([60, 60])
  })

  it("is forgiven when it is let in after all", async () => {
    const clock = createClock()
    const late = fakeProvider((look) => (look === 1 ? Effect.fail(errors.refused) : calm), "late")
    const slow = fakeProvider(() => Effect.delay(Effect.fail(errors.refused), "90 seconds"), "slow")
    const changes = await changesFor(clock, [late.provider, slow.provider], 3 * minute)
    expect(changes.map(brief)).toEqual(["stale late", "resumed late", "appeared a", "stale slow"])
  })

  it("is not the same as a cloud that is down", async () => {
    const clock = createClock()
    const down = fakeProvider(() => Effect.fail(errors.network))
    expect((await changesFor(clock, [down.provider], 3 * minute)).map(brief)).toEqual(["stale fake"])
  })
})

describe("several providers", () => {
  it("do not hold each other up: one hangs, one is slow, one reports a change within its pace", async () => {
    const clock = createClock()
    const start = clock.now()
    const booting = fakeProvider((look) =>
      Effect.succeed(listing([machine("b", { status: look < 4 ? "starting" : "running" }, "quick")]))
    )
    const hanging = fakeProvider(() => Effect.never, "hanging")
    const slow = fakeProvider(() => Effect.delay(calm, "25 seconds"), "slow")
    const changes = await changesFor(clock, [hanging.provider, slow.provider, booting.provider], 2 * minute)
    expect(changes.map(brief)).toEqual(["appeared b", "appeared a", "status b: starting -> running", "endpoints b"])
    expect(changes.map(({ observedAt }) => observedAt.epochMilliseconds - start).slice(2)).toEqual([30_000, 30_000])
    expect(hanging.looks).toHaveLength(1)
  })

  it("of the same pace are looked at together, however differently they change", async () => {
    const clock = createClock()
    const busy = fakeProvider(() => Effect.succeed(listing([machine("b", { status: "starting" })])), "busy")
    const quiet = fakeProvider(() => Effect.delay(calm, "700 millis"))
    const empty = fakeProvider(() => Effect.succeed(listing([])), "empty")
    await changesFor(clock, [busy.provider, quiet.provider, empty.provider], 4 * minute)
    expect(quiet.looks.length).toBeGreaterThan(4)
    expect(quiet.looks.filter((at) => !busy.looks.includes(at))).toEqual([])
    expect(quiet.looks.slice(-3)).toEqual(empty.looks.slice(-3))
  })
})

describe("the options of a watch", () => {
  const untyped = <T>(value: unknown): T => value as T

  it.each<[unknown, string, RegExp]>([
    [null, "options", /must be an object/],
    [{ initial: "no" }, "initial", /true or false/],
    [{ every: "soon" }, "every", /at least 1s/],
    [{ every: 0 }, "every", /at least 1s/],
    [{ idleEvery: Number.POSITIVE_INFINITY }, "idleEvery", /at least 1s/],
    [{ interval: 5 }, "interval", /no option of a watch; expected initial, every, idleEvery/]
  ])("%j is refused, and nothing is sent", async (options, path, message) => {
    const { provider, looks } = fakeProvider(() => calm)
    await expect(changesFor(createClock(), [provider], minute, untyped(options))).rejects.toMatchObject({
      _tag: "InvalidRequest",
      issues: [{ path, problem: expect.stringMatching(message) }]
    })
    expect(looks).toEqual([])
  })

  it("take undefined for absent", async () => {
    const { provider } = fakeProvider(() => calm)
    const changes = await changesFor(createClock(), [provider], minute, untyped({ every: undefined }))
    expect(changes.map(brief)).toEqual(["appeared a"])
  })

  it("need a provider", async () => {
    await expect(changesFor(createClock(), [], minute)).rejects.toMatchObject({ issues: [{ path: "clouds" }] })
  })

  it("leave out what is there at the start, and only that", async () => {
    const { provider } = fakeProvider((look) =>
      Effect.succeed(listing([machine("a", { price: look < 3 ? 1 : 2 }), ...(look < 4 ? [] : [machine("b")])]))
    )
    const changes = await changesFor(createClock(), [provider], 3 * minute, { initial: false })
    expect(changes.map(brief)).toEqual(["price a", "appeared b"])
  })
})
