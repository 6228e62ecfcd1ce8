import { durationText, shortRef } from "@anygpu/operations"
import { type Costs, type Enders, hourlyOf, type Launches, leaseUntil, statusText } from "@anygpu/operations/run"
import { billingTexts } from "@anygpu/operations/words"
import { type BillingState, formatMoney, type Instance, tagTexts } from "anygpu"
import type { EndedBy } from "anygpu/effect"
import { amountText } from "./cost-text.ts"
import { enderWords } from "./ender-text.ts"
import { gpuText, placeText, priceText, sinceText, timeText } from "./format.ts"
import type { Colors } from "./output.ts"
import { plain } from "./plain.ts"
import type { Column } from "./table.ts"

/** What a machine is called, whole, and what its cloud keeps of that where it is less. */
export const nameText = ({ name, keptName, ref }: Instance): string =>
  plain(keptName === undefined ? (name ?? "no name") : `${name}, kept as ${keptName} by ${ref.provider}`)

/** Green is up, yellow is on its way or waits, red needs somebody. */
export const paintStatus = (text: string, { status }: Instance, colors: Colors): string => {
  if (status === "running") return colors.green(text)
  if (status === "failed" || status === "unknown" || status === "interrupted") return colors.red(text)
  return status === "terminated" ? colors.dim(text) : colors.yellow(text)
}

/** What a machine costs per hour now; in brackets what it costs while it runs, where that is not being paid. */
const hourText = ({ billing, pricePerHour: price }: Instance): string => {
  if (billing === "compute") return priceText(price)
  return price === null ? "-" : `(${priceText(price)})`
}

/** When machines end, and by whom where that is not a sweep; shown where one of them has a time. */
const ttlColumn = (
  now: number,
  machines: ReadonlyArray<Instance>,
  launches: Launches,
  enders: Enders
): ReadonlyArray<Column<Instance>> =>
  machines.every((machine) => leaseUntil(launches, machine) === null)
    ? []
    : [
        {
          head: "ttl",
          cell: (machine) => {
            const until = leaseUntil(launches, machine)
            if (until === null) return "-"
            const text = until <= now ? `over ${sinceText(until, now)}` : sinceText(until, now)
            return `${text}${enderWords[enders.get(String(machine.ref)) ?? "nobody"]}`
          },
          spare: 0
        }
      ]

/** The columns of a list of machines with the ttl of their launches, what they have cost, what they are for and whose they are. */
export const leasedColumns = (
  now: number,
  machines: ReadonlyArray<Instance>,
  launches: Launches,
  { costs, enders }: { readonly costs: Costs; readonly enders: Enders }
): ReadonlyArray<Column<Instance>> => [
  ...machineColumns(now).toSpliced(3, 0, ...ttlColumn(now, machines, launches, enders)),
  ...costColumn(costs),
  ...whoseColumns(machines)
]

/** What each has cost so far, where that is known of one. */
const costColumn = (costs: Costs): ReadonlyArray<Column<Instance>> =>
  costs.size === 0
    ? []
    : [
        {
          head: "so far",
          cell: ({ ref }) => {
            const cost = costs.get(String(ref))
            return cost === undefined ? "-" : amountText(cost)
          },
          right: true,
          spare: 1
        }
      ]

/** What they are for, where one says so; and whose they are, where they are not all of one owner. */
const whoseColumns = (machines: ReadonlyArray<Instance>): ReadonlyArray<Column<Instance>> => [
  ...(machines.some(({ account }) => account !== undefined)
    ? [{ head: "account", cell: ({ account }: Instance) => plain(account ?? "-"), spare: 2 }]
    : []),
  ...(machines.some(({ tags }) => tagTexts(tags).length > 0)
    ? [{ head: "for", cell: ({ tags }: Instance) => plain(tagTexts(tags).join(", ") || "-"), spare: 3 }]
    : []),
  ...(new Set(machines.map(({ owner }) => owner)).size > 1
    ? [{ head: "owner", cell: ({ owner }: Instance) => plain(owner ?? "-"), spare: 4 }]
    : [])
]

/** The columns of a list of machines; `now` is for their age. */
export const machineColumns = (now: number): ReadonlyArray<Column<Instance>> => [
  { head: "machine", cell: ({ ref }) => plain(shortRef(String(ref))), spare: 0 },
  { head: "name", cell: ({ name }) => plain(name ?? "-"), spare: 2 },
  { head: "status", cell: statusText, spare: 0, paint: paintStatus },
  { head: "billed", cell: ({ billing }) => billingTexts[billing], spare: 1 },
  { head: "GPU", cell: ({ gpu }) => gpuText(gpu), spare: 3 },
  { head: "place", cell: ({ location }) => placeText(location), spare: 4 },
  {
    head: "age",
    cell: ({ createdAt }) => (createdAt === null ? "?" : durationText(now - createdAt.epochMilliseconds)),
    right: true,
    spare: 5
  },
  { head: "per hour", cell: hourText, right: true, spare: 0 }
]

/** What is billed now, in words; empty when nothing is. */
export const billedText = (machines: ReadonlyArray<Instance>): string => {
  const several = (count: number) => `${count} machine${count === 1 ? "" : "s"}`
  const counted = (state: BillingState) => machines.filter(({ billing }) => billing === state).length
  const unpriced = machines.filter(({ billing, pricePerHour: price }) => billing === "compute" && price === null).length
  const parts = [
    hourlyOf(machines)
      .sums.map((sum) => `${formatMoney(sum, 3)} per hour`)
      .join(" and "),
    unpriced > 0 ? `${several(unpriced)} without a known price` : "",
    counted("storage") > 0 ? `the disk of ${several(counted("storage"))}` : "",
    counted("unknown") > 0 ? `perhaps ${several(counted("unknown"))}: the cloud does not say` : ""
  ]
  return parts.filter((part) => part !== "").join(", and ")
}

/** When its cloud ends a machine by itself, also without this computer; null where it does not. */
export const cloudEndText = (machine: Instance, endedBy: EndedBy): string | null =>
  machine.endsAt !== null && endedBy === "cloud"
    ? `its cloud ends it at ${timeText(machine.endsAt.epochMilliseconds)}, also without this computer`
    : null
