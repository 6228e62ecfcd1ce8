export type { AccountAnswer, AccountAnswers, AccountRead } from "./client/accounts.ts"
export { createGpu, type GpuClient, type PromisedClouds } from "./client/create-gpu.ts"
export type { AskOptions } from "./client/gather.ts"
export type { GpuOptions, MachineOp, Target } from "./client/gpu.ts"
export type { LoginProof, LoginWait, ProofOptions, ReadyOptions } from "./client/login-proof.ts"
export type { CallOptions, Promised, Run } from "./client/promised.ts"
export type { Recoveries } from "./client/recover.ts"
export type { AddedPromises, ExtendedClient, SshExtension } from "./client/ssh-extension.ts"
export { type Candidate, Comparison } from "./compare/comparison.ts"
export { withProblems } from "./compare/nothing-fits.ts"
export type { Portability, PortabilityRequest } from "./compare/portability.ts"
export type { CompareRequest, Filters } from "./compare/request.ts"
export { costReasons } from "./cost/reasons.ts"
export type { Extended } from "./lease/extend.ts"
export type { LeasedMachine, LeaseMachine } from "./lease/promised.ts"
export type { LeaseOptions } from "./lease/terms.ts"
export type { Market, MarketRequest, MarketSpan, PricesRequest } from "./market/market.ts"
export type { RecordedPrices } from "./market/record.ts"
export * from "./model.ts"
export type { Offered, Quote } from "./placement/quote.ts"
export type { Launched, LaunchLimits, LaunchRequest, Step } from "./placement/request.ts"
export type { VerifyMachine, VerifyOrder } from "./placement/verify.ts"
export type { Missing, PoolRequest, PoolRound, Replaced } from "./pool/request.ts"
export type { SpendLimit } from "./spending/spending.ts"
export type { Ended } from "./spent/ended.ts"
export {
  type Spent,
  type SpentBy,
  type SpentRequest,
  type SpentRow,
  type SpentSum,
  spentBy
} from "./spent/spent.ts"
export type { Audit, Claimed } from "./upkeep/audit.ts"
export type { HourlyBill } from "./upkeep/bill.ts"
export type { LeasedRef, Sweep } from "./upkeep/sweep.ts"
export type * from "./watch/change.ts"
export type { WatchOptions } from "./watch/options.ts"
