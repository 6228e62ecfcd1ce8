import { type InputOf, list } from "@anygpu/operations"
import type { Listed } from "@anygpu/operations/run"
import { print, type View } from "../command/answering.ts"
import type { Context } from "../context.ts"
import { noneText } from "../listing.ts"
import { billedText, leasedColumns } from "../machines.ts"
import { plain } from "../plain.ts"
import { putIn } from "../ssh-config/beside.ts"
import { tableText } from "../table.ts"

const view = ({ out, now }: Context, { machines, launches, costs, enders, ...gathered }: Listed): View => {
  const billed = billedText(machines)
  return {
    text: () =>
      machines.length > 0
        ? tableText(out, leasedColumns(now(), machines, launches, { costs, enders }), machines)
        : noneText("No machines.", gathered.complete),
    notes: [
      ...(billed === "" ? [] : [`billed now: ${billed}`]),
      ...machines.flatMap(({ ref, notice }) =>
        notice === undefined ? [] : [`${plain(String(ref))}: ${plain(notice)}`]
      )
    ],
    gathered
  }
}

/** `anygpu list`: the machines on all accounts, and what is paid for them now. */
export const run = async (context: Context, input: InputOf<typeof list.input>): Promise<number> => {
  const operation = await list.load()
  const listed = await operation.run(context, input)
  await putIn(context, listed.machines)
  return print(context, view(context, listed), () => operation.encode(listed, context.signal.aborted))
}
