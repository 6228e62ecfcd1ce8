import { decimalOf, estimate, formatMoney, money, noEndpoints } from "@anygpu/core"
import { gbOfMiB, lenient } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { page, row, world } from "./cloud.test-support.ts"
import deployed from "./fixtures/deploy.json" with { type: "json" }
import offers from "./fixtures/offers.json" with { type: "json" }
import offersGuide from "./fixtures/offers-guide.json" with { type: "json" }
import running from "./fixtures/running.json" with { type: "json" }
import keys from "./fixtures/ssh-keys.json" with { type: "json" }
import { instanceOf, keyOf, offersOf, priceOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

const at = DateTime.makeUnsafe("2026-01-01T00:00:00Z")
const offersIn = (native: unknown) => offersOf(lenient(wire.Offer, "instance_type").parse(native), native, at)

const type = { instance_type: "1A100.22V", gpu_model: "A100", gpu_count: 1, price_per_hr: 0.965 }

describe("an offer", () => {
  it("is what the reference page shows", () => {
    const [native] = offers.data.data
    expect(offersIn(native)).toEqual([
      {
        id: "8H200.141G@FIN-03",
        provider: "huddle",
        kind: "vm",
        gpu: { model: "H200", known: true, vendor: "nvidia", count: 8, vramMiB: 144_384, interface: null },
        vcpus: 208,
        memoryMiB: 1_716_613,
        diskMiB: 47_683,
        storageMiB: 488_281,
        location: { country: "FI", region: "FIN-03", native: "Finland 3" },
        pricePerHour: money(32),
        minimumBid: null,
        terms: {
          compute: { perHour: money(32), stepSeconds: 1, stepsFrom: "start", minimumSeconds: 600 },
          storage: null,
          includedDiskMiB: 47_683,
          traffic: "unknown",
          upfront: null,
          accountFloor: money(20)
        },
        availability: "available",
        interruptible: false,
        reliability: null,
        observedAt: at,
        native
      }
    ])
  })

  it("is one for each place, and no country is read out of a place's code", () => {
    const [native] = offersGuide.data
    const both = offersIn(native)
    expect(both.map(({ id, location, pricePerHour: price }) => [id, location.country, location.region, price])).toEqual(
      [
        ["1H100.80S.30V@FIN-01", null, "FIN-01", money("1.71")],
        ["1H100.80S.30V@FIN-03", null, "FIN-03", money("1.71")]
      ]
    )
    expect(both[0]?.gpu).toMatchObject({ model: "H100", vramMiB: 81_920 })
  })

  it.each([undefined, null, []])("without places (%j) is one by its type alone", (regions) => {
    expect(offersIn({ ...type, regions }).map(({ id, location }) => [id, location.region])).toEqual([
      ["1A100.22V", null]
    ])
  })

  it.each([
    ["fi", "FI"],
    ["FIN", null],
    ["", null],
    [null, null]
  ])("takes the country code %j for %j", (country_code, country) => {
    const [offer] = offersIn({ ...type, regions: [{ code: "FIN-01", country_code }] })
    expect(offer?.location).toEqual({ country, region: "FIN-01", native: "FIN-01" })
  })

  it.each([0, -1, null, "free", "", "1,5", "NaN"])("of the price %j has none, and no terms", (price_per_hr) => {
    expect(offersIn({ ...type, price_per_hr })).toMatchObject([{ pricePerHour: null, terms: null }])
  })

  it("in another currency has no price: no rate is known", () => {
    expect(offersIn({ ...type, currency: "EUR" })).toMatchObject([{ pricePerHour: null, terms: null }])
    expect(offersIn({ ...type, currency: "usd" })).toMatchObject([{ pricePerHour: money("0.965") }])
  })

  it.each([
    [true, "available"],
    [false, "unavailable"],
    [null, "unknown"]
  ])("with is_available %j is %s", (is_available, availability) => {
    expect(offersIn({ ...type, is_available })).toMatchObject([{ availability }])
  })

  it("says nothing of what the cloud does not say", () => {
    expect(offersIn({ instance_type: "x" })).toMatchObject([
      { gpu: null, vcpus: null, memoryMiB: null, pricePerHour: null }
    ])
  })
})

test("ten minutes are charged at least, then seconds, and traffic is not known", () => {
  const [offer] = offersIn({ ...type, price_per_hr: 3.6 })
  if (!offer) throw new Error("no offer")
  const total = (duration: `${number} seconds`) => formatMoney(estimate(offer, { duration })?.total ?? money(0))
  expect([total("1 seconds"), total("600 seconds"), total("601 seconds")]).toEqual(["$0.60", "$0.60", "$0.601"])
  expect(estimate(offer, { duration: "1 hour" })).toMatchObject({ exact: false, upfront: money(20) })
})

test("a boot disk above the one in the price is not counted, and said to be unknown", () => {
  const [offer] = offersIn(type)
  if (!offer) throw new Error("no offer")
  const job = { duration: "1 hour", egressGiB: 0, ingressGiB: 0 } as const
  expect(estimate(offer, { ...job, storageMiB: 47_683 })).toMatchObject({ exact: true })
  expect(estimate(offer, { ...job, storageMiB: 51_200 })).toMatchObject({
    exact: false,
    assumptions: [expect.stringContaining("no price for a disk above 47683 MiB")]
  })
})

test("prices keep every digit, whether they come as number or text", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 12 }), (micros) => {
      const text = decimalOf({ micros, currency: "USD" })
      for (const amount of [text, Number(text)]) expect(priceOf(amount, "USD")).toEqual({ micros, currency: "USD" })
    })
  )
})

test("disk is never less than asked for, and never a whole GB more", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 ** 9 }), (mib) => {
      const bytes = gbOfMiB(mib) * 1e9
      expect(bytes).toBeGreaterThanOrEqual(mib * 2 ** 20)
      expect(bytes).toBeLessThan(mib * 2 ** 20 + 1e9)
    })
  )
})

describe("a machine", () => {
  const described = (native: unknown) => instanceOf(lenient(wire.Deployment).parse(native))

  it("that was ordered is what the Deployments page shows", () => {
    const { id: _, ...native } = deployed.data
    expect(described(deployed.data)).toEqual({
      id: "dep_abc123",
      name: "my-gpu-instance",
      marker: null,
      gpu: { model: "A100", known: true, vendor: "nvidia", count: 1, vramMiB: 81_920, interface: null },
      vcpus: 22,
      memoryMiB: 114_440,
      storageMiB: null,
      location: { country: null, region: "FIN-01", native: "FIN-01" },
      pricePerHour: money("0.965"),
      interruptible: false,
      endpoints: noEndpoints,
      createdAt: DateTime.makeUnsafe("2026-04-03T10:00:00Z"),
      endsAt: null,
      native
    })
  })

  it("that runs is reached as the answer says", () => {
    const machine = described(running.data)
    expect(machine.endpoints.ssh).toEqual([
      { host: "95.216.229.232", port: 22, user: "root", via: "direct", command: "ssh root@95.216.229.232" }
    ])
    expect(machine.pricePerHour).toEqual(money("2.29"))
  })

  it.each([undefined, null, "", " "])("with the user %j is reached as ubuntu", (ssh_user) => {
    expect(described(row({ ssh_user })).endpoints.ssh[0]?.command).toBe("ssh ubuntu@95.216.229.232")
  })

  it.each([undefined, null, "", " "])("that runs with the address %j is not ready", async (ip) => {
    expect(described(row({ ip })).endpoints).toEqual(noEndpoints)
    const { vms, run } = world({ "GET /deployments": page([row({ ip })]) })
    expect((await run(vms.list())).items).toMatchObject([{ status: "running", endpoints: noEndpoints }])
  })

  it("of ours has its name and marker apart", () => {
    expect(described(row({ hostname: "my-job-ag0123456789" }))).toMatchObject({
      name: "my-job",
      marker: "ag0123456789"
    })
  })

  it.each([null, "", "soon"])("made at %j has no time", (created_at) => {
    expect(described(row({ created_at })).createdAt).toBeNull()
  })
})

test("a key has its fingerprint and no text", () => {
  const [key] = wire.AnyList.parse(keys).map((row) => keyOf(wire.Key.parse(row)))
  expect(key).toEqual({ id: "sk_abc123", name: "my-laptop", publicKey: null, fingerprint: "SHA256:xYz..." })
})
