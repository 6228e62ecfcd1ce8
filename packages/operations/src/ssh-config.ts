import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"

/** How ssh itself, and what is built on it, reach the machines. */
export const sshConfig = operation({
  name: "ssh-config",
  title: "Say what ssh's configuration needs to reach the machines by name",
  summary: "say what ssh's configuration needs, so that `ssh trainer` reaches a machine",
  about:
    "Nothing is written: the text is for the ~/.ssh/config of the user who logs in. A machine has its name there, where " +
    "no other has it, and one that is always its own.",
  ...{ effect: "read", idempotent: true, input: fields({}) },
  examples: [{ input: {}, does: "of all machines that can be reached" }],
  answer: async () => (await import("./protocol/index.ts")).sshConfigShape,
  load: async () => (await import("./run.ts")).sshConfig
})
