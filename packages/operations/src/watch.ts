import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"

/** What `watch` takes. */
export const watchInput = fields({
  every: { type: "duration", description: "look at least so often while things change" },
  for: { type: "duration", description: "watch for so long; 30s by default" },
  limit: { type: "count", description: "end after so many changes; 100 by default" }
})

/** What changes on all accounts. */
export const watch = operation({
  name: "watch",
  title: "Watch all machines for a while",
  summary: "watch all machines for a while, and list what changed",
  about: "What is there at the start is listed too, as `appeared`. Watch again for what comes later.",
  ...{ effect: "read", idempotent: true, input: watchInput },
  examples: [{ input: { for: "10s" }, does: "what changes within ten seconds" }],
  answer: async () => (await import("./protocol/index.ts")).changesShape,
  load: async () => (await import("./run.ts")).watch
})
