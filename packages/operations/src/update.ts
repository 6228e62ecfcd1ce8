import { fields } from "./input/field.ts"
import { machineField, workloadFields } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `update` takes. */
export const updateInput = fields({
  ...machineField,
  name: { type: "name", description: "another name" },
  ...workloadFields,
  publicImage: { type: "switch", description: "the image needs no login any more" },
  closePorts: {
    ...{ type: "port-number", repeats: true, flag: "close-port" },
    description: "ports of logins that may be closed: 22"
  }
})

/** What is given replaces the whole of what was there. */
export const update = operation({
  name: "update",
  title: "Replace parts of a running workload",
  summary: "replace parts of a running workload",
  about:
    "Each field that is given replaces the whole of what was there, what is left out stays. It may restart the workload. " +
    "An image that needs a login can only be changed by a person, with `anygpu update`.",
  ...{ effect: "change", idempotent: true, input: updateInput },
  examples: [{ input: { ref: "api", image: "me/api:2", env: { LOG: "debug" } }, does: "the next version" }],
  answer: async () => (await import("./protocol/index.ts")).machineShape,
  load: async () => (await import("./run.ts")).update
})
