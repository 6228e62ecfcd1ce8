import { launchInput } from "./launch.ts"
import { operation } from "./operation.ts"

/** What a launch would rent and cost. */
export const quote = operation({
  name: "quote",
  title: "Quote a launch",
  summary: "say what a launch would rent and cost, without renting it",
  about:
    "Takes what `launch` takes, and answers its quote: the offer, the cost line by line, what must be on the account, what is tried " +
    "next. With a key that was used before it answers the machine of that launch.",
  ...{ effect: "read", idempotent: true, input: launchInput },
  examples: [
    {
      input: { gpu: "RTX 4090", for: "3h", name: "trainer-2", image: "pytorch/pytorch" },
      does: "what three hours of the best RTX 4090 cost"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).quotedShape,
  load: async () => (await import("./run.ts")).quote
})
