import type { CompareJson, MoneyJson, OfferJson } from "@anygpu/operations/protocol"
import { accounts } from "./accounts.ts"
import { pick, randomOf } from "./random.ts"

/** A model with the GB of its memory and about what it costs. */
type Model = readonly [model: string, vram: number, price: number]

const gpus: readonly [Model, ...Model[]] = [
  ["RTX 3090", 24, 0.17],
  ["RTX 4090", 24, 0.36],
  ["RTX A6000", 48, 0.46],
  ["L40S", 48, 0.86],
  ["A100 PCIE", 80, 1.19],
  ["A100 SXM", 80, 1.39],
  ["H100 PCIE", 80, 2.05],
  ["H100 SXM", 80, 2.35],
  ["H200 SXM", 141, 3.1],
  ["B200 SXM", 180, 4.6]
]

const places = ["FI", "SE", "DE", "US", "PL", "NL", "NO", "JP", "IS", "FR"] as const

const usd = (amount: number): MoneyJson => ({ amount: String(Math.ceil(amount * 1e6) / 1e6), currency: "USD" })

/** So many offers, the same in every run. */
export const offersOf = (count: number, now: number): ReadonlyArray<OfferJson> => {
  const random = randomOf(7)
  const kinds = accounts.flatMap(({ name, kinds: all }) => all.map(({ kind }) => [name, kind] as const))
  const [first, ...rest] = kinds
  if (!first) return []
  return Array.from({ length: count }, (_, index): OfferJson => {
    const [[provider, kind], [model, vram, price]] = [pick(random, [first, ...rest]), pick(random, gpus)]
    const gpuCount = pick(random, [1, 1, 1, 1, 2, 4, 8])
    const place = pick(random, [...places])
    const isMarket = provider === "vast"
    return {
      ...{ ref: `${provider}/${kind}/${21_000_000 + index}`, provider, kind, id: String(21_000_000 + index) },
      gpu: { model, known: true, vendor: "nvidia", count: gpuCount, vramMiB: vram * 1024, interface: null },
      ...{ vcpus: 8 * gpuCount, memoryMiB: 65_536, diskMiB: 40_960, storageMiB: 1_048_576 },
      location: { country: place, region: null, native: place },
      pricePerHour: usd(price * gpuCount * (0.8 + random() * 0.9)),
      ...{ minimumBid: null, availability: "available", interruptible: random() < 0.1 },
      reliability: isMarket ? 0.97 + random() * 0.029 : null,
      ...{ host: null, supplier: null, maxCuda: "12.8", computeCapability: "8.9", downloadMbps: 900, uploadMbps: 800 },
      ...{ openPorts: 8, datacenter: !isMarket, account: null, observedAt: new Date(now).toISOString() }
    }
  })
}

const hoursOf = (text: string): number => {
  const [, digits = "1", unit = "h"] = /^([\d.]+)\s*([mhd])/.exec(text) ?? []
  return Number(digits) * (unit === "m" ? 1 / 60 : unit === "d" ? 24 : 1)
}

/** What a comparison was asked for, as the page sends it. */
export type CompareInput = Readonly<Record<string, string | number | boolean | undefined>>

const costOf = (offer: OfferJson, hours: number, egress: number): CompareJson["candidates"][number]["cost"] => {
  const compute = Number(offer.pricePerHour?.amount ?? 0) * Math.ceil(hours)
  const storage = 0.004 * hours
  const traffic = offer.provider === "vast" ? egress * 0.012 : 0
  const lines = [
    { item: "compute" as const, amount: usd(compute), note: `${Math.ceil(hours)} begun hours` },
    { item: "storage" as const, amount: usd(storage), note: "40 GB at $0.10 per GB and month" },
    ...(traffic > 0 ? [{ item: "traffic" as const, amount: usd(traffic), note: `${egress} GiB at $0.012` }] : [])
  ]
  const exact = offer.provider !== "huddle"
  return {
    ...{ total: usd(compute + storage + traffic), lines, upfront: usd(0), refundable: usd(0) },
    ...{ perHour: usd((compute + storage + traffic) / hours), exact },
    assumptions: exact ? [] : ["the cloud documents no price for traffic: it is not counted"]
  }
}

/** Ranks offers for a job, as `compare` answers. */
export const compareOffers = (offers: ReadonlyArray<OfferJson>, input: CompareInput, now: number): CompareJson => {
  const hours = hoursOf(String(input["for"] ?? "1h"))
  const gpu = String(input["gpu"] ?? "").toLowerCase()
  const rules: ReadonlyArray<readonly [string, (offer: OfferJson) => boolean]> = [
    ["gpu", ({ gpu: has }) => has?.model.toLowerCase().includes(gpu) === true],
    ["gpuCount", ({ gpu: has }) => input["count"] === undefined || has?.count === input["count"]],
    [
      "minVramMiB",
      ({ gpu: has }) => (has?.vramMiB ?? 0) >= Number.parseInt(String(input["minVram"] ?? "0"), 10) * 1024
    ],
    ["countries", ({ location }) => !input["country"] || location.country === input["country"]],
    [
      "interruptible",
      ({ interruptible }) => input["anyInterruptible"] === true || interruptible === (input["interruptible"] === true)
    ]
  ]
  const excluded = new Map<string, CompareJson["excluded"][number]>()
  const fitting = offers.filter((offer) => {
    const broken = rules.find(([, fits]) => !fits(offer))
    if (!broken) return true
    const { provider, kind } = offer
    const key = `${provider}/${kind}/${broken[0]}`
    excluded.set(key, { provider, kind, rule: broken[0], count: (excluded.get(key)?.count ?? 0) + 1 })
    return false
  })
  const egress = Number.parseInt(String(input["egress"] ?? "0"), 10)
  const ranked = fitting
    .map((offer) => ({ rank: 0, offer, cost: costOf(offer, hours, egress), penalty: 0 }))
    .sort((a, b) => Number(a.cost.total.amount) - Number(b.cost.total.amount))
    .map((candidate, index) => ({ ...candidate, rank: index + 1 }))
  const limit = Number(input["limit"] ?? 10)
  return {
    job: { seconds: hours * 3600, startAt: null, storageMiB: 40_960, egressGiB: egress || null, ingressGiB: null },
    candidates: limit === 0 ? ranked : ranked.slice(0, limit),
    ...{ total: ranked.length, excluded: [...excluded.values()], complete: true, problems: [] },
    observedAt: new Date(now).toISOString()
  }
}
