import { fields } from "./input/field.ts"
import { machineField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `rename` takes. */
export const renameInput = fields({
  ...machineField,
  name: { type: "name", required: true, description: "the new name, as people will see it" }
})

/** Another name; what the ledger finds the machine by is kept. */
export const rename = operation({
  name: "rename",
  title: "Give a machine another name",
  summary: "give a machine another name",
  about: "What the ledger finds it by is kept.",
  ...{ effect: "change", idempotent: true, input: renameInput },
  examples: [{ input: { ref: "trainer", name: "trainer-old" }, does: "the launch marker is kept" }],
  answer: async () => (await import("./protocol/index.ts")).machineShape,
  load: async () => (await import("./run.ts")).rename
})
