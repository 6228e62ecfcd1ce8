export { type Account, accountId, type Kinship } from "./adapter/account.ts"
export { type AskedFor, answeredWithin } from "./adapter/answer-time.ts"
export { networkAdvice } from "./adapter/network-error.ts"
export { forCaller, placeOfCall, thrownBy } from "./caller-frame.ts"
export * from "./clock.ts"
export { BeforeEnding } from "./context/before-ending.ts"
export { elsewhere } from "./contract/accounts.ts"
export { checkMoney, checkNumber } from "./contract/amounts.ts"
export { offerShape } from "./contract/arguments.ts"
export { cloudEndOf, endsAs } from "./contract/cloud-end.ts"
export * from "./contract/define-provider.ts"
export type * from "./contract/definition.ts"
export { clearAfter, givenUpIn, lookedFor } from "./contract/launch/claim.ts"
export * from "./contract/launch/earlier-machine.ts"
export { differenceOf, freed, lapsedBy, redactedOptions, usedOtherwise, type Wish } from "./contract/launch/record.ts"
export * from "./contract/launch/settle-fully.ts"
export { type LaunchOptionRow, launchOptionRows, launchOptions } from "./contract/launch-options.ts"
export * from "./contract/leftover-reporter.ts"
export { type ResolvedFilter, resolveFilter } from "./contract/offer-filter.ts"
export { rejectionBy, vramTolerance } from "./contract/offer-rules.ts"
export { byPrice } from "./contract/offers.ts"
export { type OperationRow, operationRows, optionalOps } from "./contract/operation-rows.ts"
export * from "./contract/ops.ts"
export {
  type AnyProvider,
  type Cloud,
  type CloudWithoutKey,
  type Provider,
  type ProviderInfo,
  specificationVersion
} from "./contract/provider.ts"
export * from "./contract/read/machines-alone.ts"
export * as shape from "./contract/shape.ts"
export * from "./contract/supports.ts"
export { checkSpecShape, endIssues, hourlyCost, orderIssues } from "./contract/validate.ts"
export { checkSubjects, verifyFields } from "./contract/verify-options.ts"
export * from "./contract/wait.ts"
export * from "./elapsed.ts"
export * from "./errors.ts"
export type { AccountCalls } from "./ledger/account-name.ts"
export { type Budget, type Commitment, type Cost, type Reservation, wantedFor } from "./ledger/budget.ts"
export { type BudgetStanding, budgetStanding } from "./ledger/budget-standing.ts"
export * from "./ledger/current-ledger.ts"
export type { EndClaim, EndClaimOptions, EndClaims, EndFence } from "./ledger/end-claim.ts"
export { type Failure, failuresAt } from "./ledger/failures.ts"
export {
  type BillingInterval,
  type BillingLook,
  type HistoryQuery,
  isBillingNews,
  type OpenInterval
} from "./ledger/history.ts"
export type { KeeperCalls, KeeperRecord } from "./ledger/keepers.ts"
export type * from "./ledger/ledger.ts"
export { memoryLedger } from "./ledger/memory.ts"
export type {
  NewOrder,
  OrderCalls,
  OrderError,
  OrderFence,
  OrderOutcome,
  OrderQuery,
  OrderRecord,
  OrderState
} from "./ledger/order.ts"
export { isLapsed, isOrderOver } from "./ledger/order-rules.ts"
export { overBudget, type Wanted } from "./ledger/over-budget.ts"
export type { Stay } from "./ledger/period.ts"
export type {
  MarketHour,
  MarketQuery,
  PriceChange,
  PricedOffer,
  PriceLedger,
  PriceLook,
  PriceNews,
  PriceQuery,
  PriceScope
} from "./ledger/prices.ts"
export { cameToNothing, endsByItself, isEnded } from "./ledger/rules.ts"
export type { RunAttempt, RunAttemptState, RunEnd, RunQuery, RunRecord } from "./ledger/run.ts"
export * from "./lifecycle.ts"
export { sharesAccount } from "./model/account-text.ts"
export type * from "./model/attempt.ts"
export type * from "./model/billing.ts"
export * from "./model/boot-words.ts"
export * from "./model/endpoints.ts"
export * from "./model/estimate.ts"
export type * from "./model/excluded.ts"
export type * from "./model/gpu.ts"
export { computeCapabilityOf } from "./model/gpu-capabilities.ts"
export * from "./model/gpu-table.ts"
export * from "./model/gpu-wanted.ts"
export * from "./model/instance.ts"
export * from "./model/job.ts"
export * from "./model/kind.ts"
export * from "./model/launch-spec.ts"
export * from "./model/listing.ts"
export * from "./model/location.ts"
export * from "./model/marker.ts"
export * from "./model/money.ts"
export type * from "./model/offer.ts"
export { groupNames, type NamedPlaces, placesNamed } from "./model/places.ts"
export * from "./model/reach.ts"
export * from "./model/ref.ts"
export * from "./model/ssh-key.ts"
export * from "./model/status.ts"
export * from "./model/tags.ts"
export type * from "./model/verification.ts"
export { isVersionAtLeast } from "./model/version.ts"
export * from "./model/visible.ts"
export * from "./model/volume.ts"
export { observeCall } from "./telemetry.ts"
