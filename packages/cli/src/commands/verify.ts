import { type InputOf, verify } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import type { MachineCheck, Verification } from "anygpu"
import { answering } from "../command/answering.ts"
import type { verifyFields } from "../command/using-fields.ts"
import { loggingInWith } from "../connect.ts"
import type { Context } from "../context.ts"
import type { Colors } from "../output.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"

const paintVerdict = (text: string, { verdict }: MachineCheck, colors: Colors): string => {
  if (verdict === "wrong" || verdict === "faulty") return colors.red(text)
  return verdict === "ok" ? text : colors.yellow(text)
}

const cellOf = (text: string | null): string => (text === null ? "-" : plain(text))

const columns: ReadonlyArray<Column<MachineCheck>> = [
  { head: "OF", spare: 0, cell: ({ subject }) => subject },
  { head: "IS", spare: 0, cell: ({ verdict }) => verdict, paint: paintVerdict },
  { head: "OFFERED", spare: 1, cell: ({ offered }) => cellOf(offered) },
  { head: "FOUND", spare: 0, cell: ({ found }) => cellOf(found) }
]

/** What is said beneath the table: a sentence for each finding, and what a machine that is not as offered is to be done with. */
export const verificationNotes = ({ findings, unknown, outcome }: Verification): ReadonlyArray<string> => [
  ...[...findings, ...unknown].map(({ verdict, message }) => plain(`${verdict}: ${message}`)),
  ...(outcome === "unclear" ? ["its GPUs could not be read: that is not taken for fine"] : [])
]

const codes = {
  "as-offered": exitCodes.done.code,
  "not-as-offered": exitCodes.unwell.code,
  unclear: exitCodes.partial.code
} as const

const answer = answering(verify, ({ out }, { verification }) => ({
  text: () => tableText(out, columns, verification.checks),
  notes: verificationNotes(verification),
  code: codes[verification.outcome]
}))

/** `anygpu verify`: compares a machine with what was offered. */
export const run = (context: Context, input: InputOf<typeof verifyFields>): Promise<number> =>
  answer(loggingInWith(context, input), input)
