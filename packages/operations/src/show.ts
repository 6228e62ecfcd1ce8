import { machineField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** One machine. */
export const show = operation({
  name: "show",
  title: "Show one machine with its ways in",
  summary: "show one machine with its ways in",
  ...{ effect: "read", idempotent: true, input: machineField },
  examples: [{ input: { ref: "trainer" }, does: "status, cost, ssh command, ports" }],
  answer: async () => (await import("./protocol/index.ts")).shownShape,
  load: async () => (await import("./run.ts")).show
})
