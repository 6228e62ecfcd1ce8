import * as Effect from "effect/Effect"
import type { Conflict, ProviderFault } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import { type Commitment, type Cost, commitmentOf, firstOver, overAfterChange, type Reservation } from "./budget.ts"
import { type Failure, withFailure } from "./failures.ts"
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
  matches,
  named,
  newMachine,
  renewed,
  settled,
  sighted,
  specText,
  withHostKey
} from "./rules.ts"
import { changedRun, keptRun, matchesRun, type RunRecord, runTaken, runUnknown } from "./run.ts"

const attempt = <A, E = ProviderFault>(body: () => A): Effect.Effect<A, E> =>
  // The rules throw nothing but `ProviderFault`, and `Conflict` for leases.
  Effect.try({ try: body, catch: (cause) => cause as E })

/**
 * A ledger that lives as long as this process: what library users get without asking.
 *
 * - Behaves as the SQLite ledger does, operation by operation; it forgets everything when the process ends, so a
 *   crash between a launch and its answer is found only by the marker in the cloud's own list.
 * - A key whose launch was refused is free again: the next launch takes it, and the refused record stays without it.
 *
 * @example
 * ```ts
 * import { memoryLedger } from "@anygpu/core"
 *
 * const ledger = memoryLedger()
 * ```
 */
export const memoryLedger = (): Ledger => {
  const launches = new Map<string, LaunchRecord>()
  const machines = new Map<string, MachineRecord>()
  const reserved = new Map<string, { readonly marker: string; readonly budget: string; readonly cost: Cost }>()
  const runs = new Map<string, RunRecord>()
  let failures: ReadonlyArray<Failure> = []

  const launchOf = (marker: string): LaunchRecord => {
    const launch = launches.get(marker)
    if (!launch) throw markerUnknown(marker)
    return launch
  }
  const change = (ref: InstanceRef, rule: (machine: MachineRecord) => MachineRecord): void => {
    const id = ref.toString()
    const machine = machines.get(id) ?? newMachine(new InstanceRef(ref.provider, ref.kind, ref.id))
    machines.set(id, rule(machine))
  }

  const goneAtOf = ({ provider, kind, instanceId }: LaunchRecord): number | null =>
    instanceId === null ? null : (machines.get(new InstanceRef(provider, kind, instanceId).toString())?.goneAt ?? null)
  const commitmentsOf = (budget: string): ReadonlyArray<Commitment> =>
    Array.from(reserved.values()).flatMap((one) => {
      const launch = launches.get(one.marker)
      return (launch && one.budget === budget && commitmentOf(launch, budget, one.cost, goneAtOf(launch))) || []
    })

  const placeOf = (marker: string, budget: string): string => JSON.stringify([budget, marker])
  const reserve = (marker: string, { budget: { name: budget }, cost }: Reservation): void => {
    reserved.set(placeOf(marker, budget), { marker, budget, cost })
  }

  return {
    openLaunch: (launch, ...reservations) =>
      attempt(() => {
        const holder =
          launch.key === null ? undefined : [...launches.values()].find((other) => other.key === launch.key)
        if (holder && holder.state !== "refused") return holder
        if (launches.has(launch.marker)) throw markerTaken(launch.marker)
        const record = { ...launch, spec: JSON.parse(specText(launch)) as LaunchRecord["spec"] }
        const wanted = reservations.filter((one) => one !== undefined)
        const over = firstOver(wanted, commitmentsOf)
        if (over) return over
        for (const one of wanted) reserve(launch.marker, one)
        if (holder) launches.set(holder.marker, { ...holder, key: null })
        launches.set(launch.marker, record)
        return record
      }).pipe(Effect.flatMap(answerOrRefusal)),
    recommit: (marker, { budget, cost }) =>
      Effect.sync(() => {
        if (!reserved.has(placeOf(marker, budget.name))) return null
        reserve(marker, { budget, cost })
        return overAfterChange(commitmentsOf(budget.name), marker, budget)
      }),
    commitments: (budget) => Effect.sync(() => commitmentsOf(budget)),
    claimLaunch: (marker, fence, sentAfter) =>
      attempt(() => {
        const record = claimed(launchOf(marker), fence, sentAfter)
        if (record) launches.set(marker, record)
        return record
      }),
    settleLaunch: (marker, outcome) =>
      attempt(() => {
        const record = settled(launchOf(marker), outcome)
        launches.set(marker, record)
        const ref = machineOf(record)
        if (ref && isMade(record, outcome)) change(ref, (machine) => launched(machine, outcome.at ?? record.at, record))
        return record
      }),
    renewLease: (marker, until) =>
      attempt<void, ProviderFault | Conflict>(() => {
        const launch = launchOf(marker)
        const ref = machineOf(launch)
        launches.set(marker, renewed(launch, until, ref && (machines.get(ref.toString()) ?? null)))
      }),
    launches: (query = {}) =>
      Effect.sync(() => [...launches.values()].filter((launch) => matches(launch, query)).sort((a, b) => a.at - b.at)),
    intend: (ref, intent) => Effect.sync(() => change(ref, (machine) => intended(machine, intent))),
    seen: (refs, at, account) =>
      Effect.sync(() => {
        for (const ref of refs) change(ref, (machine) => sighted(machine, at, account))
      }),
    named: (ref, name) => Effect.sync(() => change(ref, (machine) => named(machine, name))),
    keepHostKey: (ref, key) =>
      Effect.sync(() => {
        const kept = machines.get(ref.toString())?.hostKey ?? null
        if (kept !== key) change(ref, (machine) => withHostKey(machine, key))
      }),
    gone: (ref, at) => Effect.sync(() => change(ref, (machine) => ended(machine, at))),
    machines: (provider, kind) =>
      Effect.sync(
        () =>
          new Map(
            [...machines.values()]
              .filter(({ ref }) => ref.provider === provider && ref.kind === kind)
              .map((machine) => [machine.ref.id, machine])
          )
      ),
    machine: (ref) => Effect.sync(() => machines.get(ref.toString()) ?? null),
    failed: (host, at) =>
      Effect.sync(() => {
        failures = withFailure(failures, host, at)
      }),
    failures: () => Effect.sync(() => failures),
    openRun: (run) =>
      attempt(() => {
        const holder = [...runs.values()].find(({ key }) => key === run.key)
        if (holder) return holder
        if (runs.has(run.id)) throw runTaken(run.id)
        const record = keptRun(run)
        runs.set(run.id, record)
        return record
      }),
    changeRun: (run) =>
      attempt(() => {
        const held = runs.get(run.id)
        if (!held) throw runUnknown(run.id)
        const record = changedRun(held, run)
        if (record) runs.set(run.id, record)
        return record
      }),
    runs: (query = {}) =>
      Effect.sync(() => [...runs.values()].filter((run) => matchesRun(run, query)).sort((a, b) => a.at - b.at))
  }
}
