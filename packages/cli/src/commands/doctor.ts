import { doctor } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import type { Check } from "@anygpu/operations/run"
import { answering } from "../command/answering.ts"
import type { Colors } from "../output.ts"
import { type Column, tableText } from "../table.ts"

const paint = (text: string, { state }: Check, colors: Colors): string =>
  state === "ok" ? colors.green(text) : state === "bad" ? colors.red(text) : colors.dim(text)

const columns: ReadonlyArray<Column<Check>> = [
  { head: "", cell: ({ about }) => about, spare: 0, paint: (text, _, colors) => colors.bold(text) },
  { head: "check", cell: ({ check: what }) => what, spare: 0 },
  { head: "", cell: ({ state }) => (state === "skipped" ? "-" : state), spare: 0, paint },
  { head: "found", cell: ({ found, advice }) => (advice === null ? found : `${found} -> ${advice}`), spare: 0 }
]

/** `anygpu doctor`: keys, network, clocks, ledger, and what the clouds have changed. It only reads. */
export const run = answering(doctor, ({ out }, { checks, bad }) => ({
  // What a group is about stands in its first row.
  text: () =>
    tableText(
      out,
      columns,
      checks.map((one, index) => (checks[index - 1]?.about === one.about ? { ...one, about: "" } : one))
    ),
  notes: [bad === 0 ? "All is well." : `${bad} of ${checks.length} need somebody.`],
  code: bad === 0 ? exitCodes.done.code : exitCodes.unwell.code
}))
