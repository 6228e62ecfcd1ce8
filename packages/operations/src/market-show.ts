import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"

/** What `market-show` takes. */
export const marketShowInput = fields({
  gpu: {
    ...{ type: "gpu", repeats: true, required: true },
    description: 'the GPU, in any spelling: h100, "RTX 4090"; a family covers its variants'
  },
  since: { type: "duration", description: "the last so much time; 7d by default" },
  from: { type: "time", description: "from when on: 2026-06-01, 2026-06-01T15:50Z" },
  to: { type: "time", description: "until when; now by default" },
  cloud: { type: "name", repeats: true, description: "only this cloud", sets: ["clouds"] },
  interruptible: { type: "switch", description: "what clouds may take away, instead of what they may not" }
})

/** What a GPU has cost. */
export const marketShow = operation({
  name: "market-show",
  title: "Show what a GPU has cost over time",
  summary: "show what a GPU has cost over time, by the hour and cloud, as far as it was written down",
  about:
    "Prices are of one GPU and hour. An hour has the lowest and highest price of all looks, and the median and number of offers " +
    "of its last one. `looked` has the hours in which a cloud was looked at: of others nothing is known. No cloud is asked.",
  ...{ effect: "read", idempotent: true, input: marketShowInput },
  examples: [{ input: { gpu: "h100", since: "7d" }, does: "what an H100 has cost in the last week" }],
  answer: async () => (await import("./protocol/index.ts")).marketShowShape,
  load: async () => (await import("./run.ts")).marketShow
})
