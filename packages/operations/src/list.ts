import { fields } from "./input/field.ts"
import { ownFields } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `list` takes. */
export const listInput = fields({
  all: { type: "switch", description: "also those that are gone, where a cloud still lists them" },
  ...ownFields
})

/** The machines on all accounts. */
export const list = operation({
  name: "list",
  title: "List the machines on all accounts",
  summary: "list the machines on all accounts, and what they cost, by now and per hour",
  ...{ effect: "read", idempotent: true, input: listInput },
  examples: [
    { input: {}, does: "what runs, and what one pays for it" },
    { input: { all: true }, does: "also what is gone" },
    { input: { tags: "team=nlp" }, does: "only those of a team" }
  ],
  answer: async () => (await import("./protocol/index.ts")).listShape,
  load: async () => (await import("./run.ts")).list
})
