export { attempt, CurrentLedger, clockFrom, LeftoverReporter, waitForStatus, waitUntilReady } from "@anygpu/core"
export type { AccountAnswer, AccountAnswers, AccountRead } from "./client/accounts.ts"
export type { AskOptions } from "./client/gather.ts"
export type { CloudsByName, GpuOptions, MachineOp, Target } from "./client/gpu.ts"
export { Gpu } from "./client/gpu-service.ts"
export { Ledger } from "./client/ledger-service.ts"
export type { LoginProof, LoginWait, ProofOptions, ReadyOptions } from "./client/login-proof.ts"
export { makeGpu } from "./client/make-gpu.ts"
export type { Recoveries } from "./client/recover.ts"
export type { AddedEffects, ExtendedClient, SshExtension } from "./client/ssh-extension.ts"
export { type Candidate, Comparison } from "./compare/comparison.ts"
export { withProblems } from "./compare/nothing-fits.ts"
export type { Portability, PortabilityRequest } from "./compare/portability.ts"
export type { CompareRequest, Filters } from "./compare/request.ts"
export { costReasons } from "./cost/reasons.ts"
export { type Lease, type LeaseParts, leaseWith } from "./lease/lease.ts"
export type { LeaseOptions } from "./lease/terms.ts"
export * from "./model.ts"
export type { Offered, Quote } from "./placement/quote.ts"
export type { Launched, LaunchLimits, LaunchRequest, Step } from "./placement/request.ts"
export type { VerifyMachine, VerifyOrder } from "./placement/verify.ts"
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
export { type Audit, audit, type Claimed } from "./upkeep/audit.ts"
export type { HourlyBill } from "./upkeep/bill.ts"
export { type DueOutcome, endDue } from "./upkeep/end-due.ts"
export { type LeasedRef, type Sweep, sweep } from "./upkeep/sweep.ts"
export { type EndedBy, type EndingMachine, whoEnds } from "./upkeep/who-ends.ts"
export type * from "./watch/change.ts"
export type { WatchOptions } from "./watch/options.ts"
