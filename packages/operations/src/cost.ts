import { fields } from "./input/field.ts"
import { jobFields } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `cost` takes. */
export const costInput = fields({
  what: { ...{ type: "machine", required: true }, description: "an offer as `offers` prints it, or a machine" },
  for: { ...jobFields.for, description: "of an offer: how long the job takes; 1h by default" },
  start: {
    ...jobFields.start,
    description: "of an offer: when it starts, where a cloud charges by the clock: now, 2026-06-01T15:50Z"
  },
  disk: { type: "size", description: "of an offer: how much disk", sets: ["storageMiB"] },
  egress: { ...jobFields.egress, description: "of an offer: traffic out of the machine over the whole job" },
  ingress: { ...jobFields.ingress, description: "of an offer: traffic into it" }
})

/** What a job or a machine costs. */
export const cost = operation({
  name: "cost",
  title: "Say what a job costs on an offer, or a machine so far and per month",
  summary: "say what a job costs on an offer, or a machine so far and per month",
  ...{ effect: "read", idempotent: true, input: costInput },
  examples: [
    { input: { what: "vast/container/21001756", for: "8h", disk: "100GB" }, does: "a job on an offer, line by line" },
    { input: { what: "trainer" }, does: "what the machine named trainer has cost, and comes to in a month" }
  ],
  answer: async () => (await import("./protocol/index.ts")).costsShape,
  load: async () => (await import("./run.ts")).cost
})
