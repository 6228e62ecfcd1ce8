import { askAccounts } from "../accounts.ts"
import type { Run } from "../catalogue/entry.ts"
import { gatheredJson } from "../json/model.ts"
import type { ImagesJson } from "../json/shapes.ts"
import { tellProblems } from "../listing.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"
import { argumentOf } from "../words.ts"

type Row = ImagesJson["images"][number]

const columns: ReadonlyArray<Column<Row>> = [
  { head: "cloud", cell: ({ provider }) => provider, spare: 0 },
  { head: "kind", cell: ({ kind }) => kind, spare: 0 },
  { head: "image", cell: ({ id }) => plain(id), spare: 0 },
  { head: "name", cell: ({ name }) => plain(name), spare: 1 }
]

/** `anygpu images`: what `--image` and `--os` may name. */
export const run: Run = async (context, args) => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const { answers, lacking, problems } = await out.during("asking for images", () =>
    askAccounts(gpu, { op: "images", each: "kind" }, async ({ provider, kind, images }) => {
      const listing = await images({ signal })
      return { listing, rows: listing.items.map(({ id, name }): Row => ({ provider, kind, id, name })) }
    })
  )
  const text = (argumentOf(args, 0) ?? "").toLowerCase()
  const rows = answers
    .flatMap((answer) => answer.rows)
    .filter(({ id, name }) => `${id}\n${name}`.toLowerCase().includes(text))
  const all = [...problems, ...answers.flatMap(({ listing }) => listing.problems)]
  out.answer({
    json: (): ImagesJson => ({ images: rows, lacking: [...lacking], ...gatheredJson(all, context.now()) }),
    text: () => (rows.length > 0 ? tableText(out, columns, rows) : "No image fits.")
  })
  for (const cloud of lacking) out.note(`${cloud} has no list: its containers take any image of a registry`)
  return tellProblems(out, { complete: all.length === 0, problems: all })
}
