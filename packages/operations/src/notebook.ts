import { fields } from "./input/field.ts"
import { machineField, waitField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `notebook` takes. */
export const notebookInput = fields({
  ...machineField,
  cwd: { type: "text", description: "the folder that a new one begins in; the home folder by default" },
  stop: { type: "switch", description: "end the one that was started here; its work that is not saved is lost" },
  ...waitField
})

/** Jupyter on a machine. */
export const notebook = operation({
  name: "notebook",
  title: "Start Jupyter on a machine, or find the one that runs",
  summary: "start Jupyter on a machine where none runs, and show its port and token",
  about:
    "It listens on the machine alone, and goes on without a connection: a person reaches it with the command that is " +
    "shown. Jupyter itself is not installed: that is said where it is missing.",
  ...{ effect: "change", idempotent: true, input: notebookInput },
  examples: [{ input: { ref: "trainer" }, does: "where its notebooks are" }],
  answer: async () => (await import("./protocol/index.ts")).notebookShape,
  load: async () => (await import("./run.ts")).notebook
})
