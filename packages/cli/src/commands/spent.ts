import { durationText, spent } from "@anygpu/operations"
import type { SpentRow } from "anygpu"
import { toMillis } from "effect/Duration"
import { answering } from "../command/answering.ts"
import { amountText } from "../cost-text.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"

const timeText = (time: SpentRow["paid"]): string => (toMillis(time) === 0 ? "-" : durationText(toMillis(time)))

const columnsOf = (by: string): ReadonlyArray<Column<SpentRow>> => [
  { head: by, cell: ({ of }) => plain(of), spare: 0 },
  { head: "cost", cell: amountText, right: true, spare: 0 },
  { head: "paid for", cell: ({ paid }) => timeText(paid), right: true, spare: 1 },
  { head: "not looked at", cell: ({ unobserved }) => timeText(unobserved), right: true, spare: 3 },
  { head: "price not known", cell: ({ unpriced }) => timeText(unpriced), right: true, spare: 2 }
]

/** `anygpu spent`: what machines have cost, by the ledger. */
export const run = answering(spent, ({ out }, { by, rows, total }) => ({
  text: () =>
    rows.length === 0
      ? "Nothing was spent, as far as this ledger knows."
      : `${tableText(out, columnsOf(by), rows)}\n${out.colors.bold(`in total ${amountText(total)}`)}`,
  notes: rows.length === 0 ? [] : ["An estimate by what was seen: the clouds' own invoices count."]
}))
