import { formatMoney, memoryLedger, money, NoCapacity, Unauthenticated } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { createGpu } from "../create-gpu.ts"
import { type CloudScript, type Fate, market, type Stand } from "../testing/market.ts"
import type { Step } from "./request.ts"

const request = { job: { duration: "3 hours" }, name: "train", os: "ubuntu" } as const

const setUp = (scripts: ReadonlyArray<CloudScript>, more: Partial<Parameters<typeof createGpu>[0]> = {}) => {
  const { clouds, clock, ...rest } = market(...scripts)
  const client = () => createGpu({ providers: clouds, clock, ledger: memoryLedger(), ...more })
  return { gpu: client(), clock, client, ...rest }
}

/** One cloud whose offers, from the cheapest on, meet these fates. */
const fates = (...all: ReadonlyArray<Fate>): CloudScript => ({
  name: "acme",
  stands: all.map((fate, index): Stand => ({ id: `o${index + 1}`, perHour: `${index + 1}`, fate }))
})

const shown = (trail: ReadonlyArray<{ offer: { id: string }; outcome: string }>) =>
  trail.map(({ offer, outcome }) => `${offer.id} ${outcome}`)

describe("one after the other", () => {
  test("the cheapest that can be had is launched, waited for, and answered with what was tried", async () => {
    const { gpu, alive, creates } = setUp([fates("no-capacity", "unreachable", "boots", "boots")])
    const { instance, trail } = await gpu.launch(request)
    expect(instance.status).toBe("running")
    expect(shown(trail)).toEqual(["o1 no-capacity", "o2 unreachable", "o3 ready"])
    expect(creates).toEqual(["acme/o1", "acme/o2", "acme/o3"])
    expect(alive()).toHaveLength(1)
  })

  test.each([
    ["breaks", "not-ready"],
    ["never-boots", "not-ready"]
  ] as const)("a machine that %s is ended before the next one is made, and its cost is told", async (fate, outcome) => {
    const { gpu, alive, machines } = setUp([fates(fate, "boots")])
    const { trail } = await gpu.launch({ ...request, limits: { readyWithin: "4 minutes" } })
    expect(shown(trail)).toEqual([`o1 ${outcome}`, "o2 ready"])
    expect(alive().map(({ stand }) => stand.id)).toEqual(["o2"])
    const [first, second] = machines
    expect(first?.endedAt).toBeLessThanOrEqual(second?.at ?? 0)
    const lived = ((trail[0]?.until ?? 0) - (first?.at ?? 0)) / 1000
    expect(trail[0]?.spent && formatMoney(trail[0].spent, 3)).toBe(formatMoney(money(String(lived / 3600)), 3))
  })

  test("a lost answer is settled first: its machine is adopted, not made again", async () => {
    const { gpu, machines } = setUp([fates("answer-lost", "boots")])
    const { instance, trail } = await gpu.launch(request)
    expect(shown(trail)).toEqual(["o1 ready"])
    expect(machines.map(({ id }) => id)).toEqual([instance.ref.id])
  })

  test("an offer that is gone or dearer by now is not launched", async () => {
    const script = fates("boots", "boots", "boots")
    const { gpu, creates } = setUp([script])
    const candidates = await gpu.compare({ job: request.job })
    const [first, second] = script.stands
    Object.assign(first ?? {}, { gone: true })
    Object.assign(second ?? {}, { perHour: "9" })
    const { trail } = await gpu.launch({ ...request, candidates, limits: { maxPerHour: money(5) } })
    expect(shown(trail)).toEqual(["o1 gone", "o2 too-dear", "o3 ready"])
    expect(creates).toEqual(["acme/o3"])
  })

  test("each kind gets the image that it takes, and adapt gives what differs", async () => {
    const { gpu, machines } = setUp([
      { name: "boxes", kind: "container", stands: [{ id: "c", perHour: "1", fate: "no-capacity" }] },
      { name: "acme", stands: [{ id: "v", perHour: "2" }] }
    ])
    const seen: string[] = []
    const adapt = ({ provider }: { readonly provider: string }) => {
      seen.push(provider)
      return provider === "acme" ? { os: "acme-ubuntu" } : {}
    }
    const { trail } = await gpu.launch({ ...request, image: "ubuntu:24.04", adapt })
    expect(shown(trail)).toEqual(["c no-capacity", "v ready"])
    expect([seen, machines.length]).toEqual([["boxes", "acme"], 1])
  })

  test("a cloud that cannot do what is asked is passed over, and nothing is sent to it", async () => {
    const { gpu, creates } = setUp([
      { name: "acme", stands: [{ id: "v", perHour: "1" }] },
      { name: "boxes", kind: "container", stands: [{ id: "c", perHour: "2" }] }
    ])
    const { trail } = await gpu.launch({ job: request.job, name: "train", image: "ubuntu:24.04" })
    expect(shown(trail)).toEqual(["v unsupported", "c ready"])
    expect(creates).toEqual(["boxes/c"])
  })

  test("steps are told as they happen", async () => {
    const steps: string[] = []
    const onProgress = (step: Step) => steps.push(step.type === "ended" ? step.attempt.outcome : step.type)
    await setUp([fates("no-capacity", "boots")]).gpu.launch({ ...request, onProgress })
    expect(steps).toEqual(["trying", "no-capacity", "trying", "booting", "ready"])
  })
})

describe("what ends the search", () => {
  test("nothing can be had: NoCapacity, with the trail and what was left out", async () => {
    const { gpu, alive } = setUp([fates("no-capacity", "no-capacity", "boots")])
    const error = await gpu.launch({ ...request, limits: { maxTotal: money(7) } }).catch((failed: unknown) => failed)
    expect(error).toBeInstanceOf(NoCapacity)
    expect(error).toMatchObject({ trail: [{ outcome: "no-capacity" }, { outcome: "no-capacity" }] })
    expect(String(error)).toContain("1 by maxTotal")
    expect(alive()).toEqual([])
  })

  test("anything else stops it at once", async () => {
    const offersFail = new Unauthenticated({ message: "wrong key", retry: "permanent" })
    const script = fates("boots", "boots")
    const { gpu, creates } = setUp([script])
    const candidates = await gpu.compare({ job: request.job })
    script.offersFail = offersFail
    await expect(gpu.launch({ ...request, candidates })).rejects.toMatchObject({
      _tag: "Unauthenticated",
      trail: [{ outcome: "stopped" }]
    })
    expect(creates).toEqual([])
  })

  test("a machine that cannot be ended stops it, and is named: no second one is made", async () => {
    const { gpu, creates, alive } = setUp([{ ...fates("breaks", "boots"), endsFail: 1 }])
    const error = await gpu.launch(request).catch((failed: unknown) => failed)
    expect(error).toMatchObject({ leftovers: [{ id: alive()[0]?.id }], trail: [{ outcome: "stopped" }] })
    expect(creates).toEqual(["acme/o1"])
  })

  test("the deadline: what was made is ended", async () => {
    const { gpu, alive, machines, clock } = setUp([fates("never-boots", "boots")])
    const before = clock.now()
    await expect(gpu.launch({ ...request, limits: { deadline: "2 minutes" } })).rejects.toMatchObject({
      _tag: "Timeout"
    })
    expect([alive().length, machines.length]).toEqual([0, 1])
    expect(clock.now() - before).toBeLessThan(150_000)
  })

  test("an abort: what was made is ended", async () => {
    const { gpu, alive, machines } = setUp([fates("never-boots", "boots")])
    const controller = new AbortController()
    const onProgress = (step: Step) => step.type === "booting" && controller.abort(new Error("enough"))
    await expect(gpu.launch({ ...request, onProgress }, { signal: controller.signal })).rejects.toThrow("enough")
    expect([alive().length, machines.length]).toEqual([0, 1])
  })
})

describe("a race", () => {
  const racing = { ...request, strategy: "race" } as const

  test("keeps the first that is ready and ends the other; both costs are told", async () => {
    const slow: Stand = { id: "slow", perHour: "1", bootMs: 200_000 }
    const { gpu, alive, machines } = setUp([
      { name: "acme", stands: [slow] },
      { name: "other", stands: [{ id: "fast", perHour: "2" }] }
    ])
    const { instance, trail } = await gpu.launch(racing)
    expect(machines).toHaveLength(2)
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
    expect(shown(trail)).toEqual(["fast ready", "slow lost-race"])
    expect(trail.every(({ spent }) => spent !== null && spent.micros > 0)).toBe(true)
  })

  test("two that are ready at once: one is kept", async () => {
    const { gpu, alive } = setUp([
      { name: "acme", stands: [{ id: "a", perHour: "1" }] },
      { name: "other", stands: [{ id: "b", perHour: "1" }] }
    ])
    await gpu.launch(racing)
    expect(alive()).toHaveLength(1)
  })

  test("when both fail the next two race, and what stops one stops all", async () => {
    const { gpu, alive, creates } = setUp([fates("no-capacity", "breaks", "boots", "no-capacity")])
    const { trail } = await gpu.launch(racing)
    expect(shown(trail).toSorted()).toEqual(["o1 no-capacity", "o2 not-ready", "o3 ready", "o4 no-capacity"])
    expect([alive().length, creates.length]).toEqual([1, 4])
  })
})

describe("the same key again", () => {
  test("answers the machine of the first launch, also to a new client on the same ledger", async () => {
    const { gpu, client, machines } = setUp([fates("boots", "boots")], { ledger: memoryLedger() })
    const first = await gpu.launch({ ...request, key: "nightly" })
    const second = await client().launch({ ...request, key: "nightly" })
    expect([String(second.instance.ref), machines.length]).toEqual([String(first.instance.ref), 1])
  })

  test("is free for the next offer once a machine was ended", async () => {
    const { gpu, alive } = setUp([fates("breaks", "boots")])
    const { instance } = await gpu.launch({ ...request, key: "nightly" })
    expect(alive().map(({ id }) => id)).toEqual([instance.ref.id])
  })
})

describe("failures are remembered", () => {
  test("an offer that failed is ranked down, and comes back in time", async () => {
    const { gpu, clock } = setUp([
      {
        name: "acme",
        stands: [
          { id: "flaky", perHour: "1", fate: "breaks", more: { host: "h1" } },
          { id: "good", perHour: "1.2" }
        ]
      }
    ])
    const first = async () => (await gpu.compare({ job: request.job })).candidates[0]
    expect((await first())?.offer.id).toBe("flaky")
    expect(shown((await gpu.launch(request)).trail)).toEqual(["flaky not-ready", "good ready"])
    expect((await first())?.offer.id).toBe("good")
    await clock.sleep(60 * 60_000)
    expect(await first()).toMatchObject({ offer: { id: "flaky" }, penalty: expect.closeTo(0.12, 1) })
  })
})

describe("the spend limit of a client", () => {
  test("holds over launches that run at once, and is free again when machines end", async () => {
    const { gpu, alive } = setUp([fates("boots")], { spendLimit: { perHour: money("2.50") } })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    const launches = await Promise.allSettled(
      Array.from({ length: 5 }, () => gpu.launch({ offer, name: "job", os: "ubuntu" }))
    )
    expect(launches.filter(({ status }) => status === "fulfilled")).toHaveLength(2)
    expect(alive()).toHaveLength(2)
    for (const one of launches) {
      if (one.status === "rejected")
        expect(one.reason).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(3) })
    }
    const [kept] = await gpu.list()
    if (kept) await gpu.terminate(kept.ref)
    await gpu.launch({ offer, name: "job", os: "ubuntu" })
    expect(alive()).toHaveLength(2)
  })

  test("in total counts whole jobs, and refuses a launch without an end", async () => {
    const { gpu, alive } = setUp([fates("boots")], { spendLimit: { total: money(7) } })
    const [offer] = await gpu.offers()
    if (!offer) throw new Error("no offer")
    await expect(gpu.launch({ offer, name: "job", os: "ubuntu" })).rejects.toMatchObject({ _tag: "OutOfFunds" })
    await gpu.launch({ offer, name: "job", os: "ubuntu", ttl: "4 hours" })
    await gpu.launch(request)
    await expect(gpu.launch(request)).rejects.toMatchObject({ trail: [{ outcome: "too-dear" }] })
    expect(alive()).toHaveLength(2)
  })

  test("a launch that made nothing holds nothing", async () => {
    const { gpu } = setUp([fates("no-capacity", "boots")], { spendLimit: { perHour: money(2) } })
    await expect(gpu.launch(request)).resolves.toMatchObject({
      trail: [{ outcome: "no-capacity" }, { outcome: "ready" }]
    })
  })
})
