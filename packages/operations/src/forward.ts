import { fields } from "./input/field.ts"
import { machineField, waitField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `forward` takes. */
export const forwardInput = fields({
  ...machineField,
  ports: {
    ...{ type: "forwarding", required: true, repeats: true, flag: "port" },
    description: "a port of the machine, with the one of this computer where it is another: 8888, 8888:9000"
  },
  ...waitField
})

/** Ports of a machine on this computer. */
export const forward = operation({
  name: "forward",
  title: "Say how ports of a machine are reached from a person's computer",
  summary: "say with which command ports of a machine are led to a person's own computer",
  about: "Nothing is opened: a port is open as long as a command runs, so that its user runs one of these.",
  ...{ effect: "read", idempotent: true, input: forwardInput },
  examples: [{ input: { ref: "trainer", ports: ["8888", "6006:7007"] }, does: "two ports, one under another number" }],
  answer: async () => (await import("./protocol/index.ts")).forwardShape,
  load: async () => (await import("./run.ts")).forward
})
