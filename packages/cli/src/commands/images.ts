import { gatheredJson, type ImagesJson } from "@anygpu/operations/protocol"
import type { Run } from "../catalogue/entry.ts"
import { noneText, tellProblems } from "../listing.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"
import { argumentOf } from "../words.ts"

type Row = ImagesJson["images"][number]

const columns: ReadonlyArray<Column<Row>> = [
  { head: "cloud", cell: ({ provider }) => provider, spare: 0 },
  { head: "kind", cell: ({ kind }) => kind, spare: 0 },
  { head: "image", cell: ({ id }) => plain(id), spare: 0 },
  { head: "name", cell: ({ name }) => plain(name), spare: 0 }
]

/** `anygpu images`: what `--image` and `--os` may name. */
export const run: Run = async (context, args) => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const found = await out.during("asking for images", () => gpu.accounts("images", { signal }))
  const text = (argumentOf(args, 0) ?? "").toLowerCase()
  const rows = found.answers
    .flatMap(({ provider, kind, answer }) => answer.items.map(({ id, name }): Row => ({ provider, kind, id, name })))
    .filter(({ id, name }) => `${id}\n${name}`.toLowerCase().includes(text))
  out.answer({
    json: (): ImagesJson => ({ images: rows, lacking: [...found.lacking], ...gatheredJson(found) }),
    text: () => (rows.length > 0 ? tableText(out, columns, rows) : noneText("No image fits.", found.complete))
  })
  for (const cloud of found.lacking) out.note(`${cloud} has no list: its containers take any image of a registry`)
  return tellProblems(out, found)
}
