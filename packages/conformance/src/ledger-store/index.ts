export type { LedgerStore, LedgerTest, OpenedLedger } from "./ledger-under-test.ts"
export { ledgerTests } from "./suite.ts"
