import { compare, durationText, type InputOf, shortRef } from "@anygpu/operations"
import { offerRef } from "@anygpu/operations/encode"
import type { CompareJson } from "@anygpu/operations/protocol"
import { noOfferText } from "@anygpu/operations/run"
import { sizeText } from "@anygpu/operations/words"
import { type Candidate, Comparison, compareAtPar, formatMoney } from "anygpu"
import { chartText } from "../chart.ts"
import { answering, print } from "../command/answering.ts"
import type { compareFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { gpuText, percentText, placeText, priceText } from "../format.ts"
import { leftOutNotes } from "../listing.ts"
import { openNotes } from "../open-notes.ts"
import type { Output } from "../output.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"
import { writeReport } from "../write-report.ts"

const costText = ({ cost }: Candidate): string => `${cost.exact ? "" : "~"}${formatMoney(cost.total, 2)}`

const columns: ReadonlyArray<Column<Candidate>> = [
  { head: "#", cell: ({ rank }) => String(rank), right: true, spare: 0 },
  { head: "offer", cell: ({ offer }) => plain(shortRef(offerRef(offer))), spare: 0 },
  { head: "GPU", cell: ({ offer }) => gpuText(offer.gpu), spare: 1, paint: (text, _, colors) => colors.cyan(text) },
  { head: "VRAM", cell: ({ offer }) => sizeText(offer.gpu?.vramMiB ?? null), right: true, spare: 4 },
  { head: "place", cell: ({ offer }) => placeText(offer.location), spare: 3 },
  { head: "reliability", cell: ({ offer }) => percentText(offer.reliability), right: true, spare: 6 },
  { head: "per hour", cell: ({ offer }) => priceText(offer.pricePerHour), right: true, spare: 2 },
  { head: "job", cell: costText, right: true, spare: 0, paint: (text, _, colors) => colors.green(text) },
  { head: "up front", cell: ({ cost }) => formatMoney(cost.upfront, 2), right: true, spare: 5 }
]

const textFor = (out: Output, shown: ReadonlyArray<Candidate>, chart: boolean): string => {
  const bars = shown.map((candidate) => ({
    label: `${String(candidate.rank).padStart(2)}  ${candidate.offer.provider.padEnd(7)}  ${gpuText(candidate.offer.gpu)}`,
    value: candidate.cost.total.micros,
    text: costText(candidate)
  }))
  const dearest = shown.reduce((a, b) => (compareAtPar(a.cost.total, b.cost.total) < 0 ? b : a))
  const drawn = chart && dearest.cost.total.micros > 0 ? chartText(bars, Math.min(out.width, 120)) : ""
  const open = openNotes(shown.flatMap(({ cost }) => (cost.exact ? [] : cost.assumptions)))
  const notes = open.map((note) => `~ ${plain(note)}`).join("\n")
  return [tableText(out, columns, shown), drawn && out.colors.cyan(drawn), notes]
    .filter((part) => part !== "")
    .join("\n\n")
}

type Input = InputOf<typeof compareFields>

const printing = (toCsv: ((comparison: Comparison) => string) | null) =>
  answering(compare, ({ out }, { candidates: shown, total, job, found }, { gpu, chart = true }: Input) => ({
    text: () =>
      toCsv
        ? toCsv(new Comparison({ ...found, candidates: shown }))
        : shown.length === 0
          ? noOfferText(gpu, found.complete)
          : textFor(out, shown, chart),
    notes: [
      ...(toCsv ? [] : [`for ${durationText(job.duration)}, the cheapest job first`]),
      ...(total > shown.length ? [`${total - shown.length} more: --limit ${total} shows them`] : []),
      ...leftOutNotes(found.excluded)
    ],
    gathered: found
  }))

/** So many offers a report has, where nothing else is said: more bars than a screen shows at once. */
const reported = 40

/** Writes the comparison into a file, with a chart. */
const report = async (context: Context, input: Input, file: string): Promise<number> => {
  const { run, encode } = await compare.load()
  const compared = await run(context, { ...input, limit: input.limit ?? reported })
  // It is what its own codec has written.
  const json = encode(compared, context.signal.aborted) as CompareJson
  await writeReport(file, (await import("@anygpu/dashboard/report")).compareReport(json))
  const { found, total, candidates } = compared
  const text = () => `${plain(file)} has ${candidates.length} of the ${total} offers that fit`
  return print(context, { text, notes: leftOutNotes(found.excluded), gathered: found }, () => json)
}

/** `anygpu compare`: what a whole job costs on each offer. */
export const run = async (context: Context, input: Input): Promise<number> => {
  const { csv = false, html } = input
  if (csv && html !== undefined) throw new Usage("--csv and --html cannot both be had")
  if (html !== undefined) return await report(context, input, html)
  if (!csv) return await printing(null)(context, input)
  if (context.settings.json) throw new Usage("--csv and --json cannot both be had")
  const { toCsv } = await import("anygpu/report")
  return await printing(toCsv)(context, { ...input, limit: input.limit ?? 0 })
}
