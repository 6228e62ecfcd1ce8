import { fields } from "./input/field.ts"
import { launchInput } from "./launch.ts"
import { operation } from "./operation.ts"

const {
  offer: _,
  name,
  for: time,
  key: __,
  verify: ___,
  maxTotal: ____,
  attach: _____,
  endsItself: ______,
  ...machine
} = launchInput

/** What `pool` takes. */
export const poolInput = fields({
  name: {
    ...name,
    description: "names the pool, for good: small letters, digits and dashes; machines are NAME-1 and so on"
  },
  size: {
    type: "count",
    least: 0,
    required: true,
    description: "how many machines there are to be; 0 ends all of them"
  },
  maxAllPerHour: { type: "money", description: "what all machines of the pool may cost per hour together: 8" },
  holdFor: {
    type: "duration",
    description: "for how long each is leased at a time: 1h by default. Those that nobody keeps any more end then"
  },
  for: { type: time.type, sets: time.sets, description: "what machines are compared for: 24h by default" },
  ...machine
})

/** So many machines, kept there. */
export const pool = operation({
  name: "pool",
  title: "Keep a pool of machines",
  summary: "keep so many machines that fit: replace what is lost, hold what is there, end what is too much",
  about:
    "One round: call it again every minute or so. Each machine is leased for an hour at a time, and `sweep` or a keeper ends those " +
    "that nobody keeps any more. With a size of 0 all are ended. What a place cannot have is in `missing`.",
  ...{ effect: "spend", idempotent: true, input: poolInput },
  examples: [
    {
      input: { name: "workers", size: 4, gpu: "RTX 4090", maxAllPerHour: "3", image: "me/worker" },
      does: "four machines at the best prices, for 3 per hour together at most"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).poolShape,
  load: async () => (await import("./run.ts")).pool
})
