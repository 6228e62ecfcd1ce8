import { shortRef } from "@anygpu/operations"
import {
  type CompareJson,
  costJson,
  jobJson,
  offerJson,
  offerRef,
  problemsJson,
  timeJson
} from "@anygpu/operations/protocol"
import { type Candidate, type CompareRequest, Comparison, compareAtPar, formatMoney } from "anygpu"
import type { Options, Run } from "../catalogue/entry.ts"
import { chartText } from "../chart.ts"
import { filterOf } from "../filter.ts"
import { durationText, gpuText, percentText, placeText, priceText, sizeText } from "../format.ts"
import { amountOf, countOf } from "../inputs.ts"
import { jobOf } from "../job.ts"
import { tellLeftOut, tellProblems } from "../listing.ts"
import { noOfferText } from "../no-offer.ts"
import { openNotes } from "../open-notes.ts"
import type { Output } from "../output.ts"
import { Usage } from "../own-errors.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"
import { argumentsOf, isOn, textsOf } from "../words.ts"

const costText = ({ cost }: Candidate): string => `${cost.exact ? "" : "~"}${formatMoney(cost.total, 2)}`

const columns: ReadonlyArray<Column<Candidate>> = [
  { head: "#", cell: ({ rank }) => String(rank), right: true, spare: 0 },
  { head: "offer", cell: ({ offer }) => plain(shortRef(offerRef(offer))), spare: 0 },
  { head: "GPU", cell: ({ offer }) => gpuText(offer.gpu), spare: 1, paint: (text, _, colors) => colors.cyan(text) },
  { head: "VRAM", cell: ({ offer }) => sizeText(offer.gpu?.vramMiB ?? null), right: true, spare: 4 },
  { head: "place", cell: ({ offer }) => placeText(offer.location), spare: 3 },
  { head: "reliability", cell: ({ offer }) => percentText(offer.reliability), right: true, spare: 6 },
  { head: "per hour", cell: ({ offer }) => priceText(offer.price), right: true, spare: 2 },
  { head: "job", cell: costText, right: true, spare: 0, paint: (text, _, colors) => colors.green(text) },
  { head: "up front", cell: ({ cost }) => formatMoney(cost.upfront, 2), right: true, spare: 5 }
]

const requestOf = (options: Options, gpus: ReadonlyArray<string>, now: number) => {
  const { maxPricePerHour: maxPerHour, ...filter } = filterOf(options, gpus)
  const [maxTotal, prefer] = [amountOf(options, "maxTotal"), textsOf(options, "prefer")]
  return {
    ...filter,
    job: jobOf(options, now),
    interruptible: isOn(options, "anyInterruptible") ? "any" : isOn(options, "interruptible"),
    ...(maxPerHour && { maxPerHour }),
    ...(maxTotal && { maxTotal }),
    ...(prefer.length > 0 && { prefer })
  } as const satisfies CompareRequest
}

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

/** `anygpu compare`: what a whole job costs on each offer. */
export const run: Run = async (context, args, options) => {
  const { out, signal, settings } = context
  const csv = isOn(options, "csv")
  if (csv && settings.json) throw new Usage("--csv and --json cannot both be had")
  const request = requestOf(options, argumentsOf(args, 0), context.now())
  const limit = countOf(options, "limit", 0) ?? (csv ? 0 : 10)
  const gpu = await context.gpu()
  const found = await out.during("comparing offers", () => gpu.compare(request, { signal }))
  const shown = limit === 0 ? found.candidates : found.candidates.slice(0, limit)
  const { toCsv } = csv ? await import("anygpu/report") : { toCsv: null }
  out.answer({
    json: (): CompareJson => ({
      job: jobJson(request.job),
      candidates: shown.map(({ rank, offer, cost, penalty }) => ({
        ...{ rank, offer: offerJson(offer), cost: costJson(cost), penalty }
      })),
      total: found.candidates.length,
      excluded: found.excluded.map((one) => ({ ...one })),
      complete: found.complete,
      problems: problemsJson(found.problems),
      observedAt: timeJson(found.observedAt)
    }),
    text: () =>
      toCsv
        ? toCsv(new Comparison({ ...found, candidates: shown }))
        : shown.length === 0
          ? noOfferText(request.gpu, found.complete)
          : textFor(out, shown, isOn(options, "chart"))
  })
  const { length } = found.candidates
  if (!csv) out.note(`for ${durationText(request.job.duration)}, the cheapest job first`)
  if (length > shown.length) out.note(`${length - shown.length} more: --limit ${length} shows them`)
  tellLeftOut(out, found.excluded)
  return tellProblems(out, found)
}
