import { list } from "@anygpu/operations"
import { answering } from "../command/answering.ts"
import { noneText } from "../listing.ts"
import { billedText, leasedColumns } from "../machines.ts"
import { plain } from "../plain.ts"
import { tableText } from "../table.ts"

/** `anygpu list`: the machines on all accounts, and what is paid for them now. */
export const run = answering(list, ({ out, now }, { machines, launches, ...gathered }) => {
  const billed = billedText(machines)
  return {
    text: () =>
      machines.length > 0
        ? tableText(out, leasedColumns(now(), machines, launches), machines)
        : noneText("No machines.", gathered.complete),
    notes: [
      ...(billed === "" ? [] : [`billed now: ${billed}`]),
      ...machines.flatMap(({ ref, notice }) =>
        notice === undefined ? [] : [`${plain(String(ref))}: ${plain(notice)}`]
      )
    ],
    gathered
  }
})
