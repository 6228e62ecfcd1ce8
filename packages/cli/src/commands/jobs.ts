import { jobs } from "@anygpu/operations"
import { formatMoney, type RunRecord } from "anygpu"
import { answering } from "../command/answering.ts"
import { timeText } from "../format.ts"
import { plain } from "../plain.ts"
import { tableText } from "../table.ts"

const last = ({ attempts }: RunRecord) => attempts.at(-1)

const stateText = (run: RunRecord): string => {
  const attempt = last(run)
  if (run.state === "open") return attempt?.state ?? "begun"
  return attempt?.end === "exited" ? `exited ${attempt.code}` : (attempt?.end ?? "over")
}

const columns = [
  { head: "KEY", spare: 0, cell: (run: RunRecord) => plain(run.key) },
  { head: "STATE", spare: 0, cell: stateText },
  { head: "MACHINE", spare: 1, cell: (run: RunRecord) => plain(last(run)?.ref ?? "-") },
  { head: "TRIES", spare: 2, cell: ({ attempts }: RunRecord) => String(attempts.length) },
  {
    ...{ head: "SPENT", spare: 1 },
    cell: ({ attempts }: RunRecord) =>
      attempts.flatMap(({ spent }) => spent.map((sum) => formatMoney(sum, 2))).join(" + ") || "-"
  },
  { head: "BEGAN", spare: 3, cell: ({ at }: RunRecord) => timeText(at) },
  { head: "COMMAND", spare: 4, cell: ({ command }: RunRecord) => plain(command) }
]

/** `anygpu jobs`: the runs of the ledger. */
export const run = answering(jobs, ({ out }, records) => ({
  text: () => (records.length === 0 ? "No runs." : tableText(out, columns, records))
}))
