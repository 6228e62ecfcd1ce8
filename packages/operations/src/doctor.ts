import { operation } from "./operation.ts"

/** Whether all is well here and on the clouds. */
export const doctor = operation({
  name: "doctor",
  title: "Check keys, network, clock and ledger, and what the clouds changed",
  summary: "check keys, network, clock and ledger, and what the clouds changed",
  ...{ effect: "read", idempotent: true, input: {} },
  examples: [{ input: {}, does: "only reads" }],
  answer: async () => (await import("./protocol/index.ts")).doctorShape,
  load: () => import("./doctor.run.ts")
})
