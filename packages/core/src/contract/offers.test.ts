import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { Listing } from "../model/listing.ts"
import { money } from "../model/money.ts"
import type { Offer } from "../model/offer.ts"
import { isVersionAtLeast } from "../model/version.ts"
import { resolveFilter } from "./offer-filter.ts"
import { rejectionBy } from "./offer-rules.ts"
import { selectOffers } from "./offers.ts"
import { offer as plain } from "./tiny-cloud.test-support.ts"

const offer = (id: string, more: Partial<Offer>): Offer => ({ ...plain, id, ...more })
const gpu = (model: string, vramMiB: number | null = null, count = 1) => ({
  gpu: { model, known: true, vendor: "nvidia", interface: null, count, vramMiB } as const
})
const at = (country: string | null, region: string | null, native: string | null) => ({
  location: { country, region, native }
})

const market = [
  offer("h100-fi", { ...gpu("H100"), ...at("FI", "FIN-01", "FIN-01"), pricePerHour: money(2), reliability: 0.99 }),
  offer("h100-us", { ...gpu("H100"), ...at("US", null, "us-central-3"), pricePerHour: money("1.9", "USDC") }),
  offer("a100-40", { ...gpu("A100", 40_960), pricePerHour: money(1) }),
  offer("a100-80", { ...gpu("A100", 81_251), pricePerHour: money("1.5"), interruptible: true }),
  offer("cpu", { pricePerHour: null, vcpus: 8, memoryMiB: 16_384, storageMiB: 102_400 })
]

const select = async (filter: object) => {
  const resolved = await Effect.runPromise(resolveFilter(filter))
  const all = new Listing({ items: market, complete: true, observedAt: DateTime.makeUnsafe(0), problems: [] })
  const { items, excluded } = selectOffers(all, resolved)
  return [items.map(({ id }) => id), excluded]
}

test.each([
  ["none", {}, ["a100-40", "h100-us", "h100-fi", "cpu"], { interruptible: 1 }],
  ["gpu", { gpu: "H100" }, ["h100-us", "h100-fi"], { gpu: 3 }],
  ["gpu with memory", { gpu: "A100-80GB", interruptible: true }, ["a100-80"], { gpu: 4 }],
  ["count", { gpu: "H100", gpuCount: 2 }, [], { gpu: 3, gpuCount: 2 }],
  ["memory", { minVramMiB: 40_960 }, ["a100-40"], { minVramMiB: 3, interruptible: 1 }],
  ["machine", { minVcpus: 8, minMemoryMiB: 16_384, minDiskMiB: 1 }, ["cpu"], { minVcpus: 4 }],
  ["country", { countries: ["us", "de"] }, ["h100-us"], { countries: 1, "unknown country": 3 }],
  ["region by either name", { regions: ["fin-01", "US-CENTRAL-3"] }, ["h100-us", "h100-fi"], { regions: 3 }],
  ["reliability", { minReliability: 0.9 }, ["h100-fi"], { minReliability: 3, interruptible: 1 }],
  [
    "price in either currency",
    { maxPerHour: money("1.95") },
    ["a100-40", "h100-us"],
    { maxPerHour: 2, interruptible: 1 }
  ],
  ["limit", { limit: 1 }, ["a100-40"], { limit: 3, interruptible: 1 }]
])("offers by %s, and what was left out by which filter", async (_, filter, ids, excluded) => {
  expect(await select(filter)).toEqual([ids, excluded])
})

test.each(["kind", "gpu", "countries", "regions"])(
  "an empty list of %s can match nothing, and is refused",
  async (name) => {
    await expect(Effect.runPromise(Effect.flip(resolveFilter({ [name]: [] })))).resolves.toMatchObject({
      issues: [{ path: name }]
    })
  }
)

const rich = [
  offer("home", {
    ...gpu("RTX 4090", 24_564, 2),
    ...at("DE", null, "Germany, DE"),
    ...{ provider: "acme", host: "7", supplier: "70", maxCuda: "12.8", computeCapability: "8.9", datacenter: false },
    ...{ downloadMbps: 500, uploadMbps: 100, openPorts: 20 }
  }),
  offer("hall", {
    ...gpu("H100 SXM", 81_559, 8),
    ...at("US", "us-1", "Texas, US"),
    ...{ provider: "acme", host: "8", supplier: "70", maxCuda: "13.0", datacenter: true },
    ...{ downloadMbps: 10_000, uploadMbps: 10_000, openPorts: 0 }
  }),
  offer("silent", { ...gpu("GPU of tomorrow"), ...at(null, null, null), provider: "acme" }),
  offer("radeon", {
    gpu: { model: "MI300X", known: true, vendor: "amd", interface: null, count: 1, vramMiB: 196_608 },
    ...at("NO", "no-1", null),
    provider: "other"
  })
]

const selectRich = async (filter: object) => {
  const resolved = await Effect.runPromise(resolveFilter(filter))
  const all = new Listing({ items: rich, complete: true, observedAt: DateTime.makeUnsafe(0), problems: [] })
  const { items, excluded } = selectOffers(all, resolved)
  return [items.map(({ id }) => id), excluded]
}

test.each<[object, string[], object]>([
  [{ minGpuCount: 2 }, ["home", "hall"], { minGpuCount: 2 }],
  [{ minTotalVramMiB: 49_152 }, ["home", "hall", "radeon"], { "unknown GPU memory": 1 }],
  [{ minTotalVramMiB: 240_000 }, ["hall"], { minTotalVramMiB: 2, "unknown GPU memory": 1 }],
  [{ minCuda: "12.11" }, ["hall"], { minCuda: 1, "unknown CUDA version": 2 }],
  [{ minCuda: "12" }, ["home", "hall"], { "unknown CUDA version": 2 }],
  [{ minComputeCapability: "9.0" }, ["hall"], { minComputeCapability: 2, "unknown compute capability": 1 }],
  [{ minDownloadMbps: 500.5 }, ["hall"], { minDownloadMbps: 1, "unknown download speed": 2 }],
  [{ minUploadMbps: 100 }, ["home", "hall"], { "unknown upload speed": 2 }],
  [{ minPorts: 1 }, ["home"], { minPorts: 1, "unknown ports": 2 }],
  [{ minPorts: 0, minDownloadMbps: 0 }, ["home", "hall", "silent", "radeon"], {}],
  [{ datacenter: true }, ["hall"], { datacenter: 1, "unknown hosting": 2 }],
  [{ datacenter: false }, ["home", "hall", "silent", "radeon"], {}],
  [{ countries: ["EU"] }, ["home"], { countries: 2, "unknown country": 1 }],
  [{ countries: ["eea", "north america"] }, ["home", "hall", "radeon"], { "unknown country": 1 }],
  [{ excludePlaces: ["us"] }, ["home", "radeon"], { excludePlaces: 1, "unknown country": 1 }],
  [{ excludePlaces: ["US-1"] }, ["home", "radeon"], { excludePlaces: 1, "unknown place": 1 }],
  [{ excludePlaces: ["EU", "texas, us"] }, ["radeon"], { excludePlaces: 2, "unknown place": 1 }],
  [{ excludePlaces: [] }, ["home", "hall", "silent", "radeon"], {}],
  [{ excludeHosts: ["acme/7"] }, ["hall", "radeon"], { excludeHosts: 1, "unknown host": 1 }],
  [{ excludeSuppliers: ["acme/70", "else/1"] }, ["radeon"], { excludeSuppliers: 2, "unknown supplier": 1 }]
])("%j keeps what is known to fit, and counts what is not", async (filter, ids, excluded) => {
  expect(await selectRich(filter)).toEqual([expect.toSatisfy((found: string[]) => same(found, ids)), excluded])
})

const same = (a: ReadonlyArray<string>, b: ReadonlyArray<string>) => [...a].sort().join() === [...b].sort().join()

test.each<[object, string]>([
  [{ minGpuCount: 0 }, "minGpuCount"],
  [{ gpuCount: 2, minGpuCount: 4 }, "minGpuCount"],
  [{ minCuda: "newest" }, "minCuda"],
  [{ minCuda: 12.4 }, "minCuda"],
  [{ minComputeCapability: "8.9.1" }, "minComputeCapability"],
  [{ minDownloadMbps: -1 }, "minDownloadMbps"],
  [{ minUploadMbps: Number.NaN }, "minUploadMbps"],
  [{ minPorts: 1.5 }, "minPorts"],
  [{ datacenter: "yes" }, "datacenter"],
  [{ countries: ["Germany"] }, "countries[0]"],
  [{ excludePlaces: [" "] }, "excludePlaces[0]"],
  [{ excludeHosts: ["12345"] }, "excludeHosts[0]"],
  [{ excludeSuppliers: ["vast/"] }, "excludeSuppliers[0]"]
])("%j is refused by the name of what is wrong", async (filter, path) => {
  const { issues } = await Effect.runPromise(Effect.flip(resolveFilter(filter)))
  expect(issues.map((issue) => issue.path.replace(/^filter\./, ""))).toEqual([path])
})

const version = fc.tuple(fc.nat(30), fc.nat(30)).map(([major, minor]) => `${major}.${minor}`)

test("versions are compared number by number, as any two of them and a third are", () => {
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      expect(isVersionAtLeast(a, b) || isVersionAtLeast(b, a)).toBe(true)
      expect(isVersionAtLeast(a, b) && isVersionAtLeast(b, a)).toBe(a === b)
      if (isVersionAtLeast(a, b) && isVersionAtLeast(b, c)) expect(isVersionAtLeast(a, c)).toBe(true)
    })
  )
})

const maybe = <A>(value: fc.Arbitrary<A>) => fc.option(value, { nil: null })
const anyOffer = fc
  .record({
    count: fc.integer({ min: 1, max: 8 }),
    vramMiB: maybe(fc.integer({ min: 1, max: 200_000 })),
    maxCuda: maybe(version),
    downloadMbps: maybe(fc.nat(2000)),
    openPorts: maybe(fc.nat(64)),
    datacenter: maybe(fc.boolean()),
    country: maybe(fc.constantFrom("US", "FI", "NO", "CN"))
  })
  .map(({ count, vramMiB, country, ...more }) =>
    offer("any", { ...gpu("H100", vramMiB, count), ...at(country, null, null), ...more })
  )
const anyFilter = fc.record(
  {
    minGpuCount: fc.integer({ min: 1, max: 8 }),
    minTotalVramMiB: fc.nat(400_000),
    minCuda: version,
    minDownloadMbps: fc.nat(2000),
    minPorts: fc.nat(64),
    datacenter: fc.boolean(),
    countries: fc.constantFrom(["EU"], ["EEA"], ["US", "FI"]),
    excludePlaces: fc.constantFrom(["CN"], ["EU"], ["Asia", "US"])
  },
  { requiredKeys: [] }
)

test("a filter of several parts lets through what each part lets through, and nothing that is not known", () => {
  const passes = (filter: object, one: Offer) =>
    Effect.runSync(Effect.map(resolveFilter(filter), (resolved) => rejectionBy(resolved)(one))) === null
  fc.assert(
    fc.property(anyFilter, anyOffer, (filter, one) => {
      const each = Object.entries(filter).map(([name, value]) => passes({ [name]: value }, one))
      expect(passes(filter, one)).toBe(each.every((passed) => passed))
      const isUnknown =
        (one.location.country === null && (filter.countries || filter.excludePlaces)) ||
        (one.maxCuda === null && filter.minCuda) ||
        (one.datacenter === null && filter.datacenter) ||
        (one.openPorts === null && filter.minPorts)
      if (isUnknown) expect(passes(filter, one)).toBe(false)
    })
  )
})
