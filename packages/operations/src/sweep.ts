import { operation } from "./operation.ts"

/** What a ttl promised. */
export const sweep = operation({
  name: "sweep",
  title: "End every machine whose time has run out",
  summary: "end every machine whose time has run out",
  about: "Ends machines that were launched with a time to live which has passed, and no others. `audit` lists them.",
  ...{ effect: "end", idempotent: true, input: {} },
  examples: [{ input: {}, does: "ends what has run out, and says what goes on" }],
  answer: async () => (await import("./protocol/index.ts")).sweepShape,
  load: async () => (await import("./run.ts")).sweep
})
