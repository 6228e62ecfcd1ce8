import { operation } from "./operation.ts"

/** Who pays for what. */
export const audit = operation({
  name: "audit",
  title: "Compare the ledger with the accounts",
  summary: "compare the ledger with the accounts: who pays for what",
  about:
    "Lists machines no launch claims, overdue ones, lost ones, launches of unknown outcome, and what is paid per hour.",
  ...{ effect: "read", idempotent: true, input: {} },
  examples: [{ input: {}, does: "machines nobody claims, overdue ones, lost ones" }],
  answer: async () => (await import("./protocol/index.ts")).auditShape,
  load: async () => (await import("./run.ts")).audit
})
