import { audit, type InputOf, recover } from "@anygpu/operations"
import { type Audit, formatMoney, type LaunchRecord, type Money, type Problem } from "anygpu"
import type { auditFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import { sinceText } from "../format.ts"
import { tellProblems } from "../listing.ts"
import { machineColumns } from "../machines.ts"
import { plain } from "../plain.ts"
import { type Column, tableText } from "../table.ts"

/** A launch of the ledger, with what it is about. */
interface Finding {
  readonly ref: unknown
  readonly launch: LaunchRecord
}

const launchColumns = (now: number): ReadonlyArray<Column<Finding>> => [
  { head: "machine", cell: ({ ref, launch }) => plain(ref === null ? launch.marker : String(ref)), spare: 0 },
  { head: "name", cell: ({ launch }) => plain(launch.name), spare: 1 },
  { head: "launched", cell: ({ launch }) => sinceText(launch.at, now), spare: 2 },
  {
    head: "rented until",
    cell: ({ launch }) => (launch.leaseUntil === null ? "it is ended" : sinceText(launch.leaseUntil, now)),
    spare: 0
  },
  { head: "note", cell: ({ launch }) => plain(launch.note ?? "-"), spare: 3 }
]

const sumText = (sums: ReadonlyArray<Money>): string =>
  sums.length === 0 ? "nothing" : `${sums.map((sum) => formatMoney(sum, 3)).join(" and ")} per hour`

/** What is paid now and which of it needs somebody, worst first; what is in order comes last. */
const auditText = ({ out, now }: Context, found: Audit): string => {
  const [machines, launches] = [machineColumns(now()), launchColumns(now())]
  const part = (title: string, size: number, table: () => string): ReadonlyArray<string> =>
    size === 0 ? [] : [`${out.colors.bold(title)}\n${table()}`]
  const { overdue, unsettled, lost, elsewhere, unclaimed, claimed, perHour } = found
  const doubles = found.doubles.map(({ machine, launch }) => ({ ref: machine.ref, launch }))
  const others = perHour.unclaimed.length > 0 ? `, of which ${sumText(perHour.unclaimed)} for machines of others` : ""
  const apart = new Set([...overdue, ...doubles].map(({ ref }) => String(ref)))
  const rented = claimed.filter(({ machine }) => !apart.has(String(machine.ref)))
  return [
    ...part(
      "Overdue: their --ttl has passed, or they are there again after their end. End them with: anygpu sweep",
      overdue.length,
      () => tableText(out, launches, overdue)
    ),
    ...part("Left over: their launch was given up or ended. End them: nobody uses them", doubles.length, () =>
      tableText(out, launches, doubles)
    ),
    ...part("Not known whether a machine came of them. Look with: anygpu audit --recover", unsettled.length, () =>
      tableText(
        out,
        launches,
        unsettled.map((launch) => ({ ref: null, launch }))
      )
    ),
    ...part("Lost: launched, not ended from here, and no longer on the account", lost.length, () =>
      tableText(out, launches, lost)
    ),
    ...part("On another account, or launched with another key: this one says nothing of them", elsewhere.length, () =>
      tableText(out, launches, elsewhere)
    ),
    ...part("Launched by others, or with another ledger", unclaimed.length, () => tableText(out, machines, unclaimed)),
    ...part("Launched with this ledger", rented.length, () =>
      tableText(
        out,
        machines,
        rented.map(({ machine }) => machine)
      )
    ),
    `Billed now: ${sumText(perHour.all)}${others}.`,
    ...(perHour.uncounted.length > 0
      ? [`Not in that sum, and may cost something: ${plain(perHour.uncounted.join(", "))}.`]
      : [])
  ].join("\n\n")
}

/** What came of launches that were cut off, said as it is found. */
const recovering = async (context: Context): Promise<ReadonlyArray<Problem>> => {
  const { out } = context
  const { adopted, absent, late, problems } = await (await recover.load()).run(context, {})
  for (const { ref } of adopted) out.note(`found: ${plain(String(ref))}`)
  for (const { ref, error } of late) {
    const came = `${plain(String(ref))} came when its launch had been given up`
    if (error) out.fail(`${came}, and may still cost money: ${plain(error.message)}`)
    else out.note(`${came}: it is ended and gone`)
  }
  for (const { name, marker } of absent) out.note(`no machine came of ${plain(name)} (${marker})`)
  return problems
}

/** `anygpu audit`: the ledger compared with the accounts. */
export const run = async (context: Context, input: InputOf<typeof auditFields>): Promise<number> => {
  const { out, signal } = context
  const recovered = input.recover ? await recovering(context) : []
  const operation = await audit.load()
  const found = await operation.run(context, {})
  const problems = [...recovered, ...found.problems]
  const all = { ...found, complete: found.complete && recovered.length === 0, problems }
  out.answer({ json: () => operation.encode(all, signal.aborted), text: () => auditText(context, all) })
  return tellProblems(out, all)
}
