import { operation } from "./operation.ts"

/** What each account can spend. */
export const balance = operation({
  name: "balance",
  title: "Say what each account can spend",
  summary: "say what each account can spend",
  ...{ effect: "read", idempotent: true, input: {} },
  examples: [{ input: {}, does: "per cloud; says which clouds give none" }],
  answer: async () => (await import("./protocol/index.ts")).balanceShape,
  load: async () => (await import("./run.ts")).balance
})
