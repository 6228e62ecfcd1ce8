import { existsSync, readFileSync } from "node:fs"
import { mutants } from "@anygpu/conformance"
import { expect, test } from "vitest"
import { emptySum } from "../reliability/report.ts"
import { pageOf } from "./page.ts"
import type { Results } from "./results.ts"

const folder = new URL("../../docs/", import.meta.url)
const kept = readFileSync(new URL("benchmarks.md", folder), "utf8").replaceAll("\r\n", "\n")

const one = { wall: 1, cpu: 1, grown: 1024 ** 2, found: 1 }
const took = { sdk: one, hand: one }
const sample: Results = {
  machine: {
    ...{ date: "2026-01-01", node: "v24", system: "", processor: "", cores: 1, memory: 1, load: [0, 0], commit: "" },
    versions: {}
  },
  rounds: 1,
  starts: [
    { program: "empty Node", wall: 0, cpu: 0, rss: 1 },
    { program: "undici", wall: 1, cpu: 1, rss: 2 }
  ],
  offers: { count: 1, processes: 1, all: took, ascii: took },
  suites: {
    ours: [{ of: "Vast.ai containers", killed: mutants.length, tried: mutants.length }],
    ...{ shared: 2, theirsShared: ["does nothing"], own: ["a", "b"], theirsOwn: ["a"], left: {} },
    calls: { connect: 1, quote: 1, provision: 0, "provision in a dry run": 2, list: 0, status: 0, destroy: 0 }
  },
  leaks: ["anygpu", "fetch and retry", "computesdk 4.1.4"].map(emptySum)
}

/** Headings, and the first line of every table. */
const formOf = (page: string) =>
  page.split("\n").filter((line, index, lines) => line.startsWith("#") || lines[index + 1]?.startsWith("| ---"))

test("the page is of the form that the run writes", () => {
  expect(formOf(kept)).toEqual(formOf(pageOf(sample)))
})

test("the page links to pages that exist", () => {
  const links = Array.from(kept.matchAll(/\]\((?!https:)([^)#]+)/g), ([, link = ""]) => link)
  expect(links.length).toBeGreaterThan(0)
  expect(links.filter((link) => !existsSync(new URL(link, folder)))).toEqual([])
})

test("a ratio is of the numbers beside it", () => {
  const page = pageOf({ ...sample, offers: { ...sample.offers, all: { ...took, sdk: { ...one, wall: 4, cpu: 3 } } } })
  expect(page).toContain("| anygpu, rows as the cloud sends them | 250 | 0.25× | 3.0 ms | 3.00× | 1.0 MiB | 1.00× |")
})
