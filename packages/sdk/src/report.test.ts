import { money } from "@anygpu/core"
import { expect, test } from "vitest"
import { createGpu } from "./client/create-gpu.ts"
import { Comparison } from "./compare/comparison.ts"
import { toCsv, toJson, toRows, toTable } from "./report.ts"
import { market } from "./testing/market.ts"

const compared = async (limit?: number) => {
  const { clouds, clock } = market(
    {
      name: "acme",
      stands: [
        { id: "=1+1", perHour: "2.5", more: { reliability: 0.995 } },
        { id: "b", perHour: "3" },
        { id: "dear", perHour: "90" }
      ]
    },
    { name: "slow", stands: [], latencyMs: 60_000 }
  )
  const gpu = createGpu({ clouds, clock })
  return gpu.compare({ job: { duration: "2 hours" }, maxTotal: money(20), ...(limit !== undefined && { limit }) })
}

test("rows hold exact decimals and nothing nested", async () => {
  const [first] = toRows(await compared())
  expect(first).toMatchObject({
    rank: 1,
    provider: "acme",
    gpu: "H100",
    total: "5",
    pricePerHour: "2.5",
    currency: "USD"
  })
  expect(Object.values(first ?? {}).every((value) => typeof value !== "object" || value === null)).toBe(true)
})

test("CSV has a header and one line per row, and no text that a spreadsheet would run", async () => {
  const lines = toCsv(await compared())
    .trim()
    .split("\n")
  expect(lines).toHaveLength(3)
  expect(lines[0]).toMatch(/^rank,provider,kind,offer,gpu,/)
  expect(lines[1]).toContain("'=1+1")
})

test("JSON says also what was left out and what is missing", async () => {
  const json = JSON.parse(JSON.stringify(toJson(await compared())))
  expect(json).toMatchObject({
    complete: false,
    excluded: [{ provider: "acme", rule: "maxTotal", count: 1 }],
    problems: [{ provider: "slow", error: { tag: "Timeout" } }]
  })
})

test("the table fits people: aligned, without trailing spaces, with what is not in it below", async () => {
  const text = toTable(await compared(), { limit: 1 })
  expect(text).toMatchInlineSnapshot(`
    "#  cloud  kind  GPU      memory  place  reliability  per hour    job  up front
    1  acme   vm    1x H100   80 GB  FI           99.5%     $2.50  $5.00     $0.00
    1 more
    acme vm: 1 left out by maxTotal
    missing: all offers (slow did not answer within 20s: its vm offers are missing)"
  `)
})

test("what a cost leaves open is said once below the table", async () => {
  const traffic = "unknown"
  const stands = [
    { id: "a", perHour: "1" },
    { id: "b", perHour: "2" }
  ]
  const { clouds, clock } = market({ name: "acme", stands, terms: { traffic } })
  const gpu = createGpu({ clouds, clock })
  const text = toTable(await gpu.compare({ job: { duration: "1 hour", egressGiB: 1 } }))
  expect(text.match(/~\$/g)).toHaveLength(2)
  expect(text.match(/^~ .*traffic/gm)).toHaveLength(1)
})

test("an empty comparison says so", async () => {
  const { clouds, clock } = market({ name: "acme", stands: [] })
  const gpu = createGpu({ clouds, clock })
  expect(toTable(await gpu.compare({ job: { duration: "1 hour" } }))).toBe("No offer fits.")
})

test.each([
  ["spaces", " ".repeat(32_000)],
  ["letters", "x".repeat(32_000)],
  ["wide signs", "\u65e5".repeat(32_000)],
  ["line ends", "\n".repeat(32_000)]
])("a name of 32,000 %s takes no time", async (_, name) => {
  const { clouds, clock } = market({ name: "acme", stands: [{ id: `${name}!`, perHour: "1", more: { native: null } }] })
  const found = await createGpu({ clouds, clock }).compare({ job: { duration: "1 hour" } })
  const [first] = found.candidates
  if (!first) throw new Error("no candidate")
  const offer = { ...first.offer, location: { country: null, region: null, native: `${name}!` } }
  const comparison = new Comparison({ ...found, candidates: [{ ...first, offer }] })
  const from = process.cpuUsage()
  const lines = toTable(comparison).split("\n")
  toCsv(comparison)
  expect(process.cpuUsage(from).user / 1000).toBeLessThan(1000)
  expect(lines[1]?.length).toBeLessThan(500)
})

test("what a cloud wrote does nothing to a terminal", async () => {
  const found = await compared()
  const mark = "\u001b[31m\u009b2J\r\nEVIL\u202e\u200b"
  const candidates = found.candidates.map((one) => ({
    ...one,
    offer: { ...one.offer, id: `id${mark}`, location: { country: null, region: `here${mark}`, native: null } }
  }))
  const hostile = new Comparison({ ...found, candidates })
  for (const text of [toTable(hostile), toCsv(hostile)]) {
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(text).not.toMatch(/^EVIL/m)
    expect(text).toContain("\\x1b[31m\\x9b2J\\r\\nEVIL\\u202e\\u200b")
  }
})
