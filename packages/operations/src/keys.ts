import { operation } from "./operation.ts"

/** The ssh keys of the accounts. */
export const keys = operation({
  name: "keys",
  title: "List the ssh keys of the accounts",
  summary: "list the public keys on the accounts, which may log in to machines",
  ...{ effect: "read", idempotent: true, input: {} },
  examples: [{ input: {}, does: "the keys of all accounts" }],
  answer: async () => (await import("./protocol/index.ts")).keysShape,
  load: async () => (await import("./run.ts")).keys
})
