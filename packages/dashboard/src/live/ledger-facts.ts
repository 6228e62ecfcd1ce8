import { budgetStanding } from "@anygpu/core"
import { launchJson, momentJson, momentOrNull, moneyJson, moneyOrNull } from "@anygpu/operations/encode"
import { InstanceRef, type LaunchRecord, type Ledger, type MachineRecord, type SpendLimit } from "anygpu"
import { budgetOf } from "anygpu/effect"
import { runPromise } from "effect/Effect"
import type { Entry, EntryOf, LimitsJson } from "../protocol/index.ts"
import { placeOf } from "./kinds.ts"

/** What a ledger knows of one machine. */
export interface LedgerMachine {
  readonly ref: InstanceRef
  readonly launch: LaunchRecord
  readonly record: MachineRecord | null
}

/** What a ledger knows of the machines that are there, by the texts of their refs. */
export type LedgerMachines = ReadonlyMap<string, LedgerMachine>

/** What a ledger knows of machines: those that it launched and that are there, and those of `seen` that are verified gone. */
export interface ReadMachines {
  readonly known: LedgerMachines
  readonly gone: ReadonlySet<string>
}

/** Reads what a ledger knows of the machines that it launched, and of those that clouds listed last. */
export const readMachines = async (ledger: Ledger, seen: ReadonlyArray<InstanceRef>): Promise<ReadMachines> => {
  const launches = await runPromise(ledger.launches({ states: ["created"] }))
  const places = new Map([...launches, ...seen].map((one) => [placeOf(one), one]))
  const records = await Promise.all(
    Array.from(places, async ([place, { provider, kind }]) => {
      return [place, await runPromise(ledger.machines(provider, kind))] as const
    })
  )
  const byPlace = new Map(records)
  const isGone = (ref: InstanceRef) => typeof byPlace.get(placeOf(ref))?.get(ref.id)?.goneAt === "number"
  const known = new Map(
    launches.flatMap((launch) => {
      const { instanceId } = launch
      const record = instanceId === null ? undefined : byPlace.get(placeOf(launch))?.get(instanceId)
      if (instanceId === null || (record && record.goneAt !== null)) return []
      const ref = new InstanceRef(launch.provider, launch.kind, instanceId)
      return [[String(ref), { ref, launch, record: record ?? null }]]
    })
  )
  return { known, gone: new Set(seen.filter(isGone).map(String)) }
}

/** What the ledger knows of one machine, as it is shown. */
export const factsJson = ({ ref, launch, record }: LedgerMachine): EntryOf<"machine">["ledger"] => {
  const { provider, kind, marker, at, leaseUntil, pricePerHour } = launch
  return {
    ...{ provider, kind, id: ref.id, marker, launchedAt: momentJson(at) },
    name: record?.name ?? launch.name,
    owner: launch.ownedBy ?? null,
    tags: { ...launch.tags },
    account: launch.accountName ?? null,
    leaseUntil: momentOrNull(leaseUntil),
    pricePerHour: moneyOrNull(record?.paid?.pricePerHour ?? pricePerHour),
    billing: record?.paid?.billing ?? null,
    intent: record?.intent?.action ?? null
  }
}

/** So many launches are shown. */
const mostLaunches = 200

/** The latest launches, as they are shown. */
export const readLaunches = async (ledger: Ledger): Promise<ReadonlyArray<Entry>> => {
  const launches = await runPromise(ledger.launches())
  return launches.slice(-mostLaunches).map((launch) => ({
    ...{ key: `launch/${launch.marker}`, is: "launch", launch: launchJson(launch) },
    ref: launch.instanceId === null ? null : `${placeOf(launch)}/${launch.instanceId}`,
    owner: launch.ownedBy ?? null,
    tags: { ...launch.tags },
    pricePerHour: moneyOrNull(launch.pricePerHour)
  }))
}

/** The processes that stay awake, as they are shown. */
export const readKeepers = async (ledger: Ledger): Promise<ReadonlyArray<Entry>> => {
  const keepers = await runPromise(ledger.keepers())
  return keepers.map(({ id, host, since, places }) => ({
    ...{ key: `keeper/${id}`, is: "keeper", id, host, since: momentJson(since), places: [...places] }
  }))
}

/** The limits of a budget in JSON. */
export const limitsJson = ({ perHour, perDay, perMonth, total }: SpendLimit): LimitsJson => ({
  ...(perHour && { perHour: moneyJson(perHour) }),
  ...(perDay && { perDay: moneyJson(perDay) }),
  ...(perMonth && { perMonth: moneyJson(perMonth) }),
  ...(total && { total: moneyJson(total) })
})

/** How much of a budget is held and spent, as it is shown. */
export const readBudget = async (ledger: Ledger, limit: SpendLimit): Promise<Entry> => {
  const { name } = budgetOf(limit)
  const [held, now] = [await runPromise(ledger.commitments(name)), await runPromise(ledger.now())]
  const { perHour, day, month, total } = budgetStanding(held, now)
  return {
    ...{ key: `budget/${name}`, is: "budget", name, limits: limitsJson(limit) },
    ...{ perHour: moneyOrNull(perHour), today: moneyOrNull(day), month: moneyOrNull(month), total: moneyOrNull(total) }
  }
}
