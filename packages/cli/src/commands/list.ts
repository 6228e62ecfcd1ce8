import { type ListJson, moneyJson, problemsJson, timeJson } from "@anygpu/operations/protocol"
import type { Run } from "../catalogue/entry.ts"
import { withDetails } from "../details.ts"
import { launchesOf, leasedJson } from "../leases.ts"
import { noneText, tellProblems } from "../listing.ts"
import { billedText, hourlyOf, leasedColumns } from "../machines.ts"
import { plain } from "../plain.ts"
import { tableText } from "../table.ts"
import { isOn } from "../words.ts"

/** `anygpu list`: the machines on all accounts, and what is paid for them now. */
export const run: Run = async (context, _, options) => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const launches = await launchesOf(context)
  const { found, machines } = await out.during("asking for machines", async () => {
    const found = await gpu.list({ signal })
    const wanted = found.items.filter(({ status }) => isOn(options, "all") || status !== "terminated")
    return { found, machines: await withDetails(context, wanted, launches) }
  })
  const { sums, uncounted } = hourlyOf(machines)
  out.answer({
    json: (): ListJson => ({
      machines: machines.map((machine) => leasedJson(launches, machine)),
      billedPerHour: sums.map(moneyJson),
      uncounted,
      complete: found.complete,
      problems: problemsJson(found.problems),
      observedAt: timeJson(found.observedAt)
    }),
    text: () => {
      if (machines.length > 0) return tableText(out, leasedColumns(context.now(), machines, launches), machines)
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
