/** What a store of the ledger is made with, besides what the root exports: `@anygpu/core/ledger`. */
export { commitmentOf } from "./budget.ts"
export {
  contentsOf,
  fill,
  type HeldCost,
  type LedgerContents,
  type MovablePlace,
  type MoveState,
  type Unlisted
} from "./contents.ts"
export type { AnnouncedKeeper } from "./keepers.ts"
export { cannotArrive, type LedgerMove, ledgerArriving, ledgerLeft, moveLedger } from "./move.ts"
export { ledgerOn } from "./on-store.ts"
export type { HourRow, PriceSeries } from "./prices.ts"
export { ledgerFault } from "./rules.ts"
export type {
  AccountTable,
  BudgetTable,
  ClaimTable,
  FailureTable,
  HistoryTable,
  HourQuery,
  KeeperTable,
  LaunchTable,
  MachineTable,
  OrderTable,
  PriceTable,
  RunTable,
  Store,
  Stored,
  Tables
} from "./store.ts"
