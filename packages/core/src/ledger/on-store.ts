import * as Effect from "effect/Effect"
import { InstanceRef } from "../model/ref.ts"
import { firstOver, overAfterChange } from "./budget.ts"
import { withFailure } from "./failures.ts"
import type { LaunchRecord, Ledger, MachineRecord } from "./ledger.ts"
import {
  answerOrRefusal,
  claimed,
  ended,
  intended,
  isMade,
  launched,
  machineOf,
  markerTaken,
  markerUnknown,
  named,
  newMachine,
  renewed,
  settled,
  sighted,
  specText,
  withHostKey
} from "./rules.ts"
import { changedRun, keptRun, runTaken, runUnknown } from "./run.ts"
import type { MachineTable, Store } from "./store.ts"

type Rule = (machine: MachineRecord) => MachineRecord

/** A machine as it is known; an empty record of one that is not. */
const knownOf = ({ byRef }: MachineTable, ref: InstanceRef): MachineRecord =>
  byRef(ref) ?? newMachine(new InstanceRef(ref.provider, ref.kind, ref.id))

const change = (machines: MachineTable, ref: InstanceRef, rule: Rule): void =>
  machines.save(rule(knownOf(machines, ref)))

type LaunchCalls = "openLaunch" | "claimLaunch" | "settleLaunch" | "renewLease" | "launches"

/** What a ledger does with launches. */
const launchCalls = ({ launches, machines, budgets, read, write, writeOrRefuse }: Store): Pick<Ledger, LaunchCalls> => {
  const launchOf = (marker: string): LaunchRecord => {
    const launch = launches.byMarker(marker)
    if (!launch) throw markerUnknown(marker)
    return launch
  }
  return {
    openLaunch: (launch, ...reservations) =>
      write(() => {
        const holder = launch.key === null ? null : launches.byKey(launch.key)
        if (holder && holder.state !== "refused") return holder
        if (launches.byMarker(launch.marker)) throw markerTaken(launch.marker)
        const record = { ...launch, spec: JSON.parse(specText(launch)) as LaunchRecord["spec"] }
        const wanted = reservations.filter((one) => one !== undefined)
        const over = firstOver(wanted, budgets.commitments)
        if (over) return over
        if (holder) launches.save({ ...holder, key: null })
        launches.add(record)
        for (const one of wanted) budgets.add(launch.marker, one)
        return record
      }).pipe(Effect.flatMap(answerOrRefusal)),
    claimLaunch: (marker, fence, sentAfter) =>
      write(() => {
        const record = claimed(launchOf(marker), fence, sentAfter)
        if (record) launches.save(record)
        return record
      }),
    settleLaunch: (marker, outcome) =>
      write(() => {
        const record = settled(launchOf(marker), outcome)
        launches.save(record)
        const ref = machineOf(record)
        if (ref && isMade(record, outcome)) {
          change(machines, ref, (machine) => launched(machine, outcome.at ?? record.at, record))
        }
        return record
      }),
    renewLease: (marker, until) =>
      writeOrRefuse(() => {
        const launch = launchOf(marker)
        const ref = machineOf(launch)
        launches.save(renewed(launch, until, ref && machines.byRef(ref)))
      }),
    launches: (query = {}) => read(() => launches.find(query))
  }
}

type MachineCalls = "intend" | "seen" | "named" | "keepHostKey" | "gone" | "machines" | "machine"

/** What a ledger does with machines. */
const machineCalls = ({ machines, read, write }: Store): Pick<Ledger, MachineCalls> => ({
  intend: (ref, intent) => write(() => change(machines, ref, (machine) => intended(machine, intent))),
  seen: (refs, at, account) => {
    const isNews = (ref: InstanceRef): boolean => {
      const machine = machines.byRef(ref)
      return machine === null || sighted(machine, at, account) !== machine
    }
    // Every listing reports what it saw: machines that are known cost a read, and no write to a disk.
    return Effect.flatMap(
      read(() => refs.filter(isNews)),
      (news) =>
        news.length === 0
          ? Effect.void
          : write(() => {
              for (const ref of news) change(machines, ref, (machine) => sighted(machine, at, account))
            })
    )
  },
  named: (ref, name) => write(() => change(machines, ref, (machine) => named(machine, name))),
  keepHostKey: (ref, key) =>
    write(() => {
      if ((machines.byRef(ref)?.hostKey ?? null) !== key) change(machines, ref, (machine) => withHostKey(machine, key))
    }),
  gone: (ref, at) => write(() => change(machines, ref, (machine) => ended(machine, at))),
  machines: (provider, kind) => read(() => machines.of(provider, kind)),
  machine: (ref) => read(() => machines.byRef(ref))
})

/** What a ledger does with budgets. */
const budgetCalls = ({ budgets, read, write }: Store): Pick<Ledger, "recommit" | "commitments"> => ({
  recommit: (marker, reservation) =>
    write(() => {
      budgets.save(marker, reservation)
      const { budget } = reservation
      return overAfterChange(budgets.commitments(budget.name), marker, budget)
    }),
  commitments: (budget) => read(() => budgets.commitments(budget))
})

/** What a ledger does with runs. */
const runCalls = ({ runs, read, write }: Store): Pick<Ledger, "openRun" | "changeRun" | "runs"> => ({
  openRun: (run) =>
    write(() => {
      const holder = runs.byKey(run.key)
      if (holder) return holder
      if (runs.byId(run.id)) throw runTaken(run.id)
      const record = keptRun(run)
      runs.add(record)
      return record
    }),
  changeRun: (run) =>
    write(() => {
      const known = runs.byId(run.id)
      if (!known) throw runUnknown(run.id)
      const record = changedRun(known, run)
      if (record) runs.save(record)
      return record
    }),
  runs: (query = {}) => read(() => runs.find(query))
})

/** A ledger on a store: the rules, which are the same wherever its tables are. */
export const ledgerOn = (store: Store): Ledger => ({
  ...launchCalls(store),
  ...machineCalls(store),
  ...budgetCalls(store),
  ...runCalls(store),
  failed: (host, at) =>
    store.write(() => {
      const before = store.failures.all()
      store.failures.replace(before, withFailure(before, host, at))
    }),
  failures: () => store.read(store.failures.all)
})
