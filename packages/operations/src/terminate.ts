import { fields } from "./input/field.ts"
import { machineField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `terminate` takes. */
export const terminateInput = fields({
  ...machineField,
  within: { type: "duration", description: "how long to keep asking and looking" },
  ifBusy: {
    type: "choice",
    choices: ["wait", "fail"],
    description: "when it cannot be ended yet"
  },
  withVolumes: {
    type: "switch",
    description: "delete the volumes that its launch made, too, with all that is on them"
  },
  sameAccount: {
    type: "switch",
    description: "it was launched with an older key of this account: it is gone if this key does not show it"
  }
})

/** The end of a machine. */
export const terminate = operation({
  name: "terminate",
  title: "End a machine for good",
  summary: "end a machine and all that is on it for good, and make sure that it is gone",
  about:
    "It costs nothing any more then, unless `leftovers` says so. It takes up to some minutes. A machine that is gone " +
    "already is success; one that nobody ever knew is not.",
  ...{ effect: "end", idempotent: true, input: terminateInput },
  examples: [{ input: { ref: "trainer" }, does: "ends it, and answers when it is gone" }],
  answer: async () => (await import("./protocol/index.ts")).endedShape,
  load: async () => (await import("./run.ts")).terminate
})
