import { offers, shortRef } from "@anygpu/operations"
import { offerRef } from "@anygpu/operations/encode"
import { noOfferText } from "@anygpu/operations/run"
import { sizeText } from "@anygpu/operations/words"
import type { Offer } from "anygpu"
import { answering } from "../command/answering.ts"
import { gpuText, percentText, placeText, priceText } from "../format.ts"
import { leftOutNotes } from "../listing.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"

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
    cell: ({ pricePerHour: price }) => priceText(price),
    right: true,
    spare: 0,
    paint: (text, _, colors) => colors.green(text)
  }
]

/** What is said of offers that are not shown: all of it where none is, and else what is not known of them. */
const leftOut = (excluded: Readonly<Record<string, number>>, isEmpty: boolean) =>
  Object.entries(excluded).flatMap(([rule, count]) => (isEmpty || rule.startsWith("unknown ") ? [{ rule, count }] : []))

/** `anygpu offers`: what can be rented now. */
export const run = answering(offers, ({ out }, { offers: shown, total, excluded, ...gathered }, { gpu }) => ({
  text: () => (shown.length > 0 ? tableText(out, columns, shown) : noOfferText(gpu, gathered.complete)),
  notes: [
    ...(total > shown.length ? [`${total - shown.length} more: --limit ${total} shows them`] : []),
    ...leftOutNotes(leftOut(excluded, shown.length === 0))
  ],
  gathered
}))
