import * as Effect from "effect/Effect"
import type { NamedAccount } from "./account-name.ts"
import { type Commitment, type Cost, commitmentOf, type Reservation } from "./budget.ts"
import type { EndClaim } from "./end-claim.ts"
import type { Failure } from "./failures.ts"
import { type BillingInterval, matchesHistory } from "./history.ts"
import type { AnnouncedKeeper } from "./keepers.ts"
import type { LaunchRecord, Ledger, MachineRecord } from "./ledger.ts"
import { memoryPrices } from "./memory-prices.ts"
import { ledgerOn } from "./on-store.ts"
import type { OrderRecord } from "./order.ts"
import { matchesOrder } from "./order-rules.ts"
import { machineOf, matches } from "./rules.ts"
import { matchesRun, type RunRecord } from "./run.ts"
import type {
  AccountTable,
  BudgetTable,
  ClaimTable,
  FailureTable,
  HistoryTable,
  KeeperTable,
  LaunchTable,
  MachineTable,
  OrderTable,
  RunTable,
  Store,
  Stored,
  Tables
} from "./store.ts"

const byAge = (a: { readonly at: number }, b: { readonly at: number }): number => a.at - b.at

/** Records by a text of their own, which are answered at once. */
const recordsBy = <A>(idOf: (record: A) => string) => {
  const records = new Map<string, A>()
  return {
    get: (id: string): A | null => records.get(id) ?? null,
    put: (record: A): Stored<void> => Effect.sync(() => void records.set(idOf(record), record)),
    remove: (id: string): Stored<void> => Effect.sync(() => void records.delete(id)),
    where: (test: (record: A) => boolean): A[] => [...records.values()].filter(test)
  }
}

type Launches = ReturnType<typeof recordsBy<LaunchRecord>>
type Machines = ReturnType<typeof recordsBy<MachineRecord>>

const launchTable = ({ get, put, where }: Launches): LaunchTable => ({
  byMarker: (marker) => Effect.sync(() => get(marker)),
  byKey: (key) => Effect.sync(() => where((launch) => launch.key === key)[0] ?? null),
  ...{ add: put, save: put },
  find: (query) => Effect.sync(() => where((launch) => matches(launch, query)).sort(byAge))
})

const machineTable = ({ get, put, where }: Machines): MachineTable => ({
  byRefs: (refs) => Effect.sync(() => refs.map((ref) => get(ref.toString()))),
  save: put,
  paid: () => Effect.sync(() => where(({ paid }) => paid !== undefined)),
  of: (provider, kind) =>
    Effect.sync(() => {
      const own = where(({ ref }) => ref.provider === provider && ref.kind === kind)
      return new Map(own.map((machine) => [machine.ref.id, machine]))
    })
})

const budgetTable = (launches: Launches, machines: Machines): BudgetTable => {
  const reserved = new Map<string, { readonly marker: string; readonly budget: string; readonly cost: Cost }>()
  const placeOf = (marker: string, budget: string): string => JSON.stringify([budget, marker])
  const put = (marker: string, { budget: { name: budget }, cost }: Reservation): void => {
    reserved.set(placeOf(marker, budget), { marker, budget, cost })
  }
  const goneAtOf = (launch: LaunchRecord): number | null => machines.get(String(machineOf(launch)))?.goneAt ?? null
  const commitmentIn = (marker: string, budget: string, cost: Cost): Commitment | null => {
    const launch = launches.get(marker)
    return launch && commitmentOf(launch, budget, cost, goneAtOf(launch))
  }
  return {
    commitments: (budget) =>
      Effect.sync(() =>
        Array.from(reserved.values()).flatMap((one) =>
          one.budget === budget ? (commitmentIn(one.marker, budget, one.cost) ?? []) : []
        )
      ),
    add: (marker, reservation) => Effect.sync(() => put(marker, reservation)),
    save: (marker, reservation) =>
      Effect.sync(() => {
        if (reserved.has(placeOf(marker, reservation.budget.name))) put(marker, reservation)
      })
  }
}

const failureTable = (): FailureTable => {
  let failures: ReadonlyArray<Failure> = []
  return {
    all: () => Effect.sync(() => failures),
    replace: (_, after) =>
      Effect.sync(() => {
        failures = after
      })
  }
}

const runTable = ({ get, put, where }: ReturnType<typeof recordsBy<RunRecord>>): RunTable => ({
  byId: (id) => Effect.sync(() => get(id)),
  byKey: (key) => Effect.sync(() => where((run) => run.key === key)[0] ?? null),
  ...{ add: put, save: put },
  find: (query) => Effect.sync(() => where((run) => matchesRun(run, query)).sort(byAge))
})

const orderTable = ({ get, put, where }: ReturnType<typeof recordsBy<OrderRecord>>): OrderTable => ({
  byId: (id) => Effect.sync(() => get(id)),
  byKey: (key) => Effect.sync(() => where((order) => order.key === key)[0] ?? null),
  started: () => Effect.sync(() => where(({ state }) => state === "started")),
  ...{ add: put, save: put },
  find: (query) => Effect.sync(() => where((order) => matchesOrder(order, query)).sort(byAge))
})

const historyTable = (): HistoryTable => {
  const intervals: BillingInterval[] = []
  return {
    add: (interval) => Effect.sync(() => void intervals.push(interval)),
    find: (query) => Effect.sync(() => intervals.filter((interval) => matchesHistory(interval, query)))
  }
}

const accountTable = (): AccountTable => {
  const { get, put } = recordsBy<NamedAccount>(({ provider, name }) => JSON.stringify([provider, name]))
  return { byName: (provider, name) => Effect.sync(() => get(JSON.stringify([provider, name]))), add: put, save: put }
}

const claimTable = ({ get, put }: ReturnType<typeof recordsBy<EndClaim>>): ClaimTable => ({
  byMarker: (marker) => Effect.sync(() => get(marker)),
  save: put
})

const keeperTable = ({ put, remove, where }: ReturnType<typeof recordsBy<AnnouncedKeeper>>): KeeperTable => ({
  all: () => Effect.sync(() => where(() => true).sort((a, b) => (a.id < b.id ? -1 : 1))),
  add: put,
  remove
})

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
  const launches = recordsBy<LaunchRecord>(({ marker }) => marker)
  const machines = recordsBy<MachineRecord>(({ ref }) => ref.toString())
  const tables: Omit<Tables, "now"> = {
    launches: launchTable(launches),
    machines: machineTable(machines),
    budgets: budgetTable(launches, machines),
    failures: failureTable(),
    runs: runTable(recordsBy<RunRecord>(({ id }) => id)),
    orders: orderTable(recordsBy<OrderRecord>(({ id }) => id)),
    history: historyTable(),
    accounts: accountTable(),
    claims: claimTable(recordsBy<EndClaim>(({ marker }) => marker)),
    keepers: keeperTable(recordsBy<AnnouncedKeeper>(({ id }) => id)),
    prices: memoryPrices()
  }
  // In one go: a body that paused would let another one in. The rules fail before they write, so there is nothing to undo.
  const inOneGo: Store["write"] = (body) =>
    Effect.clockWith((clock) =>
      Effect.runSyncExit(body({ ...tables, now: () => Effect.sync(() => clock.currentTimeMillisUnsafe()) }))
    )
  return ledgerOn({ read: inOneGo, write: inOneGo })
}
