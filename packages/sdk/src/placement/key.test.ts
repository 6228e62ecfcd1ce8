import { ProviderFault } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { Candidate } from "../compare/comparison.ts"
import { errorOf, fates, request, setUp, shown, two } from "./placement.test-support.ts"
import type { LaunchRequest, Step } from "./request.ts"

describe("the same key again", () => {
  test("answers the machine of the first launch, also to a new client on the same ledger", async () => {
    const { gpu, client, machines } = setUp([fates("boots", "boots")])
    const first = await gpu.launch({ ...request, key: "nightly" })
    const second = await client().launch({ ...request, key: "nightly" })
    expect([String(second.instance.ref), machines.length]).toEqual([String(first.instance.ref), 1])
  })

  test("is free for the next offer once a machine was ended", async () => {
    const { gpu, alive } = setUp([fates("breaks", "boots")])
    const { instance } = await gpu.launch({ ...request, key: "nightly" })
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("is not rented again by a launch whose machine its user ended elsewhere while it booted", async () => {
    const { gpu, client, alive, creates } = setUp(two())
    const user = client()
    const ended: Array<Promise<unknown>> = []
    const onProgress = (step: Step) => {
      if (step.type === "booting") ended.push(user.terminate(step.instance.ref))
    }
    const error = await errorOf(gpu.launch({ ...request, key: "nightly", onProgress }))
    await Promise.all(ended)
    expect(error).toMatchObject({ _tag: "Conflict", message: expect.stringContaining("terminated") })
    expect([creates, alive()]).toEqual([["acme/a"], []])
    expect(await errorOf(client().launch({ ...request, key: "nightly" }))).toMatchObject({ _tag: "Conflict" })
    expect(creates).toEqual(["acme/a"])
  })

  test("leaves a machine alone that broke in the hands of another client, whose launch came first", async () => {
    const stands = [1, 2].map((price) => ({ id: `o${price}`, perHour: `${price}`, bootMs: 1000 }))
    const { clock, client, alive, creates, machines } = setUp([{ name: "acme", stands, latencyMs: 15_000 }])
    const candidates = await client().compare({ job: request.job })
    const launch = () => errorOf(client().launch({ ...request, key: "nightly", candidates }))
    const [first, second] = [
      client().launch({ ...request, key: "nightly", candidates }),
      clock.sleep(12_000).then(launch)
    ]
    const { instance } = await first
    const [machine] = machines
    if (machine) Object.assign(machine, { stand: { ...machine.stand, fate: "breaks" } })
    expect(await second).toMatchObject({ _tag: "ProviderFault", ref: instance.ref })
    expect([creates, alive().map(({ id }) => id)]).toEqual([["acme/o1"], [instance.ref.id]])
  })

  test("is free for another cloud once its machine is proven absent", async () => {
    const { gpu, alive, creates } = setUp(two({ stands: [{ id: "a", perHour: "1", fate: "answer-lost-unmade" }] }))
    const { instance, trail } = await gpu.launch({ ...request, key: "nightly" })
    expect(shown(trail)).toEqual(["a unreachable", "b ready"])
    expect(creates).toEqual(["acme/a", "other/b"])
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("adopts the machine of a launch that was left open, once it can be looked for", async () => {
    const findFails = new ProviderFault({ message: "no lists today", retry: "temporary" })
    const script = { ...fates("answer-lost", "boots"), findFails }
    const { gpu, client, machines } = setUp([script])
    expect(await errorOf(gpu.launch({ ...request, key: "nightly" }))).toMatchObject({ _tag: "LaunchUnsettled" })
    const still = await errorOf(client().launch({ ...request, key: "nightly" }))
    expect(still).toMatchObject({ _tag: "LaunchUnsettled", message: expect.stringContaining("call recover() later") })
    Object.assign(script, { findFails: undefined })
    const { instance } = await client().launch({ ...request, key: "nightly" })
    expect(machines.map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("never pays twice: once its machine has ended it is a Conflict", async () => {
    const { gpu, alive, creates } = setUp(two())
    const { instance } = await gpu.launch({ ...request, key: "nightly" })
    await gpu.terminate(instance.ref)
    expect(await errorOf(gpu.launch({ ...request, key: "nightly" }))).toMatchObject({ _tag: "Conflict" })
    expect([creates, alive()]).toEqual([["acme/a"], []])
  })

  test.each([
    ["name", { name: "evaluate" }, 'name "train", not "evaluate"'],
    ["os", { workload: { os: "debian" } }, 'os "ubuntu", not "debian"']
  ])("is a Conflict for a launch of another %s", async (_, other, says) => {
    const { gpu, creates } = setUp(two())
    await gpu.launch({ ...request, key: "nightly" })
    const error = await errorOf(gpu.launch({ ...request, ...other, key: "nightly" }))
    expect(error).toMatchObject({ _tag: "Conflict", message: expect.stringContaining(says) })
    expect(creates).toEqual(["acme/a"])
  })

  test("is the same launch where adapt gives what differs from cloud to cloud", async () => {
    const { gpu, creates } = setUp(two())
    const adapt = () => ({ os: "acme-ubuntu" })
    const [first, second] = [1, 2].map(() => ({ ...request, adapt, key: "nightly" }))
    const machine = await gpu.launch(first ?? request)
    expect(String((await gpu.launch(second ?? request)).instance.ref)).toBe(String(machine.instance.ref))
    expect(creates).toEqual(["acme/a"])
  })

  test.each([0, 50, 1500])(
    "two clients that prefer different clouds, the second %i ms later: one machine",
    async (later) => {
      const { clock, client, alive, creates } = setUp(two({ createMs: 1000, latencyMs: 100 }, { createMs: 1000 }))
      const [a, b] = await client().compare({ job: request.job })
      if (!a || !b) throw new Error("two offers")
      const launch = (...candidates: ReadonlyArray<Candidate>) =>
        client().launch({ ...request, key: "nightly", candidates })
      const answers = await Promise.allSettled([launch(a, b), clock.sleep(later).then(() => launch(b, a))])
      expect([creates.length, alive().length]).toEqual([1, 1])
      const known = answers.map((answer) => (answer.status === "fulfilled" ? answer.value.instance.ref.id : null))
      expect(known).toEqual([alive()[0]?.id, alive()[0]?.id])
    }
  )

  test.each([0, 10, 1000, 1500, 2500, 61_000, 70_000])(
    "two clients on one ledger, the second %i ms later: one machine, and both know it",
    async (later) => {
      const { clock, client, alive, creates } = setUp([{ ...fates("breaks", "boots"), createMs: 1000, latencyMs: 100 }])
      const [first, second] = await Promise.allSettled([
        client().launch({ ...request, key: "nightly" }),
        clock.sleep(later).then(() => client().launch({ ...request, key: "nightly" }))
      ])
      expect(creates).toEqual(["acme/o1", "acme/o2"])
      const [machine] = alive()
      expect(alive()).toHaveLength(1)
      expect(first).toMatchObject({ value: { instance: { ref: { id: machine?.id } } } })
      expect(second).toMatchObject({ value: { instance: { ref: { id: machine?.id } } } })
    }
  )

  /** Two launches under one key, the second of which finds it taken in the very moment in which it launches. */
  const nearly = async (more: Partial<LaunchRequest>, signal?: AbortSignal) => {
    const { client, clock, creates, alive } = setUp([
      { name: "acme", stands: [{ id: "a", perHour: "1", bootMs: 120_000 }], latencyMs: 100 }
    ])
    const candidates = await client().compare({ job: request.job })
    const first = client().launch({ ...request, key: "nightly", candidates })
    const second = client().launch({ ...request, key: "nightly", ...more }, signal ? { signal } : {})
    const settled = await Promise.allSettled([first, second, clock.sleep(30_000)])
    return { settled, creates, alive: alive().map(({ id }) => id) }
  }

  test("a machine of another call is waited for, and reported as that one's", async () => {
    const { settled, creates, alive } = await nearly({})
    const [first, second] = settled
    expect(creates).toEqual(["acme/a"])
    expect(first).toMatchObject({ value: { instance: { ref: { id: alive[0] } }, trail: [{ outcome: "ready" }] } })
    expect(second).toMatchObject({ value: { instance: { ref: { id: alive[0] } }, trail: [{ outcome: "stopped" }] } })
  })

  test("a machine of another call is not ended by who does not want to wait for it so long", async () => {
    const { settled, alive } = await nearly({ limits: { readyWithin: "10 seconds" } })
    const [first, second] = settled
    expect(first).toMatchObject({ value: { instance: { ref: { id: alive[0] } } } })
    expect(second).toMatchObject({ status: "rejected", reason: { _tag: "Timeout" } })
  })

  test("a machine of another call is not ended by who is interrupted", async () => {
    const abort = new AbortController()
    const { settled, alive } = await nearly(
      { onProgress: ({ type }) => type === "ended" && abort.abort() },
      abort.signal
    )
    const [first, second] = settled
    expect(first).toMatchObject({ value: { instance: { ref: { id: alive[0] } } } })
    expect(second).toMatchObject({ status: "rejected", reason: { name: "AbortError" } })
  })
})
