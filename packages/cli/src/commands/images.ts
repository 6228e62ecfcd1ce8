import { images } from "@anygpu/operations"
import type { ImagesJson } from "@anygpu/operations/protocol"
import { answering } from "../command/answering.ts"
import { noneText } from "../listing.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"

type Row = ImagesJson["images"][number]

const columns: ReadonlyArray<Column<Row>> = [
  { head: "cloud", cell: ({ provider }) => provider, spare: 0 },
  { head: "kind", cell: ({ kind }) => kind, spare: 0 },
  { head: "image", cell: ({ id }) => plain(id), spare: 0 },
  { head: "name", cell: ({ name }) => plain(name), spare: 0 }
]

/** `anygpu images`: what `--image` and `--os` may name. */
export const run = answering(images, ({ out }, { images: rows, lacking, ...gathered }) => ({
  text: () => (rows.length > 0 ? tableText(out, columns, rows) : noneText("No image fits.", gathered.complete)),
  notes: lacking.map((cloud) => `${cloud} has no list: its containers take any image of a registry`),
  gathered
}))
