import { shortRef } from "@anygpu/operations"
import { type OffersJson, offerJson, offerRef, problemsJson, timeJson } from "@anygpu/operations/protocol"
import type { Offer } from "anygpu"
import type { Run } from "../catalogue/entry.ts"
import { filterOf } from "../filter.ts"
import { gpuText, percentText, placeText, priceText, sizeText } from "../format.ts"
import { countOf } from "../inputs.ts"
import { tellLeftOut, tellProblems } from "../listing.ts"
import { noOfferText } from "../no-offer.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"
import { argumentsOf, isOn } from "../words.ts"

const columns: ReadonlyArray<Column<Offer>> = [
  { head: "offer", cell: (offer) => plain(shortRef(offerRef(offer))), spare: 0 },
  { head: "GPU", cell: ({ gpu }) => gpuText(gpu), spare: 1, paint: (text, _, colors) => colors.cyan(text) },
  { head: "VRAM", cell: ({ gpu }) => sizeText(gpu?.vramMiB ?? null), right: true, spare: 3 },
  { head: "CPUs", cell: ({ vcpus }) => (vcpus === null ? "?" : String(vcpus)), right: true, spare: 6 },
  { head: "memory", cell: ({ memoryMiB }) => sizeText(memoryMiB), right: true, spare: 5 },
  { head: "disk", cell: ({ diskMiB }) => sizeText(diskMiB ?? null), right: true, spare: 1 },
  {
    head: "up to",
    cell: ({ diskMiB, storageMiB }) => (diskMiB === storageMiB ? "-" : sizeText(storageMiB)),
    right: true,
    spare: 7
  },
  { head: "place", cell: ({ location }) => placeText(location), spare: 2 },
  { head: "reliability", cell: ({ reliability }) => percentText(reliability), right: true, spare: 4 },
  {
    head: "per hour",
    cell: ({ price }) => priceText(price),
    right: true,
    spare: 0,
    paint: (text, _, colors) => colors.green(text)
  }
]

/** `anygpu offers`: what can be rented now. */
export const run: Run = async (context, args, options) => {
  const { out, signal } = context
  const filter = { ...filterOf(options, argumentsOf(args, 0)), interruptible: isOn(options, "interruptible") }
  const limit = countOf(options, "limit", 0) ?? 20
  const gpu = await context.gpu()
  const found = await out.during("asking for offers", () => gpu.offers({ ...filter, signal }))
  const shown = limit === 0 ? found.items : found.items.slice(0, limit)
  out.answer({
    json: (): OffersJson => ({
      offers: shown.map(offerJson),
      total: found.items.length,
      leftOut: { ...found.leftOut },
      complete: found.complete,
      problems: problemsJson(found.problems),
      observedAt: timeJson(found.observedAt)
    }),
    text: () => (shown.length > 0 ? tableText(out, columns, shown) : noOfferText(filter.gpu, found.complete))
  })
  if (found.items.length > shown.length) {
    out.note(`${found.items.length - shown.length} more: --limit ${found.items.length} shows them`)
  }
  if (shown.length === 0)
    tellLeftOut(
      out,
      Object.entries(found.leftOut).map(([rule, count]) => ({ rule, count }))
    )
  return tellProblems(out, found)
}
