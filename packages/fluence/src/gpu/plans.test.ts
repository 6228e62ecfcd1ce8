import { estimate, formatMoney, money } from "@anygpu/core"
import { lenient } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import plans from "./fixtures/plans.json" with { type: "json" }
import { containerOffers, machineOffer } from "./to-domain.ts"
import * as wire from "./wire.ts"

const at = DateTime.makeUnsafe("2026-02-07T15:00:00Z")
const [h200, a100] = plans.containers

type Over = {
  readonly count?: number | null
  readonly model?: object | null
  readonly pricing?: object | null
  readonly places?: ReadonlyArray<string> | null
}

/** The documents' first plan with something else in it. */
const offersOf = ({ count = 1, model = {}, pricing = {}, places = ["US"] }: Over) =>
  containerOffers(
    lenient(wire.ContainerPlan, "plan.id").parse({
      plan: {
        ...h200?.plan,
        supply: { ...h200?.plan.supply, gpu_count: count },
        gpu_model: model && { ...h200?.plan.gpu_model, ...model },
        pricing: pricing && { ...h200?.plan.pricing, ...pricing }
      },
      attributes: { location: places }
    }),
    {},
    at
  )

const offerOf = (over: Over) => {
  const [offer] = offersOf(over)
  if (!offer) throw new Error("no offer")
  return offer
}

describe("offers", () => {
  it("of the documents' container plans", () => {
    const offers = plans.containers.flatMap((row) => containerOffers(wire.ContainerPlan.parse(row), row, at))
    expect(offers).toEqual([
      {
        id: "36cdb646-1246-42d8-b2d1-9480ca546536@US",
        provider: "fluence",
        kind: "container",
        gpu: { model: "H200 SXM", known: true, vendor: "nvidia", interface: "sxm", count: 1, vramMiB: 144_384 },
        vcpus: 16,
        memoryMiB: 131_072,
        diskMiB: 122_880,
        storageMiB: 122_880,
        location: { country: "US", region: null, native: "US" },
        pricePerHour: money("2.96", "USDC"),
        minimumBid: null,
        terms: {
          compute: { perHour: money("2.96", "USDC"), stepSeconds: 3600, stepsFrom: "clock", minimumSeconds: 0 },
          storage: null,
          traffic: "unknown",
          upfront: { seconds: 10_800, refundableSeconds: 7200 },
          accountFloor: null
        },
        availability: "available",
        interruptible: false,
        reliability: null,
        observedAt: at,
        native: h200
      },
      expect.objectContaining({
        id: "472ea881-73d9-423a-8e61-19addd34424c@US",
        gpu: { model: "A100 SXM4", known: true, vendor: "nvidia", interface: "sxm", count: 1, vramMiB: 81_920 },
        pricePerHour: money("1.22", "USDC"),
        native: a100
      })
    ])
  })

  it("of the documents' VM plans stand in their groups", () => {
    const offers = plans.vms.data.flatMap(({ gpu_model, availability_by_number }) =>
      availability_by_number.flatMap(({ gpu_count: count, options }) =>
        options.map((row) =>
          machineOffer(
            "vm",
            { model: wire.ModelGroup.shape.gpu_model.parse(gpu_model), count },
            wire.Option.parse(row),
            row,
            at
          )
        )
      )
    )
    expect(
      offers.map(({ id, gpu, vcpus, memoryMiB, storageMiB, location, pricePerHour: price }) => [
        id,
        gpu?.model,
        gpu?.vramMiB,
        vcpus,
        memoryMiB,
        storageMiB,
        location,
        price
      ])
    ).toEqual([
      [
        "3f6cd2d1-19ac-49fb-95a5-9088bb2dcb49",
        "A10",
        24_576,
        30,
        190_464,
        1_334_272,
        { country: "US", region: "sanjose-usa-2", native: "sanjose-usa-2" },
        money("0.99", "USDC")
      ],
      [
        "0e311c31-1e31-4fc7-b27d-4b73f3f27bc2",
        "A10",
        24_576,
        30,
        190_464,
        1_334_272,
        { country: "US", region: "dulles-usa-1", native: "dulles-usa-1" },
        money("0.99", "USDC")
      ],
      [
        "d8312018-c50c-4278-89db-69e40013414d",
        "A100 PCIE",
        81_920,
        14,
        95_232,
        595_968,
        { country: null, region: "us-central-3", native: "us-central-3" },
        money("1.07", "USDC")
      ]
    ])
    expect(new Set(offers.map(({ kind }) => kind))).toEqual(new Set(["vm"]))
  })

  it("are one per place, and one without a place where a plan names none", () => {
    const many = offersOf({ places: ["US", "no", "US", "Oslo"] })
    expect(many.map(({ id, location }) => [id.split("@")[1], location.country, location.region])).toEqual([
      ["US", "US", null],
      ["no", "NO", null],
      ["Oslo", null, "Oslo"]
    ])
    for (const places of [[], null]) {
      expect(offersOf({ places }).map(({ id, location }) => [id, location.native])).toEqual([[h200?.plan.id, null]])
    }
  })

  it.each([
    ["two of a model that is sold with so much", { count: 2 }, 144_384],
    ["eight with the memory of all of them together", { count: 8, model: { vram: "1128Gi" } }, null],
    ["one with an odd memory", { model: { vram: "100Gi" } }, 102_400],
    ["several of a model nobody knows", { count: 4, model: { model: "x9000", vram: "7Gi" } }, 7168],
    ["a unit that is not binary", { model: { vram: "141GB" } }, null],
    ["GiB in full", { model: { vram: "141 GiB" } }, 144_384],
    ["no number", { model: { vram: "much" } }, null],
    ["nothing", { model: { vram: null } }, null]
  ])("the memory of %s", (_, over, vramMiB) => {
    expect(offerOf(over).gpu?.vramMiB).toBe(vramMiB)
  })

  it.each([
    ["l40", "pcie", "L40", "pcie"],
    ["v100", "sxm", "V100 SXM2", "sxm"],
    ["a100", "PCIE", "A100 PCIE", "pcie"],
    ["a10", "pcie", "A10", "pcie"],
    ["h200", "SXM", "H200 SXM", "sxm"]
  ])("%s with %s is %s", (model, bus, canonical, canonicalBus) => {
    const { gpu } = offerOf({ model: { model, interface: bus, vram: null } })
    expect(gpu).toMatchObject({ model: canonical, known: true, interface: canonicalBus })
  })

  it("of an unknown GPU keep its name and take the maker's word, and no GPU stays no GPU", () => {
    const odd = { model: "mi999", vendor: "AMD", interface: "PCIE" }
    expect(offerOf({ model: odd }).gpu).toMatchObject({
      model: "mi999",
      known: false,
      vendor: "amd",
      interface: "pcie"
    })
    expect(offerOf({ model: { ...odd, vendor: "acme" } }).gpu?.vendor).toBe("unknown")
    for (const over of [{ count: 0 }, { count: null }, { count: 1.5 }, { model: null }, { model: { model: null } }]) {
      expect(offerOf(over).gpu).toBeNull()
    }
  })

  it.each([
    ["no price", { hour: null }, null, null],
    ["a price of nothing", { hour: 0 }, null, null],
    ["a price beyond all reason", { hour: 1e30 }, null, null],
    ["an unknown currency", { currency: "FLT" }, null, null],
    ["no currency", { currency: null }, null, null],
    ["dollars", { currency: "usd" }, money("2.96"), 10_800],
    ["no number of upfront hours", { upfront_hours: null }, money("2.96", "USDC"), null],
    ["one upfront hour", { upfront_hours: 1 }, money("2.96", "USDC"), 3600]
  ])("with %s", (_, pricing, price, seconds) => {
    const offer = offerOf({ pricing })
    expect(offer.pricePerHour).toEqual(price)
    expect(offer.terms?.upfront?.seconds ?? null).toBe(seconds)
    expect(offer.terms === null).toBe(seconds === null)
  })

  it("without upfront hours deduct nothing, and all but the first come back", () => {
    expect(offerOf({ pricing: { upfront_hours: 0 } }).terms?.upfront).toBeNull()
    expect(offerOf({ pricing: { upfront_hours: 1 } }).terms?.upfront?.refundableSeconds).toBe(0)
    expect(offerOf({ pricing: null }).terms).toBeNull()
  })
})

describe("what a job costs", () => {
  it.each([
    ["2026-02-07T15:50:00Z", "20 minutes", "5.92"],
    ["2026-02-07T15:00:00Z", "1 hour", "2.96"],
    ["2026-02-07T15:00:01Z", "1 hour", "5.92"],
    ["2026-02-07T15:59:59Z", "1 second", "2.96"]
  ] as const)("from %s for %s", (start, duration, total) => {
    const cost = estimate(offerOf({}), { duration, startAt: DateTime.makeUnsafe(start) })
    expect(cost?.total).toEqual(money(total, "USDC"))
    expect(cost && formatMoney(cost.upfront)).toBe("8.88 USDC")
    expect(cost && formatMoney(cost.refundable)).toBe("5.92 USDC")
  })

  it("is exact in the price as it is written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999_999 }), (micros) => {
        const hour = Number(`${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, "0")}`)
        expect(offerOf({ pricing: { hour } }).pricePerHour).toEqual({ micros, currency: "USDC" })
      })
    )
  })
})
