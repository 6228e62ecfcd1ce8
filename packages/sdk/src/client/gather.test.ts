import { BadResponse, money, Network, Unauthenticated } from "@anygpu/core"
import { describe, expect, test } from "vitest"
import { nothingFits } from "../compare/nothing-fits.ts"
import { type CloudScript, market } from "../testing/market.ts"
import { createGpu } from "./create-gpu.ts"

const job = { duration: "3 hours" } as const
const wrongKey = new Unauthenticated({ message: "the key is wrong", retry: "permanent" })
const deadNetwork = new Network({ message: "no way there", retry: "exhausted", sent: "no", reason: "unreachable" })

const stands = [{ id: "a", perHour: "1" }]
const fine: CloudScript = { name: "fine", stands, balance: "5" }
const hanging: CloudScript = { name: "hanging", stands, latencyMs: 3_600_000, listMs: 3_600_000, balance: "5" }
const refused: CloudScript = { name: "refused", stands, offersFail: wrongKey, listFails: wrongKey }

const setUp = (...scripts: ReadonlyArray<CloudScript>) => {
  const { clouds, clock, ...rest } = market(...scripts)
  return { gpu: createGpu({ clouds, clock }), clock, ...rest }
}

const errorOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => expect.unreachable("it should have failed"),
    (error: Error) => error
  )

/** A launch on what a filter finds. */
const launchWith = (candidates: object) => ({ job, name: "trainer", workload: { os: "ubuntu" }, candidates })

describe("only who is asked counts", () => {
  const others: ReadonlyArray<CloudScript> = [
    { name: "containers", kind: "container", stands },
    { name: "cpus", kind: "cpu-vm", stands }
  ]
  const filters = [
    { kind: "vm" },
    { kind: ["vm", "baremetal"] },
    { kind: "vm", countries: ["FI"], gpu: "H100" }
  ] as const

  test.each(filters.flatMap((filter) => [wrongKey, deadNetwork].map((error) => [filter, error] as const)))(
    "%j with a cloud that fails is that failure",
    async (filter, error) => {
      const { gpu, creates } = setUp({ ...refused, offersFail: error }, ...others)
      const wanted = {
        _tag: error._tag,
        message: error.message,
        provider: "refused",
        problems: [{ provider: "refused" }]
      }
      expect(await errorOf(gpu.offers(filter))).toMatchObject(wanted)
      expect(await errorOf(gpu.compare({ ...filter, job }))).toMatchObject(wanted)
      expect(await errorOf(gpu.launch(launchWith(filter)))).toMatchObject(wanted)
      expect(creates).toEqual([])
    }
  )

  test("without a kind machines without a GPU are no answer either", async () => {
    const { gpu } = setUp(refused, { name: "cpus", kind: "cpu-vm", stands })
    expect(await errorOf(gpu.offers())).toMatchObject({ _tag: "Unauthenticated" })
    expect(await errorOf(gpu.compare({ job }))).toMatchObject({ _tag: "Unauthenticated" })
  })

  test("when all fail the first is the error, and all are named", async () => {
    const { gpu } = setUp(refused, { ...refused, name: "dead", offersFail: deadNetwork, listFails: deadNetwork })
    const problems = [
      { provider: "refused", kind: "vm", error: { _tag: "Unauthenticated" } },
      { provider: "dead", kind: "vm", error: { _tag: "Network", reason: "unreachable" } }
    ]
    for (const call of [gpu.offers(), gpu.compare({ job }), gpu.list(), gpu.audit()]) {
      expect(await errorOf(call)).toMatchObject({ _tag: "Unauthenticated", problems })
    }
  })
})

describe("some fail and nothing is left of the others", () => {
  const dear: CloudScript = { name: "dear", stands: [{ id: "d", perHour: "90" }] }
  const most = { maxPerHour: money(2) }

  test("a list says that it is not whole", async () => {
    const { gpu } = setUp(refused, dear)
    const missing = { complete: false, problems: [{ provider: "refused", part: "all offers" }] }
    const offers = await gpu.offers({ maxPerHour: money(2) })
    expect([[...offers], offers]).toMatchObject([[], missing])
    const compared = await gpu.compare({ job, ...most })
    expect([[...compared], compared]).toMatchObject([[], missing])
  })

  test.each([wrongKey, deadNetwork])("a launch is the failure, and never NoCapacity", async (error) => {
    const { gpu } = setUp({ ...refused, offersFail: error }, dear)
    const failed = await errorOf(gpu.launch(launchWith(most)))
    expect(failed).toMatchObject({ _tag: error._tag, problems: [{ provider: "refused" }] })
    expect(failed.message).toBe(
      `No offer fits on the clouds that answered, and not all did. Missing: refused (vm): ${error.message}. Left out: dear vm: 1 by maxPerHour.`
    )
    const compared = await gpu.compare({ job, ...most })
    expect(await errorOf(gpu.launch({ ...launchWith(compared) }))).toMatchObject({ _tag: error._tag })
  })

  test("a page that is missing is no empty market either", async () => {
    const offersMissing = new BadResponse({ message: "page 2 is cut off", retry: "temporary", path: "" })
    const { gpu } = setUp({ ...dear, offersMissing })
    expect(await errorOf(gpu.launch(launchWith(most)))).toMatchObject({
      _tag: "BadResponse",
      message: expect.stringContaining("page 2 is cut off")
    })
  })

  test("only when all have answered and nothing fits, no offer is found", async () => {
    const { gpu } = setUp(dear)
    const error = await errorOf(gpu.launch(launchWith({ countries: ["NO"] })))
    expect(error).toMatchObject({ _tag: "NoCapacity", message: "No offer fits. Left out: dear vm: 1 by countries." })
    expect(error).not.toHaveProperty("problems")
  })

  test("all answered and it is too dear: that is the limit's doing, and no empty market", async () => {
    const { gpu } = setUp(dear)
    const error = await errorOf(gpu.launch(launchWith(most)))
    expect(error).toMatchObject({ _tag: "OutOfFunds", ownLimit: true, needed: money(90), available: money(2) })
    expect(error.message).toMatch(/cheapest that fits otherwise: dear\/vm\/d.*Left out: dear vm: 1 by maxPerHour\.$/)
    expect(error).not.toHaveProperty("problems")
  })

  test("a list that is not whole without a reason is not believed", () => {
    expect(nothingFits({ complete: false, problems: [], excluded: [] }, {})).toMatchObject({
      _tag: "ProviderFault",
      message: expect.stringContaining("a part could not")
    })
  })
})

describe("some fail and something fits", () => {
  test("a launch takes it, and names those that were not asked", async () => {
    const { gpu } = setUp(refused, fine)
    expect(await gpu.launch(launchWith({}))).toMatchObject({
      instance: { ref: { provider: "fine" } },
      problems: [{ provider: "refused", error: { _tag: "Unauthenticated" } }]
    })
  })

  test("when it cannot be had, the error names them too", async () => {
    const { gpu } = setUp(refused, { name: "full", stands: [{ id: "f", perHour: "1", fate: "no-capacity" }] })
    const error = await errorOf(gpu.launch(launchWith({})))
    expect(error).toMatchObject({ _tag: "NoCapacity", problems: [{ provider: "refused" }] })
    expect(error.message).toContain("Not all clouds answered: refused (vm): the key is wrong.")
  })

  test("clouds that cannot be reached by the time of the launch are no clouds without machines", async () => {
    const scripts = [fine]
    const { gpu } = setUp(...scripts)
    const candidates = await gpu.compare({ job })
    Object.assign(fine, { offersFail: deadNetwork })
    try {
      expect(await errorOf(gpu.launch(launchWith(candidates)))).toMatchObject({ _tag: "Network" })
    } finally {
      Object.assign(fine, { offersFail: undefined })
    }
  })
})

describe("a cloud that hangs costs only its own rows", () => {
  const timeout = { provider: "hanging", error: { _tag: "Timeout" } }

  test.each(["offers", "compare", "list", "audit", "balance"] as const)("%s", async (what) => {
    const { gpu, clock } = setUp(hanging, fine)
    const calls = {
      offers: (within: object) => gpu.offers(within),
      compare: (within: object) => gpu.compare({ job, ...within }),
      list: (within: object) => gpu.list(within),
      audit: (within: object) => gpu.audit(within),
      balance: (within: object) => gpu.accounts("balance", within)
    }
    for (const [within, time] of [
      [{}, 20_000],
      [{ within: "3 seconds" }, 3000]
    ] as const) {
      const before = clock.now()
      expect(await calls[what](within)).toMatchObject({ complete: false, problems: [timeout] })
      expect(clock.now() - before).toBe(time)
    }
  })

  test("the time is the client's, where no call says otherwise", async () => {
    const { clouds, clock } = market(hanging, fine)
    const gpu = createGpu({ clouds, clock, answerWithin: "7 seconds" })
    const before = clock.now()
    expect(await gpu.list()).toMatchObject({ problems: [timeout] })
    expect(clock.now() - before).toBe(7000)
    expect(() => createGpu({ clouds, answerWithin: "0 seconds" })).toThrow("answerWithin: must be")
  })

  test.each([-1, "soon", Number.POSITIVE_INFINITY])("a time of %j is refused", async (within) => {
    const { gpu } = setUp(fine)
    for (const call of [
      gpu.list({ within } as never),
      gpu.offers({ within } as never),
      gpu.audit({ within } as never)
    ]) {
      expect(await errorOf(call)).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "within" }] })
    }
  })

  test("recover: the others are settled, and what is open there stays open", async () => {
    const lost = { stands: [{ id: "a", perHour: "1", fate: "answer-lost" as const }] }
    const blind = (name: string): CloudScript => ({ ...lost, name, findFails: wrongKey })
    const [one, other] = [blind("one"), blind("other")]
    const { gpu, clock } = setUp(one, other)
    for (const offer of (await gpu.offers()).items) {
      expect(await errorOf(gpu.rent({ offer, name: "lost", os: "ubuntu" }))).toMatchObject({
        _tag: "LaunchUnsettled"
      })
    }
    Object.assign(one, { findFails: undefined, listMs: 3_600_000 })
    Object.assign(other, { findFails: undefined })
    const before = clock.now()
    const found = await gpu.recover()
    expect(clock.now() - before).toBe(120_000)
    expect(found).toMatchObject({ complete: false, problems: [{ provider: "one", error: { _tag: "Timeout" } }] })
    expect(found.adopted.map(({ ref }) => ref.provider)).toEqual(["other"])
  })

  test("recover: where nothing is open nothing is missing", async () => {
    const { gpu } = setUp(fine, hanging)
    expect(await gpu.recover()).toEqual({
      adopted: [],
      absent: [],
      unsettled: [],
      late: [],
      complete: true,
      problems: []
    })
  })
})

describe("what accounts say", () => {
  test("each cloud once, those without an answer, and those that fail", async () => {
    const { gpu } = setUp(fine, { name: "mute", stands }, hanging)
    expect(await gpu.accounts("balance", { within: "1 second" })).toMatchObject({
      answers: [{ provider: "fine", kind: "vm", answer: { available: { micros: 5_000_000 } } }],
      lacking: ["mute"],
      complete: false,
      problems: [{ provider: "hanging", part: "all balances", error: { _tag: "Timeout" } }]
    })
    expect(await errorOf(setUp(hanging).gpu.accounts("balance"))).toMatchObject({ _tag: "Timeout" })
    expect(await gpu.accounts("images")).toMatchObject({ answers: [], complete: true })
  })
})
