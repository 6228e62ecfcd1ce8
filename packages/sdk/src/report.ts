import { decimalOf, formatMoney, type Money, visible } from "@anygpu/core"
import stringWidth from "string-width"
import { stringify } from "#csv"
import type { Candidate, Comparison } from "./compare/comparison.ts"

/**
 * One candidate as a flat row: what a spreadsheet, a database or another program takes.
 *
 * - Amounts are exact decimals as text; `total`, `upfront`, `refundable` and `pricePerHour` are in `currency`.
 */
export interface ReportRow {
  readonly rank: number
  readonly provider: string
  readonly kind: string
  readonly offer: string
  readonly gpu: string | null
  readonly gpuCount: number | null
  readonly vramMiB: number | null
  readonly vcpus: number | null
  readonly memoryMiB: number | null
  /** In the price. */
  readonly diskMiB: number | null
  /** The most that can be had. */
  readonly storageMiB: number | null
  readonly country: string | null
  readonly region: string | null
  readonly interruptible: boolean
  readonly reliability: number | null
  readonly currency: string
  readonly pricePerHour: string | null
  readonly total: string
  readonly upfront: string
  readonly refundable: string
  readonly exact: boolean
  readonly assumptions: string
}

const rowOf = ({ rank, offer, cost }: Candidate): ReportRow => ({
  rank,
  provider: offer.provider,
  kind: offer.kind,
  offer: offer.id,
  gpu: offer.gpu?.model ?? null,
  gpuCount: offer.gpu?.count ?? null,
  vramMiB: offer.gpu?.vramMiB ?? null,
  vcpus: offer.vcpus,
  memoryMiB: offer.memoryMiB,
  diskMiB: offer.diskMiB ?? null,
  storageMiB: offer.storageMiB,
  country: offer.location.country,
  region: offer.location.region,
  interruptible: offer.interruptible,
  reliability: offer.reliability,
  currency: cost.total.currency,
  pricePerHour: offer.pricePerHour && decimalOf(offer.pricePerHour),
  total: decimalOf(cost.total),
  upfront: decimalOf(cost.upfront),
  refundable: decimalOf(cost.refundable),
  exact: cost.exact,
  assumptions: cost.assumptions.join("; ")
})

const columns: ReadonlyArray<keyof ReportRow> = [
  ...(["rank", "provider", "kind", "offer", "gpu", "gpuCount", "vramMiB", "vcpus", "memoryMiB"] as const),
  ...(["diskMiB", "storageMiB"] as const),
  ...(["country", "region", "interruptible", "reliability", "currency", "pricePerHour", "total"] as const),
  ...(["upfront", "refundable", "exact", "assumptions"] as const)
]

/** The candidates as flat rows, the best first. */
export const toRows = (comparison: Comparison): ReadonlyArray<ReportRow> => comparison.candidates.map(rowOf)

/**
 * The candidates as CSV with a header.
 *
 * - A text that a spreadsheet would run as a formula has a `'` before it.
 * - One row is one line: what a terminal would not simply show is written as an escape, see `visible`.
 */
export const toCsv = (comparison: Comparison): string =>
  stringify([...toRows(comparison)], {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    cast: { boolean: String, string: (text) => visible(text) }
  })

/** The whole comparison as plain JSON data: rows, what was left out, and what could not be had. */
export const toJson = (comparison: Comparison) => ({
  observedAt: new Date(comparison.observedAt.epochMilliseconds).toISOString(),
  complete: comparison.complete,
  rows: toRows(comparison),
  excluded: comparison.excluded,
  problems: comparison.problems.map(({ provider, kind, part, error }) => ({
    provider,
    kind: kind ?? null,
    part,
    error: { tag: error._tag, message: error.message }
  }))
})

const gib = (mib: number | null): string => (mib === null ? "?" : `${Math.round(mib / 1024)} GB`)
const amount = (money: Money | null, digits: number): string => (money === null ? "?" : formatMoney(money, digits))

/** The columns of the table; figures are flush right. */
const cells = [
  { heading: "#", flush: "right" },
  { heading: "cloud", flush: "left" },
  { heading: "kind", flush: "left" },
  { heading: "GPU", flush: "left" },
  { heading: "memory", flush: "right" },
  { heading: "place", flush: "left" },
  { heading: "reliability", flush: "right" },
  { heading: "per hour", flush: "right" },
  { heading: "job", flush: "right" },
  { heading: "up front", flush: "right" }
] as const

/** So many characters of a text are shown in a table. */
const longestCell = 80

/** Rows of text under their headings, each column as wide as its widest text. */
const aligned = (rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const shown = rows.map((row) => row.map((text) => visible(text, longestCell)))
  const lines = [cells.map(({ heading }) => heading), ...shown]
  const columns = cells.map(({ flush }, at) => {
    const texts = lines.map((line) => line[at] ?? "")
    const width = texts.reduce((widest, text) => Math.max(widest, stringWidth(text)), 0)
    const spaces = texts.map((text) => " ".repeat(width - stringWidth(text)))
    return texts.map((text, row) => (flush === "right" ? `${spaces[row]}${text}` : `${text}${spaces[row]}`))
  })
  return lines.map((_, row) => columns.map((column) => column[row]).join("  "))
}

/**
 * The candidates as a table for a terminal, without colours.
 *
 * - Below it: what the costs with a `~` leave open, what was left out, and what is missing.
 * - What a terminal would not simply show is written as an escape, see `visible`, and a text of more than 80 characters is
 *   cut.
 */
export const toTable = (comparison: Comparison, { limit = 20 }: { readonly limit?: number } = {}): string => {
  const shown = comparison.candidates.slice(0, limit)
  const rows = shown.map(({ rank, offer, cost }) => {
    const { gpu, location, reliability } = offer
    return [
      String(rank),
      offer.provider,
      offer.interruptible ? `${offer.kind} (interruptible)` : offer.kind,
      gpu === null ? "none" : `${gpu.count}x ${gpu.model}`,
      gib(gpu?.vramMiB ?? null),
      location.country ?? location.region ?? location.native ?? "?",
      reliability === null ? "?" : `${(reliability * 100).toFixed(1)}%`,
      amount(offer.pricePerHour, 3),
      (cost.exact ? "" : "~") + formatMoney(cost.total, 2),
      formatMoney(cost.upfront, 2)
    ]
  })
  const { length } = comparison.candidates
  const more = length > limit ? [`${length - limit} more`] : []
  const inexact = new Set(shown.flatMap(({ cost }) => (cost.exact ? [] : cost.assumptions)))
  const excluded = comparison.excluded.map(
    ({ provider, kind, rule, count }) => `${provider} ${kind}: ${count} left out by ${rule}`
  )
  const problems = comparison.problems.map(({ part, error }) => `missing: ${part} (${error.message})`)
  const table = length > 0 ? aligned(rows) : ["No offer fits."]
  return [...table, ...more, ...Array.from(inexact, (note) => `~ ${note}`), ...excluded, ...problems]
    .map((line) => visible(line.trimEnd()))
    .join("\n")
}
