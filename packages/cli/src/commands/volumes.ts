import { volumes } from "@anygpu/operations"
import { sizeText } from "@anygpu/operations/words"
import type { Volume } from "anygpu"
import { answering } from "../command/answering.ts"
import { placeText, priceText } from "../format.ts"
import { noneText } from "../listing.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"

const holdersText = ({ attachedTo }: Volume): string => {
  if (attachedTo === null) return "?"
  return attachedTo.length === 0 ? "no machine" : plain(attachedTo.join(", "))
}

const columns: ReadonlyArray<Column<Volume>> = [
  { head: "volume", cell: ({ provider, id }) => plain(`${provider}/${id}`), spare: 0 },
  { head: "name", cell: ({ name }) => plain(name ?? "-"), spare: 2 },
  { head: "size", cell: ({ sizeMiB }) => sizeText(sizeMiB), right: true, spare: 1 },
  { head: "type", cell: ({ type }) => plain(type ?? "-"), spare: 4 },
  // Its region decides which offers can have it.
  { head: "place", cell: ({ location }) => placeText({ ...location, country: null }), spare: 0 },
  { head: "attached to", cell: holdersText, spare: 3 },
  { head: "per hour", cell: ({ pricePerHour }) => priceText(pricePerHour), right: true, spare: 0 }
]

/** `anygpu volumes`: what `--attach` may name, and what goes on costing. */
export const run = answering(volumes, ({ out }, { volumes: rows, lacking, ...gathered }) => ({
  text: () =>
    rows.length > 0 ? tableText(out, columns, rows) : noneText("No account has a volume.", gathered.complete),
  notes: lacking.map((cloud) => `${cloud} has no volumes that can be attached`),
  gathered
}))
