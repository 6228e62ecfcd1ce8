import { fields } from "./input/field.ts"
import { machineField, waitField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `verify` takes. */
export const verifyInput = fields({
  ...machineField,
  write: { type: "size", description: "write so much to its disk and remove it again, to measure how fast it is: 1GB" },
  url: { type: "text", description: "download this, to measure how fast its network is; it is thrown away" },
  ...waitField
})

/** Whether a machine is what was offered. */
export const verify = operation({
  name: "verify",
  title: "Verify a machine",
  summary:
    "ask a machine what it is, and compare that with what was offered: its GPUs, their health, cores, memory, disk",
  about:
    "It logs in and asks nvidia-smi, rocm-smi and the system, which takes a second, and leaves nothing there. What is wrong " +
    "is not what was offered; faulty is broken; slow works; a note is good to know. What cannot be read is unknown.",
  ...{ effect: "change", idempotent: true, input: verifyInput },
  examples: [
    { input: { ref: "trainer" }, does: "its GPUs, their health, its cores, memory and disk" },
    { input: { ref: "trainer", write: "1GB" }, does: "and how fast its disk is" }
  ],
  answer: async () => (await import("./protocol/index.ts")).verifiedShape,
  load: async () => (await import("./run.ts")).verify
})
