import * as Effect from "effect/Effect"
import { InstanceRef } from "../model/ref.ts"
import { accountCalls } from "./account-calls.ts"
import { firstOver, overAfterChange } from "./budget.ts"
import { takenOver } from "./end-claim.ts"
import { withFailure } from "./failures.ts"
import {
  type BillingChange,
  type BillingInterval,
  billed,
  matchesHistory,
  openIntervalOf,
  unbilled
} from "./history.ts"
import type { LaunchRecord, Ledger, MachineRecord } from "./ledger.ts"
import { machineIn } from "./machine-in.ts"
import { orderCalls } from "./order-calls.ts"
import { priceCalls } from "./price-calls.ts"
import {
  claimed,
  ended,
  intended,
  isMade,
  keptSpec,
  launched,
  machineOf,
  markerTaken,
  markerUnknown,
  named,
  newMachine,
  renewed,
  settled,
  sighted,
  withHostKey
} from "./rules.ts"
import { runCalls } from "./run-calls.ts"
import type { LaunchTable, Store, Stored, Tables } from "./store.ts"
import { isFenceHeld, upkeepCalls } from "./upkeep-calls.ts"

type Rule = (machine: MachineRecord) => MachineRecord

const bareOf = ({ provider, kind, id }: InstanceRef): InstanceRef => new InstanceRef(provider, kind, id)

/** Changes a machine, known or not, and keeps the interval that is over by that; what changes nothing writes nothing. */
const changeBilling = Effect.fnUntraced(function* (
  { machines, history }: Tables,
  ref: InstanceRef,
  rule: (machine: MachineRecord) => BillingChange
) {
  const before = (yield* machineIn(machines, ref)) ?? newMachine(bareOf(ref))
  const { machine, over } = rule(before)
  if (over !== null) yield* history.add(over)
  if (machine !== before) yield* machines.save(machine)
})

/** Changes a machine, known or not, by a rule that is not about what it costs. */
const change = (tables: Tables, ref: InstanceRef, rule: Rule): Stored<void> =>
  changeBilling(tables, ref, (machine) => ({ machine: rule(machine), over: null }))

const launchIn = (launches: LaunchTable, marker: string): Stored<LaunchRecord> =>
  Effect.flatMap(launches.byMarker(marker), (launch) =>
    launch ? Effect.succeed(launch) : Effect.fail(markerUnknown(marker))
  )

type LaunchCalls = "openLaunch" | "claimLaunch" | "settleLaunch" | "renewLease" | "launches"

/** What a ledger does with launches. */
const launchCalls = ({ read, write }: Store): Pick<Ledger, LaunchCalls> => ({
  openLaunch: (launch, ...reservations) =>
    write(
      Effect.fnUntraced(function* (tables) {
        const { launches, budgets } = tables
        const holder = launch.key === null ? null : yield* launches.byKey(launch.key)
        if (holder && holder.state !== "refused") return holder
        if (yield* launches.byMarker(launch.marker)) return yield* Effect.fail(markerTaken(launch.marker))
        const record = yield* keptSpec(launch)
        const wanted = reservations.filter((one) => one !== undefined)
        const over = yield* firstOver(record, wanted, tables)
        if (over) return yield* Effect.fail(over)
        if (holder) yield* launches.save({ ...holder, key: null })
        yield* launches.add(record)
        for (const one of wanted) yield* budgets.add(launch.marker, one)
        return record
      })
    ),
  claimLaunch: (marker, fence, sentAfter) =>
    write(
      Effect.fnUntraced(function* ({ launches }) {
        const record = claimed(yield* launchIn(launches, marker), fence, sentAfter)
        if (record) yield* launches.save(record)
        return record
      })
    ),
  settleLaunch: (marker, outcome) =>
    write(
      Effect.fnUntraced(function* (tables) {
        const { launches } = tables
        const record = yield* settled(yield* launchIn(launches, marker), outcome)
        yield* launches.save(record)
        const ref = machineOf(record)
        if (ref && isMade(record, outcome)) {
          yield* change(tables, ref, (machine) => launched(machine, outcome.at ?? record.at, record))
        }
        return record
      })
    ),
  renewLease: (marker, until) =>
    write(
      Effect.fnUntraced(function* ({ launches, machines }) {
        const launch = yield* launchIn(launches, marker)
        const ref = machineOf(launch)
        const machine = ref && (yield* machineIn(machines, ref))
        yield* launches.save(yield* renewed(launch, until, machine))
      })
    ),
  launches: (query = {}) => read(({ launches }) => launches.find(query))
})

type HistoryCalls = "billed" | "gone" | "history"

const byBeginning = (a: BillingInterval, b: BillingInterval): number =>
  a.from - b.from || (a.ref.toString() < b.ref.toString() ? -1 : 1)

/** What a ledger does with what machines cost. */
const historyCalls = ({ read, write }: Store): Pick<Ledger, HistoryCalls> => ({
  billed: (looks, at) =>
    write((tables) =>
      Effect.forEach(looks, (look) => changeBilling(tables, look.ref, (machine) => billed(machine, look, at)), {
        discard: true
      })
    ),
  gone: (ref, at) =>
    write((tables) =>
      changeBilling(tables, ref, (before) => {
        const { machine, over } = unbilled(before, at)
        return { machine: ended(machine, at), over }
      })
    ),
  history: (query = {}) =>
    read(
      Effect.fnUntraced(function* ({ machines, history }) {
        const going = (yield* machines.paid()).flatMap((machine) => openIntervalOf(machine) ?? [])
        const over = yield* history.find(query)
        return [...over, ...going.filter((interval) => matchesHistory(interval, query))].sort(byBeginning)
      })
    )
})

type MachineCalls = "intend" | "seen" | "named" | "keepHostKey" | "machines" | "machine"

/** What a ledger does with machines. */
const machineCalls = ({ read, write }: Store): Pick<Ledger, MachineCalls> => {
  const changeBy = (ref: InstanceRef, rule: Rule): Stored<void> => write((tables) => change(tables, ref, rule))
  return {
    intend: (ref, intent, claim) =>
      write(
        Effect.fnUntraced(function* (tables) {
          if (claim && !(yield* isFenceHeld(tables, claim))) return yield* Effect.fail(takenOver(claim))
          yield* change(tables, ref, (machine) => intended(machine, intent))
        })
      ),
    seen: Effect.fnUntraced(function* (refs, at, account) {
      const known = yield* read(({ machines }) => machines.byRefs(refs))
      const news = refs.filter((_, index) => {
        const machine = known[index] ?? null
        return machine === null || sighted(machine, at, account) !== machine
      })
      // Every listing reports what it saw: machines that are known cost a read, and no write to a disk.
      if (news.length === 0) return
      yield* write((tables) =>
        Effect.forEach(news, (ref) => change(tables, ref, (machine) => sighted(machine, at, account)), {
          discard: true
        })
      )
    }),
    named: (ref, name) => changeBy(ref, (machine) => named(machine, name)),
    keepHostKey: (ref, key) =>
      changeBy(ref, (machine) => ((machine.hostKey ?? null) === key ? machine : withHostKey(machine, key))),
    machines: (provider, kind) => read(({ machines }) => machines.of(provider, kind)),
    machine: (ref) => read(({ machines }) => machineIn(machines, ref))
  }
}

/** What a ledger does with budgets. */
const budgetCalls = ({ read, write }: Store): Pick<Ledger, "recommit" | "commitments"> => ({
  recommit: (marker, reservation) =>
    write(
      Effect.fnUntraced(function* ({ budgets, now }) {
        const { budget } = reservation
        yield* budgets.save(marker, reservation)
        return overAfterChange(yield* budgets.commitments(budget.name), marker, budget, yield* now())
      })
    ),
  commitments: (budget) => read(({ budgets }) => budgets.commitments(budget))
})

/** A ledger on a store: the rules, which are the same wherever its tables are. */
export const ledgerOn = (store: Store): Ledger => ({
  ...launchCalls(store),
  ...machineCalls(store),
  ...historyCalls(store),
  ...budgetCalls(store),
  ...runCalls(store),
  ...orderCalls(store),
  ...accountCalls(store),
  ...upkeepCalls(store),
  ...priceCalls(store),
  failed: (host, at) =>
    store.write(({ failures }) =>
      Effect.flatMap(failures.all(), (before) => failures.replace(before, withFailure(before, host, at)))
    ),
  failures: () => store.read(({ failures }) => failures.all())
})
