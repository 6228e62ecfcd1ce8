import { fields } from "./input/field.ts"
import { filterFields } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `offers` takes. */
export const offersInput = fields({
  ...filterFields,
  interruptible: { type: "switch", description: "those that the cloud may take away, which are cheaper" },
  limit: { type: "count", least: 0, description: "at most so many; 20 by default, 0 for all" }
})

/** What can be rented now. */
export const offers = operation({
  name: "offers",
  title: "List what can be rented now, cheapest first",
  summary: "list what can be rented now, cheapest first",
  ...{ effect: "read", idempotent: true, input: offersInput },
  examples: [
    { input: { gpu: "h100" }, does: "who has an H100, and for how much" },
    {
      input: { minVram: "24GB", country: "FI", maxPerHour: "0.50" },
      does: "by memory, place and price"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).offersShape,
  load: async () => (await import("./run.ts")).offers
})
