import { operation } from "./operation.ts"

/** Who pays for what. */
export const audit = operation({
  name: "audit",
  title: "Hold the ledger against the accounts",
  summary: "hold the ledger against the accounts: who pays for what",
  about:
    "Tells machines nobody claims, overdue ones, lost ones, launches of unknown outcome, and what is paid per hour.",
  ...{ effect: "read", idempotent: true, input: {} },
  examples: [{ input: {}, does: "machines nobody claims, overdue ones, lost ones" }],
  answer: async () => (await import("./protocol/index.ts")).auditShape,
  load: async () => (await import("./run.ts")).audit
})
