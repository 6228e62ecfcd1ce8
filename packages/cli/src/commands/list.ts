import { formatMoney } from "anygpu"
import type { Run } from "../catalogue/entry.ts"
import { machineJson, moneyJson, problemJson, timeJson } from "../json/model.ts"
import type { ListJson } from "../json/shapes.ts"
import { tellProblems } from "../listing.ts"
import { hourlyOf, machineColumns } from "../machines.ts"
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
      problems: found.problems.map(problemJson),
      observedAt: timeJson(found.observedAt)
    }),
    text: () => {
      if (machines.length > 0) return tableText(out, machineColumns(context.now()), machines)
      return found.complete ? "No machines." : "No machines, as far as the clouds answered."
    }
  })
  if (sums.length > 0) out.note(`billed now: ${sums.map((sum) => formatMoney(sum, 3)).join(" and ")} per hour`)
  if (uncounted > 0) {
    const verb = uncounted === 1 ? "machine costs" : "machines cost"
    out.note(`${uncounted} more ${verb} something, or may: only the disk is billed, or it is not known what`)
  }
  return tellProblems(out, found)
}
