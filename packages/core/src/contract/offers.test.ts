import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { expect, test } from "vitest"
import { Listing } from "../model/listing.ts"
import { money } from "../model/money.ts"
import type { Offer } from "../model/offer.ts"
import { resolveFilter, selectOffers } from "./offers.ts"
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
