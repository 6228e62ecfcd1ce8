import type * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { InstanceRef } from "../model/ref.ts"
import type { NamedAccount } from "./account-name.ts"
import type { Commitment, Reservation } from "./budget.ts"
import type { EndClaim } from "./end-claim.ts"
import type { Failure } from "./failures.ts"
import type { BillingInterval, HistoryQuery } from "./history.ts"
import type { AnnouncedKeeper } from "./keepers.ts"
import type { LaunchQuery, LaunchRecord, MachineRecord } from "./ledger.ts"
import type { OrderQuery, OrderRecord } from "./order.ts"
import type { HourRow, MarketQuery, PriceQuery, PriceScope, PriceSeries } from "./prices.ts"
import type { RunQuery, RunRecord } from "./run.ts"

/** What a table answers: at once where it is in this process, later where it is behind a network. */
export type Stored<A> = Effect.Effect<A, ProviderFault>

/** Launches, as a store keeps them. */
export interface LaunchTable {
  byMarker(marker: string): Stored<LaunchRecord | null>
  byKey(key: string): Stored<LaunchRecord | null>
  add(launch: LaunchRecord): Stored<void>
  /** Writes what may change of a launch: its key, state, machine, note, lease, owner and fence. */
  save(launch: LaunchRecord): Stored<void>
  /** Those that a query wants, the oldest first. */
  find(query: LaunchQuery): Stored<ReadonlyArray<LaunchRecord>>
}

/** Machines, as a store keeps them. */
export interface MachineTable {
  /** One for each ref, in their order; null where nothing is known. */
  byRefs(refs: ReadonlyArray<InstanceRef>): Stored<ReadonlyArray<MachineRecord | null>>
  save(machine: MachineRecord): Stored<void>
  /** Those that cost something, as far as is known: their `paid` is there. */
  paid(): Stored<ReadonlyArray<MachineRecord>>
  /** Those of a provider and kind, by their ids. */
  of(provider: string, kind: Kind): Stored<ReadonlyMap<string, MachineRecord>>
}

/** What budgets hold for launches, as a store keeps it. */
export interface BudgetTable {
  commitments(budget: string): Stored<ReadonlyArray<Commitment>>
  add(marker: string, reservation: Reservation): Stored<void>
  /** Changes what a budget holds for a launch; does nothing where it holds nothing. */
  save(marker: string, reservation: Reservation): Stored<void>
}

/** Hosts that failed, as a store keeps them. */
export interface FailureTable {
  all(): Stored<ReadonlyArray<Failure>>
  replace(before: ReadonlyArray<Failure>, after: ReadonlyArray<Failure>): Stored<void>
}

/** What machines have cost, as a store keeps it: intervals that are over. */
export interface HistoryTable {
  add(interval: BillingInterval): Stored<void>
  /** Those that a query wants, in the order of their beginnings. */
  find(query: HistoryQuery): Stored<ReadonlyArray<BillingInterval>>
}

/** Runs, as a store keeps them. */
export interface RunTable {
  byId(id: string): Stored<RunRecord | null>
  byKey(key: string): Stored<RunRecord | null>
  add(run: RunRecord): Stored<void>
  save(run: RunRecord): Stored<void>
  find(query: RunQuery): Stored<ReadonlyArray<RunRecord>>
}

/** Orders, as a store keeps them. */
export interface OrderTable {
  byId(id: string): Stored<OrderRecord | null>
  byKey(key: string): Stored<OrderRecord | null>
  /** Those that keepers are at. Within `write` it keeps others away that ask the same. */
  started(): Stored<ReadonlyArray<OrderRecord>>
  add(order: OrderRecord): Stored<void>
  save(order: OrderRecord): Stored<void>
  /** Those that a query wants, the oldest first. */
  find(query: OrderQuery): Stored<ReadonlyArray<OrderRecord>>
}

/** Which accounts names mean, as a store keeps it. */
export interface AccountTable {
  byName(provider: string, name: string): Stored<NamedAccount | null>
  add(named: NamedAccount): Stored<void>
  save(named: NamedAccount): Stored<void>
}

/** Who is at ending machines, as a store keeps it: one for each launch. */
export interface ClaimTable {
  byMarker(marker: string): Stored<EndClaim | null>
  /** Adds it, or puts it in the place of the one of its launch; whoever writes it has read the launch before. */
  save(claim: EndClaim): Stored<void>
}

/** Processes that stay awake, as a store keeps them. */
export interface KeeperTable {
  /** By their ids. */
  all(): Stored<ReadonlyArray<AnnouncedKeeper>>
  add(keeper: AnnouncedKeeper): Stored<void>
  remove(id: string): Stored<void>
}

/** Which hours of the market are wanted: whole ones since 1970, from `first` on and before `end`. */
export interface HourQuery extends Pick<MarketQuery, "gpus" | "provider"> {
  readonly first: number
  readonly end: number
}

/** The prices of the market, as a store keeps them: moments in minutes since 1970. */
export interface PriceTable {
  /** The minute of the last look at a scope; null before the first. Within `write` it keeps other writers of the scope away. */
  lastLook(scope: PriceScope): Stored<number | null>
  looked(scope: PriceScope, minute: number): Stored<void>
  /** What is on offer, as far as is known. */
  live(scope: PriceScope): Stored<ReadonlyArray<PriceSeries>>
  /** Writes the last change of each series, and forgets those of it before a minute. A series has one change a minute. */
  change(changes: ReadonlyArray<PriceSeries>, forgottenBefore: number): Stored<void>
  /** Forgets the series of a scope that are on offer no more since before a minute, with all their changes. */
  forget(scope: PriceScope, before: number): Stored<void>
  /** All changes of an offer, in any order: its series as they were from each on. */
  changes(offer: Pick<PriceQuery, "provider" | "kind" | "offer">): Stored<ReadonlyArray<PriceSeries>>
  /** What an hour has of a scope and these GPUs. */
  hoursOf(scope: PriceScope, hour: number, gpus: ReadonlyArray<string>): Stored<ReadonlyArray<HourRow>>
  saveHours(rows: ReadonlyArray<HourRow>): Stored<void>
  /** Those that a query wants, in any order; with `gpus` also the rows without a GPU. */
  hours(query: HourQuery): Stored<ReadonlyArray<HourRow>>
}

/** All tables of a ledger. */
export interface Tables {
  readonly launches: LaunchTable
  readonly machines: MachineTable
  readonly budgets: BudgetTable
  readonly failures: FailureTable
  readonly runs: RunTable
  readonly orders: OrderTable
  readonly history: HistoryTable
  readonly accounts: AccountTable
  readonly claims: ClaimTable
  readonly keepers: KeeperTable
  /** What the store's own clock shows when it is asked, in epoch milliseconds: in a transaction too it goes on. */
  readonly now: () => Stored<number>
  readonly prices: PriceTable
}

/**
 * What a ledger is kept in: tables that know no rule, and how they are read and written.
 *
 * - A body of `write` is one transaction: no other writer comes between what it reads and what it writes, and what it
 *   fails with undoes all of it. It does nothing but ask the tables, so that a store may run it again from the start.
 */
export interface Store {
  read<A, E>(body: (tables: Tables) => Effect.Effect<A, E>): Effect.Effect<A, E | ProviderFault>
  write<A, E>(body: (tables: Tables) => Effect.Effect<A, E>): Effect.Effect<A, E | ProviderFault>
}
