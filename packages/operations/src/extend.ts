import { fields } from "./input/field.ts"
import { machineField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `extend` takes. */
export const extendInput = fields({
  ...machineField,
  for: {
    ...{ type: "duration", required: true, sets: ["ttl"] },
    description: "how long from now it is still needed: 2h. Where it lasts so long already, nothing changes"
  }
})

/** A later end of a machine that is rented for a time. */
export const extend = operation({
  name: "extend",
  title: "Keep a machine for longer",
  summary: "let a machine that is rented for a time end later",
  about:
    "The longer time is held in the budget of its launch first. The end that its cloud keeps is moved too. No end is ever moved " +
    "to an earlier time: `terminate` ends it now.",
  ...{ effect: "spend", idempotent: true, input: extendInput },
  examples: [{ input: { ref: "trainer", for: "2h" }, does: "two hours from now, not earlier" }],
  answer: async () => (await import("./protocol/index.ts")).extendedShape,
  load: async () => (await import("./run.ts")).extend
})
