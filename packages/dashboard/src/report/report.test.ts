import { createHash } from "node:crypto"
import type { CompareJson, MarketShowJson } from "@anygpu/operations/protocol"
import { describe, expect, test } from "vitest"
import { compareReport, marketReport } from "./index.ts"

const usd = (amount: string) => ({ amount, currency: "USD" as const })
const hostile = `<script>alert(1)</script><img onerror=alert(2)>" onload="x`
const at = "2026-11-30T14:00:00.000Z"

const offer = {
  ...{ ref: `acme/vm/${hostile}`, provider: "acme", kind: "vm", id: hostile, vcpus: 8, memoryMiB: 1024, diskMiB: null },
  gpu: { model: hostile, known: false, vendor: "nvidia", count: 1, vramMiB: 24_576, interface: null },
  ...{ storageMiB: null, location: { country: hostile, region: null, native: null }, pricePerHour: usd("0.5") },
  ...{ minimumBid: null, availability: "available" as const, interruptible: false, reliability: null, host: null },
  ...{ supplier: null, maxCuda: null, computeCapability: null, downloadMbps: null, uploadMbps: null, openPorts: null },
  ...{ datacenter: null, account: null, observedAt: at }
}

const comparison: CompareJson = {
  job: { seconds: 10_800, startAt: null, storageMiB: 40_960, egressGiB: 5, ingressGiB: null },
  candidates: [
    {
      ...{ rank: 1, offer, penalty: 0 },
      cost: {
        ...{ total: usd("1.61"), upfront: usd("0"), refundable: usd("0"), perHour: usd("0.54"), exact: false },
        lines: [
          { item: "compute", amount: usd("1.5"), note: "3 hours" },
          { item: "traffic", amount: usd("0.11"), note: "5 GiB" }
        ],
        assumptions: [hostile]
      }
    }
  ],
  ...{ total: 7, complete: false, observedAt: at },
  excluded: [{ provider: "acme", kind: "vm", rule: hostile, count: 3 }],
  problems: [
    { provider: "other", kind: null, part: "offers", error: { tag: "Network", message: hostile, exitCode: 10 } }
  ]
}

const market: MarketShowJson = {
  ...{ gpus: [hostile], interruptible: false, from: "2026-11-30T00:00:00.000Z", to: at },
  hours: [
    {
      hour: "2026-11-30T10:00:00.000Z",
      provider: "acme",
      kind: "vm",
      gpu: hostile,
      min: usd("2"),
      median: usd("2"),
      max: usd("3"),
      count: 2
    }
  ],
  looked: [{ hour: "2026-11-30T10:00:00.000Z", provider: "acme", kind: "vm" }]
}

describe.each([
  ["a comparison", async () => await compareReport(comparison)],
  ["a market", async () => await marketReport(market)]
])("the report of %s", (_, made) => {
  test("is one file that has no script, asks nothing, and forbids both", async () => {
    const html = await made()
    const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? ""
    const hash = createHash("sha256").update(style).digest("base64")
    expect(html).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`
    )
    expect(style.length).toBeGreaterThan(5000)
    expect(html.replace(style, "")).not.toMatch(/<script|<img|<link|<iframe|\b(src|href|style)=|https?:/)
  })

  test("shows what clouds have written as text", async () => {
    const html = await made()
    expect(html).not.toMatch(/<script>alert|<img onerror|" onload="x/)
    expect(html).toContain("&lt;script>alert(1)&lt;/script>")
    expect(html).toContain("<svg")
  })
})

test("the report of a comparison has each cost, what is left open, left out and missing", async () => {
  const html = await compareReport(comparison)
  for (const text of [
    "~$1.61",
    "$0.50 per hour",
    "1 of 7 that fit",
    "missing: offers of other",
    "40 GB disk, 5 GiB out"
  ]) {
    expect(html).toContain(text)
  }
  expect(html).toContain('class="traffic" x="93.17%" width="6.83%"')
})

test("the report of a market in which nobody looked says so", async () => {
  expect(await marketReport({ ...market, hours: [], looked: [] })).toContain("No price was written down in this time.")
})
