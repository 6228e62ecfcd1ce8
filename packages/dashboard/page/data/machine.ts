import type { LeasedMachineJson, MoneyJson } from "@anygpu/operations/protocol"
import type { EntryOf } from "../../src/protocol/index.ts"
import { microsOf } from "../../src/view/amount.ts"
import { gpuText, placeText } from "../../src/view/offer-text.ts"

type Entry = EntryOf<"machine">

/** A machine as the page draws it: of its cloud where that has answered, else of the ledger. */
export interface Machine {
  readonly ref: string
  readonly provider: string
  readonly kind: string
  readonly name: string
  readonly account: string | null
  readonly gpu: string
  readonly place: string
  /** As people read it: `ready`, `stopped (outbid)`; what the ledger knows alone is `not asked yet`. */
  readonly status: string
  readonly tone: "ok" | "warn" | "bad" | "soft"
  readonly billing: LeasedMachineJson["billing"]
  readonly pricePerHour: MoneyJson | null
  /** Epoch milliseconds; null: not known, or no end. */
  readonly createdAt: number | null
  readonly leaseUntil: number | null
  readonly endedBy: LeasedMachineJson["endedBy"] | null
  readonly owner: string | null
  readonly tags: ReadonlyArray<string>
  readonly actions: ReadonlyArray<string>
  readonly ssh: string | null
  readonly urls: ReadonlyArray<string>
  readonly notice: string | null
  readonly said: string | null
  readonly marker: string | null
  readonly entry: Entry
}

const time = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null)

const toneOf = ({ status }: LeasedMachineJson): Machine["tone"] => {
  if (status === "running") return "ok"
  if (status === "failed" || status === "unknown" || status === "interrupted") return "bad"
  return status === "terminated" ? "soft" : "warn"
}

const tagsOf = (tags: Readonly<Record<string, string>>): ReadonlyArray<string> =>
  Object.entries(tags).map(([name, value]) => `${name}=${value}`)

const ofCloud = (entry: Entry, machine: LeasedMachineJson): Machine => {
  const status = machine.ready ? "ready" : machine.status
  return {
    ...{ ref: entry.ref, provider: machine.provider, kind: machine.kind, account: machine.account, entry },
    ...{ name: machine.name ?? "no name", gpu: gpuText(machine.gpu), place: placeText(machine.location) },
    status: machine.reason === null ? status : `${status} (${machine.reason})`,
    ...{ tone: toneOf(machine), billing: machine.billing, pricePerHour: machine.pricePerHour },
    ...{ createdAt: time(machine.createdAt), leaseUntil: time(machine.leaseUntil), endedBy: machine.endedBy },
    ...{ owner: machine.owner, tags: tagsOf(machine.tags), actions: machine.actions },
    ...{ ssh: machine.ssh[0]?.command ?? null, urls: machine.urls, notice: machine.notice, said: machine.said },
    marker: machine.marker
  }
}

const ofLedger = (entry: Entry): Machine => {
  const { ref, ledger } = entry
  const [provider = "", kind = ""] = ref.split("/")
  return {
    ...{ ref, provider, kind, account: ledger?.account ?? null, entry },
    ...{ name: ledger?.name ?? "no name", gpu: "?", place: "?", status: "not asked yet", tone: "soft" },
    ...{ billing: ledger?.billing ?? "unknown", pricePerHour: ledger?.pricePerHour ?? null },
    ...{ createdAt: time(ledger?.launchedAt), leaseUntil: time(ledger?.leaseUntil), endedBy: null },
    ...{ owner: ledger?.owner ?? null, tags: tagsOf(ledger?.tags ?? {}), actions: [], ssh: null, urls: [] },
    ...{ notice: null, said: null, marker: ledger?.marker ?? null }
  }
}

const made = new WeakMap<Entry, Machine>()

/** A machine of an entry: the same one while the entry stays. */
export const machineOf = (entry: Entry): Machine => {
  const before = made.get(entry)
  if (before) return before
  const machine = entry.machine === null ? ofLedger(entry) : ofCloud(entry, entry.machine)
  made.set(entry, machine)
  return machine
}

/** What is paid per hour now, and how many machines that leaves out because their price or billing is not known. */
export const hourly = (machines: ReadonlyArray<Machine>) => {
  const billed = machines.filter(({ billing }) => billing === "compute")
  return {
    prices: billed.flatMap(({ pricePerHour }) => pricePerHour ?? []),
    billed: billed.length,
    uncounted: machines.filter(
      ({ billing, pricePerHour }) =>
        billing === "unknown" || billing === "storage" || (billing === "compute" && !pricePerHour)
    ).length
  }
}

/** What a machine has cost until `now`, in epoch milliseconds: while it is billed, its price is added to what was seen. */
export const costNow = ({ entry, billing, pricePerHour }: Machine, now: number): ReadonlyArray<MoneyJson> => {
  const { cost, costAt } = entry
  if (cost === null) return []
  if (billing !== "compute" || pricePerHour === null) return cost.cost
  const more = microsOf(pricePerHour) * (Math.max(0, now - Date.parse(costAt)) / 3_600_000)
  const { currency } = pricePerHour
  const isThere = cost.cost.some((one) => one.currency === currency)
  const all = isThere ? cost.cost : [...cost.cost, { amount: "0", currency }]
  return all.map((one) =>
    one.currency === currency ? { amount: String((microsOf(one) + more) / 1e6), currency } : one
  )
}
