import * as Effect from "effect/Effect"
import type { NamedAccount } from "./account-name.ts"
import type { Cost } from "./budget.ts"
import type { EndClaim } from "./end-claim.ts"
import type { Failure } from "./failures.ts"
import type { BillingInterval } from "./history.ts"
import type { LaunchRecord, MachineRecord } from "./ledger.ts"
import type { OrderRecord } from "./order.ts"
import type { HourRow, PriceScope, PriceSeries } from "./prices.ts"
import type { RunRecord } from "./run.ts"
import type { Stored, Tables } from "./store.ts"

/** What a budget holds for a launch, whatever became of that. */
export interface HeldCost {
  readonly marker: string
  readonly budget: string
  readonly cost: Cost
}

/** Everything that a ledger keeps, but who is awake: keepers announce themselves again. */
export interface LedgerContents {
  readonly launches: ReadonlyArray<LaunchRecord>
  readonly machines: ReadonlyArray<MachineRecord>
  readonly held: ReadonlyArray<HeldCost>
  readonly failures: ReadonlyArray<Failure>
  readonly runs: ReadonlyArray<RunRecord>
  readonly orders: ReadonlyArray<OrderRecord>
  readonly history: ReadonlyArray<BillingInterval>
  readonly claims: ReadonlyArray<EndClaim>
  readonly accounts: ReadonlyArray<NamedAccount>
  readonly looks: ReadonlyArray<PriceScope & { readonly minute: number }>
  readonly prices: ReadonlyArray<PriceSeries>
  readonly hours: ReadonlyArray<HourRow>
}

/** What of the contents no table answers as a whole. */
export type Unlisted = Pick<LedgerContents, "machines" | "held" | "claims" | "accounts" | "looks" | "prices">

/** Everything that is in the tables. */
export const contentsOf = Effect.fnUntraced(function* (tables: Tables, unlisted: Unlisted) {
  const { launches, failures, runs, orders, history, prices } = tables
  return {
    ...unlisted,
    launches: yield* launches.find({}),
    failures: yield* failures.all(),
    runs: yield* runs.find({}),
    orders: yield* orders.find({}),
    history: yield* history.find({}),
    hours: yield* prices.hours({ first: 0, end: Number.MAX_SAFE_INTEGER })
  } satisfies LedgerContents
})

/** Writes price changes, minute by minute, as they came. */
const fillPrices = Effect.fnUntraced(function* ({ prices }: Tables, { looks, prices: changes, hours }: LedgerContents) {
  for (const { minute, ...scope } of looks) {
    yield* prices.lastLook(scope)
    yield* prices.looked(scope, minute)
  }
  const minutes = Map.groupBy(changes, ({ minute }) => minute)
  for (const minute of [...minutes.keys()].sort((a, b) => a - b)) yield* prices.change(minutes.get(minute) ?? [], 0)
  if (hours.length > 0) yield* prices.saveHours(hours)
})

/** Writes everything into empty tables, in the order in which it was written before. */
export const fill = Effect.fnUntraced(function* (tables: Tables, contents: LedgerContents) {
  const { launches, machines, budgets, failures, runs, orders, history, claims, accounts } = tables
  for (const launch of contents.launches) yield* launches.add(launch)
  yield* machines.byRefs(contents.machines.map(({ ref }) => ref))
  for (const machine of contents.machines) yield* machines.save(machine)
  for (const { marker, budget, cost } of contents.held) yield* budgets.add(marker, { budget: { name: budget }, cost })
  yield* failures.replace([], contents.failures)
  for (const run of contents.runs) yield* runs.add(run)
  for (const order of contents.orders) yield* orders.add(order)
  for (const interval of contents.history) yield* history.add(interval)
  for (const claim of contents.claims) yield* claims.save(claim)
  for (const account of contents.accounts) yield* accounts.add(account)
  yield* fillPrices(tables, contents)
})

const nouns: ReadonlyArray<readonly [keyof LedgerContents, one: string, several: string]> = [
  ["launches", "launch", "launches"],
  ["machines", "machine", "machines"],
  ["runs", "run", "runs"],
  ["orders", "order", "orders"],
  ["history", "part of its history", "parts of its history"],
  ["accounts", "named account", "named accounts"],
  ["prices", "price", "prices"]
]

/** What a ledger holds, in words; empty where it holds nothing. */
export const contentsText = (contents: LedgerContents): string =>
  nouns
    .flatMap(([name, one, several]) => {
      const count = contents[name].length
      return count === 0 ? [] : [`${count} ${count === 1 ? one : several}`]
    })
    .join(", ")

/** How far a ledger is with a move: it was left for another place, or another one was being brought to it. */
export type MoveState =
  | { readonly is: "here" }
  | { readonly is: "left"; readonly to: string; readonly token: string }
  | { readonly is: "arriving"; readonly from: string; readonly token: string }

/** A place of a ledger that can be moved: a file, or a server. */
export interface MovablePlace {
  /** As it may be shown. */
  readonly shown: string
  readonly state: () => Stored<MoveState>
  /**
   * Hands over everything while no other process can write, and is left for good when `copy` has succeeded: from then on it
   * refuses each write of each process.
   */
  readonly leave: (to: string, token: string, copy: (contents: LedgerContents) => Stored<void>) => Stored<void>
  /**
   * Takes everything in one transaction, and is not to be used until it is {@link settle}d. What an interrupted move from the
   * same place has brought is replaced. Fails when anything else is there.
   */
  readonly arrive: (from: string, token: string, contents: LedgerContents) => Stored<void>
  /** From now on it is used. */
  readonly settle: Stored<void>
}
