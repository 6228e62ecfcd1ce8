import { money, Unauthenticated } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import type { CloudScript } from "../testing/market.ts"
import { errorOf, fates, request, setUp, shown, two } from "./placement.test-support.ts"

/** What a quote offers; fails when it is something else. */
const offered = async (quote: ReturnType<ReturnType<typeof setUp>["gpu"]["quote"]>) => {
  const answer = await quote
  if (answer.is !== "offered") throw new Error("an earlier machine")
  return answer
}

const priced = (name: string, ...perHour: ReadonlyArray<string>): CloudScript => ({
  name,
  stands: perHour.map((price) => ({ id: `${name}-${price}`, perHour: price }))
})
const idsOf = (candidates: ReadonlyArray<{ readonly offer: { readonly id: string } }>) =>
  candidates.map(({ offer }) => offer.id)

describe("a quote", () => {
  test("says what a launch would rent and cost, and rents nothing", async () => {
    const { gpu, creates } = setUp([priced("acme", "4", "4.8", "5.2")])
    const quote = await offered(gpu.quote({ ...request, limits: { maxAbove: 0.25 } }))
    expect(idsOf(quote.candidates)).toEqual(["acme-4", "acme-4.8"])
    expect(quote).toMatchObject({ perHour: money(4), options: { os: "ubuntu" }, complete: true, problems: [] })
    expect(quote.limits).toEqual({ maxTotal: money(15), maxPerHour: money("4.80") })
    expect(creates).toEqual([])
  })

  test("holds a launch to what it shows", async () => {
    const script = fates("no-capacity", "boots", "boots")
    const { gpu, creates } = setUp([script])
    const quote = await offered(gpu.quote({ ...request, limits: { maxAbove: 1 } }))
    expect(idsOf(quote.candidates)).toEqual(["o1", "o2"])
    Object.assign(script.stands[1] ?? {}, { perHour: "2.01" })
    const error = await errorOf(gpu.launch(quote.request))
    expect(shown(error.trail ?? [])).toEqual(["o1 no-capacity", "o2 too-dear"])
    expect(creates).toEqual(["acme/o1"])
  })

  test("keeps limits that are given, and none where nothing limits it", async () => {
    const { gpu } = setUp([priced("acme", "1", "2", "3", "4", "5", "6")])
    const given = { maxTotal: money(9), maxPerHour: money("2.50") }
    const limited = await offered(gpu.quote({ ...request, limits: { ...given, maxAbove: 0.25 } }))
    expect([idsOf(limited.candidates), limited.limits]).toEqual([["acme-1", "acme-2"], given])
    const free = await offered(gpu.quote(request))
    expect([idsOf(free.candidates).length, free.limits]).toEqual([5, {}])
    expect(free.request.limits).toEqual({})
    const many = await offered(gpu.quote({ ...request, limits: { maxAttempts: 6 } }))
    expect(many.candidates).toHaveLength(6)
  })

  test("has the best of every cloud where others may help out", async () => {
    const { gpu } = setUp([priced("acme", "1", "1.1", "1.2", "1.3", "1.4"), priced("other", "1.5", "1.6")])
    expect(idsOf((await offered(gpu.quote(request))).candidates)).not.toContain("other-1.5")
    const { candidates } = await offered(gpu.quote({ ...request, onCloudTrouble: "next" }))
    expect(idsOf(candidates).slice(4)).toEqual(["acme-1.4", "other-1.5"])
  })

  test("answers the machine of its key, before the market is asked", async () => {
    const { client } = setUp(two())
    const { instance } = await client().launch({ ...request, key: "k" })
    const again = await client().quote({ ...request, key: "k", limits: { maxTotal: money("0.01") } })
    expect(again).toMatchObject({ is: "earlier", instance: { ref: { id: instance.ref.id } } })
    const other = { ...request, key: "k", candidates: { gpuCount: 7 } }
    expect(await errorOf(client().quote(other))).toMatchObject({ _tag: "Conflict" })
  })

  test("of a key that another call has taken meanwhile is that machine, also where nothing fits any more", async () => {
    const script: CloudScript = { ...fates("boots"), latencyMs: 5000 }
    const { client, clock } = setUp([script])
    const candidates = await client().compare({ job: request.job })
    const first = client().launch({ ...request, key: "k", until: "created", candidates })
    await clock.sleep(4000)
    const quote = client().quote({ ...request, key: "k", until: "created" })
    await clock.sleep(2000)
    Object.assign(script.stands[0] ?? {}, { gone: true })
    expect(await quote).toMatchObject({ is: "earlier", instance: { ref: { id: (await first).instance.ref.id } } })
  })

  test("is no quote for another wish: a launch by it keeps to its filters under a key", async () => {
    const gpus = {
      more: { gpu: { model: "A100", known: true, vendor: "nvidia" as const, interface: null, count: 1, vramMiB: 1 } }
    }
    const stands = [{ id: "a", perHour: "1" }, { id: "b", perHour: "2", ...gpus } as const]
    const { client, creates } = setUp([{ name: "acme", stands }])
    const quotes = await Promise.all(
      ["H100", "A100"].map((gpu) => offered(client().quote({ ...request, key: "k", candidates: { gpu } })))
    )
    const answers = await Promise.allSettled(quotes.map((quote) => client().launch(quote.request)))
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect(creates).toHaveLength(1)
  })

  test("puts what earlier calls with the key have cost on top of its own limit", async () => {
    const { client } = setUp([fates("breaks", "boots")])
    const limits = { maxAttempts: 1, maxAbove: 1 }
    const first = await offered(client().quote({ ...request, key: "k", limits }))
    const { trail } = await errorOf(client().launch(first.request))
    const spent = trail?.[0]?.spent?.micros ?? 0
    const second = await offered(client().quote({ ...request, key: "k", limits }))
    expect(spent).toBeGreaterThan(0)
    const best = second.candidates[0].cost.total.micros
    expect([second.limits.maxTotal?.micros, second.request.limits?.maxTotal?.micros]).toEqual([
      2 * best,
      2 * best + spent
    ])
  })

  test("that finds nothing says what was left out", async () => {
    const { gpu } = setUp([priced("acme", "1")])
    const error = await errorOf(gpu.quote({ ...request, workload: { image: "a/b" } }))
    expect(error).toMatchObject({ _tag: "Unsupported", excluded: [{ provider: "acme", rule: "image", count: 1 }] })
    expect(await errorOf(gpu.quote({ ...request, candidates: [] }))).toMatchObject({ _tag: "InvalidRequest" })
  })
})

describe("an offer that is named", () => {
  const wrongKey = new Unauthenticated({ message: "the key is wrong", retry: "permanent" })
  const named = (offer: string, more: object = {}) => ({ ...request, candidates: { offer, ...more } })

  test("is the only candidate, and only its cloud is asked", async () => {
    const { gpu } = setUp([priced("acme", "1", "2"), { ...priced("other", "1"), offersFail: wrongKey }])
    const quote = await offered(gpu.quote({ ...named("acme/vm/acme-2"), limits: { maxAbove: 0.25 } }))
    expect(idsOf(quote.candidates)).toEqual(["acme-2"])
    expect([quote.complete, quote.limits.maxTotal]).toEqual([true, money(6)])
  })

  test("is too dear, cannot run it, or is gone: each is said", async () => {
    const { gpu } = setUp([priced("acme", "1", "2")])
    const dear = await errorOf(gpu.quote({ ...named("acme/vm/acme-2"), limits: { maxTotal: money(5) } }))
    expect(dear).toMatchObject({ _tag: "OutOfFunds", needed: money(6), available: money(5), ownLimit: true })
    expect(dear.message).toBe("acme/vm/acme-2 costs $6.00 for the job, above the limit of $5.00. Nothing was sent.")
    const rate = await errorOf(gpu.quote({ ...named("acme/vm/acme-2"), limits: { maxPerHour: money(1) } }))
    expect(rate.message).toBe("acme/vm/acme-2 costs $2.00 per hour, above the limit of $1.00. Nothing was sent.")
    const unable = await errorOf(gpu.quote({ ...named("acme/vm/acme-2"), workload: { image: "a/b" } }))
    expect(unable).toMatchObject({ _tag: "Unsupported", excluded: [{ rule: "image", count: 1 }] })
    const gone = await errorOf(gpu.quote(named("acme/vm/none")))
    expect(gone).toMatchObject({ _tag: "NoCapacity", message: expect.stringMatching(/^acme\/vm\/none is not on the/) })
  })

  test("is the offer of its key, or that is another launch", async () => {
    const { client, creates } = setUp([priced("acme", "1", "2")])
    await client().launch({ ...named("acme/vm/acme-2"), key: "k" })
    expect((await client().launch({ ...named("acme/vm/acme-2"), key: "k" })).isEarlier).toBe(true)
    expect(await errorOf(client().launch({ ...named("acme/vm/acme-1"), key: "k" }))).toMatchObject({
      _tag: "Conflict",
      message: expect.stringContaining("offer acme/vm/acme-2, not acme/vm/acme-1")
    })
    expect(creates).toEqual(["acme/acme-2"])
  })
})
