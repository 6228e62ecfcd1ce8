import { fields } from "./input/field.ts"
import { filterFields, jobFields } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `compare` takes. */
export const compareInput = fields({
  ...jobFields,
  maxTotal: {
    ...{ type: "money", sets: ["limits.maxTotal"] },
    description: "at most this for the whole job"
  },
  prefer: {
    ...{ type: "place", repeats: true },
    description: "a country or region to take of two equal offers"
  },
  interruptible: { type: "switch", description: "only those that the cloud may take away" },
  anyInterruptible: {
    type: "switch",
    description: "both: those that may be taken away and those that may not"
  },
  ...filterFields,
  limit: { type: "count", least: 0, description: "at most so many; 10 by default, 0 for all" }
})

/** What a whole job costs on each offer. */
export const compare = operation({
  name: "compare",
  title: "Rank offers by what a whole job costs on them",
  summary: "rank offers by what a whole job costs on them",
  about:
    "Counts what each cloud really charges: minimum times, whole hours and days, the disk, the traffic. Where `exact` is " +
    "false, `assumptions` says what was left open.",
  ...{ effect: "read", idempotent: true, input: compareInput },
  examples: [
    { input: { gpu: "h100", for: "3h" }, does: "where three hours of an H100 are cheapest" },
    {
      input: { minVram: "40GB", for: "2d", disk: "200GB", maxTotal: "60" },
      does: "with a disk and a limit"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).compareShape,
  load: async () => (await import("./run.ts")).compare
})
