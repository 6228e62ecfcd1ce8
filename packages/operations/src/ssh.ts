import { fields } from "./input/field.ts"
import { machineField, waitField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `ssh` takes. */
export const sshInput = fields({
  ...machineField,
  ...waitField
})

/** Where to log in. */
export const ssh = operation({
  name: "ssh",
  title: "Say how to log in to a machine with ssh",
  summary: "say with which ssh command a machine is logged in to",
  about: "Nothing is run: the owner of the private key runs the command.",
  ...{ effect: "read", idempotent: true, input: sshInput },
  examples: [{ input: { ref: "trainer" }, does: "with the right host, port and user" }],
  answer: async () => (await import("./protocol/index.ts")).sshShape,
  load: async () => (await import("./run.ts")).ssh
})
