import type { Run } from "../catalogue/entry.ts"
import { problemsJson } from "../failure.ts"
import { machineJson, moneyJson, timeJson } from "../json/model.ts"
import type { ListJson } from "../json/shapes.ts"
import { noneText, tellProblems } from "../listing.ts"
import { billedText, hourlyOf, machineColumns } from "../machines.ts"
import { plain } from "../plain.ts"
import { tableText } from "../table.ts"
import { isOn } from "../words.ts"

/** `anygpu list`: the machines on all accounts, and what is paid for them now. */
export const run: Run = async (context, _, options) => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const found = await out.during("asking for machines", () => gpu.list({ signal }))
  const machines = found.items.filter(({ status }) => isOn(options, "all") || status !== "terminated")
  const { sums, uncounted } = hourlyOf(machines)
  out.answer({
    json: (): ListJson => ({
      machines: machines.map(machineJson),
      billedPerHour: sums.map(moneyJson),
      uncounted,
      complete: found.complete,
      problems: problemsJson(found.problems),
      observedAt: timeJson(found.observedAt)
    }),
    text: () => {
      if (machines.length > 0) return tableText(out, machineColumns(context.now()), machines)
      return noneText("No machines.", found.complete)
    }
  })
  const billed = billedText(machines)
  if (billed !== "") out.note(`billed now: ${billed}`)
  for (const { ref, notice } of machines) {
    if (notice !== undefined) out.note(`${plain(String(ref))}: ${plain(notice)}`)
  }
  return tellProblems(out, found)
}
