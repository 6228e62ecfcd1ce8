export { type LedgerStore, type LedgerTest, ledgerTests, type OpenedLedger } from "./suite.ts"
