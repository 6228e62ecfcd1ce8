import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"

/** A look at the prices of all offers. */
export const marketRecord = operation({
  name: "market-record",
  title: "Write down what all offers cost now",
  summary: "write down in the ledger what all offers cost now, where that has changed",
  about:
    "Reads the offers of all clouds. A price that stays is not written again, so that a look every five minutes takes little " +
    "room. `market-show` shows what was written.",
  ...{ effect: "read", idempotent: true, input: fields({}) },
  examples: [{ input: {}, does: "one look" }],
  answer: async () => (await import("./protocol/index.ts")).marketRecordShape,
  load: async () => (await import("./run.ts")).marketRecord
})
