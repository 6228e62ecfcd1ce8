import { fields } from "./input/field.ts"
import { ownFields } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `spent` takes. */
export const spentInput = fields({
  by: {
    ...{ type: "choice", choices: ["machine", "cloud", "gpu", "day", "tag", "owner", "account"] },
    description: "what the amounts are of: machine (the default), cloud, gpu, day, tag, owner or account"
  },
  since: {
    type: "duration",
    description: "only the last so much time, such as 7d; all that the ledger knows by default"
  },
  from: { type: "time", description: "from when on: 2026-06-01, 2026-06-01T15:50Z" },
  to: { type: "time", description: "until when; now by default" },
  tags: ownFields.tags
})

/** What machines have cost. */
export const spent = operation({
  name: "spent",
  title: "Say what machines have cost",
  summary: "what machines have cost: by machine, cloud, GPU, day, tag, owner or account",
  about:
    "An estimate by what the ledger saw: the price at each look, until the next one. No cloud is asked. Minimum charges, traffic and taxes are not in it: the cloud's own invoice counts.",
  ...{ effect: "read", idempotent: true, input: spentInput },
  examples: [
    { input: { since: "7d", by: "day" }, does: "what each of the last days has cost" },
    { input: { by: "gpu" }, does: "what each kind of GPU has cost" },
    { input: { tags: "team=nlp", by: "owner" }, does: "who of a team has spent how much" }
  ],
  answer: async () => (await import("./protocol/index.ts")).spentShape,
  load: async () => (await import("./run.ts")).spent
})
