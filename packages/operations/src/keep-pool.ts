import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"
import { orderTerms } from "./order.ts"
import { poolInput } from "./pool.ts"

/** What `keep-pool` takes. */
export const keepPoolInput = fields({ ...poolInput, ...orderTerms })

/** A pool that keepers keep. */
export const keepPool = operation({
  name: "keep-pool",
  title: "Have keepers keep a pool",
  summary: "write a pool into the ledger, whose rounds keepers make about once a minute",
  about:
    "Answers at once: `orders` shows what a round could not have. A pool that is kept already takes the new size and candidates. With a " +
    "size of 0 its machines end. It has to say what it may cost: maxAllPerHour or maxPerHour. Secrets are named, as in `order-launch`.",
  ...{ effect: "spend", idempotent: true, input: keepPoolInput },
  examples: [
    {
      input: {
        name: "workers",
        size: 4,
        gpu: "RTX 4090",
        maxAllPerHour: "3",
        image: "me/worker",
        secretEnv: "HF_TOKEN"
      },
      does: "four machines, also while no computer but the keeper's is on"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).orderShape,
  load: async () => (await import("./run.ts")).keepPool
})
