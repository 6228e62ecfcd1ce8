import * as Effect from "effect/Effect"
import type { Conflict, ProviderFault } from "../errors.ts"
import { InstanceRef } from "../model/ref.ts"
import { type Commitment, type Cost, commitmentOf, type Reservation } from "./budget.ts"
import type { Failure } from "./failures.ts"
import type { LaunchRecord, Ledger, MachineRecord } from "./ledger.ts"
import { ledgerOn } from "./on-store.ts"
import { matches } from "./rules.ts"
import { matchesRun, type RunRecord } from "./run.ts"
import type { BudgetTable, FailureTable, LaunchTable, MachineTable, RunTable, Store } from "./store.ts"

const attempt = <A, E = ProviderFault>(body: () => A): Effect.Effect<A, E> =>
  // The rules throw nothing but `ProviderFault`, and `Conflict` for leases. They throw before they write.
  Effect.try({ try: body, catch: (cause) => cause as E })

const byAge = (a: { readonly at: number }, b: { readonly at: number }): number => a.at - b.at

const launchTable = (): LaunchTable => {
  const launches = new Map<string, LaunchRecord>()
  const save = (launch: LaunchRecord): void => void launches.set(launch.marker, launch)
  return {
    byMarker: (marker) => launches.get(marker) ?? null,
    byKey: (key) => [...launches.values()].find((launch) => launch.key === key) ?? null,
    ...{ add: save, save },
    find: (query) => [...launches.values()].filter((launch) => matches(launch, query)).sort(byAge)
  }
}

const machineTable = (): MachineTable => {
  const machines = new Map<string, MachineRecord>()
  return {
    byRef: (ref) => machines.get(ref.toString()) ?? null,
    save: (machine) => void machines.set(machine.ref.toString(), machine),
    of: (provider, kind) => {
      const own = [...machines.values()].filter(({ ref }) => ref.provider === provider && ref.kind === kind)
      return new Map(own.map((machine) => [machine.ref.id, machine]))
    }
  }
}

const budgetTable = (launches: LaunchTable, machines: MachineTable): BudgetTable => {
  const reserved = new Map<string, { readonly marker: string; readonly budget: string; readonly cost: Cost }>()
  const placeOf = (marker: string, budget: string): string => JSON.stringify([budget, marker])
  const add = (marker: string, { budget: { name: budget }, cost }: Reservation): void => {
    reserved.set(placeOf(marker, budget), { marker, budget, cost })
  }
  const goneAtOf = ({ provider, kind, instanceId }: LaunchRecord): number | null =>
    instanceId === null ? null : (machines.byRef(new InstanceRef(provider, kind, instanceId))?.goneAt ?? null)
  const commitmentIn = (marker: string, budget: string, cost: Cost): Commitment | null => {
    const launch = launches.byMarker(marker)
    return launch && commitmentOf(launch, budget, cost, goneAtOf(launch))
  }
  return {
    commitments: (budget) =>
      Array.from(reserved.values()).flatMap((one) =>
        one.budget === budget ? (commitmentIn(one.marker, budget, one.cost) ?? []) : []
      ),
    add,
    save: (marker, reservation) => {
      if (reserved.has(placeOf(marker, reservation.budget.name))) add(marker, reservation)
    }
  }
}

const failureTable = (): FailureTable => {
  let failures: ReadonlyArray<Failure> = []
  return {
    all: () => failures,
    replace: (_, after) => {
      failures = after
    }
  }
}

const runTable = (): RunTable => {
  const runs = new Map<string, RunRecord>()
  const save = (run: RunRecord): void => void runs.set(run.id, run)
  return {
    byId: (id) => runs.get(id) ?? null,
    byKey: (key) => [...runs.values()].find((run) => run.key === key) ?? null,
    ...{ add: save, save },
    find: (query) => [...runs.values()].filter((run) => matchesRun(run, query)).sort(byAge)
  }
}

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
  const launches = launchTable()
  const machines = machineTable()
  const store: Store = {
    ...{ launches, machines, budgets: budgetTable(launches, machines), failures: failureTable(), runs: runTable() },
    ...{ read: attempt, write: attempt },
    writeOrRefuse: <A>(body: () => A) => attempt<A, ProviderFault | Conflict>(body)
  }
  return ledgerOn(store)
}
