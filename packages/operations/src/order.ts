import { fields } from "./input/field.ts"
import { launchInput } from "./launch.ts"
import { operation } from "./operation.ts"

const { verify: _, attach: __, waitForCapacity, ...launch } = launchInput

/** What an order says of itself. */
export const orderTerms = fields({
  secretEnv: {
    ...{ type: "name", repeats: true, flag: "secret-env" },
    description: "a variable whose value is a secret that the keeper has: HF_TOKEN, or HF_TOKEN=NAME under another name"
  },
  notSecret: {
    ...{ type: "name", repeats: true },
    description:
      "what is no secret, and may be kept in the ledger as it is written: names of variables, command, onStart, description"
  },
  clouds: { type: "name", repeats: true, description: "only on these clouds; on all that the keeper has by default" }
})

/** What `order-launch` takes. */
export const orderLaunchInput = fields({
  ...launch,
  waitForCapacity: {
    type: waitForCapacity.type,
    description: "for how long it is tried, and nothing is begun afterwards: 2h. An hour by default"
  },
  ...orderTerms
})

const answer = async () => (await import("./protocol/index.ts")).orderShape

/** A launch that a keeper makes. */
export const orderLaunch = operation({
  name: "order-launch",
  title: "Order a launch from a keeper",
  summary: "write the order of a launch into the ledger, for a keeper to make",
  about:
    "Answers at once: `orders` shows what became of it. It has to say what it may cost: maxPerHour or maxTotal. Secrets are named, and " +
    "the keeper has their values. A key that an order has is that order.",
  ...{ effect: "spend", idempotent: false, input: orderLaunchInput },
  examples: [
    {
      input: {
        ...{ gpu: "RTX 4090", for: "3h", maxTotal: "12", name: "trainer-2", image: "pytorch/pytorch" },
        ...{ secretEnv: "HF_TOKEN", waitForCapacity: "8h" }
      },
      does: "the best RTX 4090 for three hours, as soon as there is one within the next eight"
    }
  ],
  answer,
  load: async () => (await import("./run.ts")).order.launch
})

/** Which order. */
export const orderField = fields({
  order: { type: "name", required: true, description: "an order by its id or key, as `orders` shows it" }
})

/** What `orders` takes. */
export const ordersInput = fields({
  order: { type: orderField.order.type, description: orderField.order.description },
  open: { type: "switch", description: "only those that are not over" },
  wait: { type: "switch", description: "wait until the order that is named is over" }
})

/** Orders, and what became of them. */
export const orders = operation({
  name: "orders",
  title: "Orders and what became of them",
  summary: "list what keepers are to launch and which pools they keep, how far that is, and what became of it",
  about: "With `wait` one order is waited for, until its machine is there or nothing comes of it.",
  ...{ effect: "read", idempotent: true, input: ordersInput },
  examples: [{ input: { open: true }, does: "what is to be launched yet" }],
  answer: async () => (await import("./protocol/index.ts")).ordersShape,
  load: async () => (await import("./run.ts")).order.orders
})

/** An order that is not wanted any more. */
export const cancelOrder = operation({
  name: "cancel-order",
  title: "Cancel an order",
  summary: "cancel the order of a launch that is not made yet",
  about:
    "One that a keeper is at is cancelled if no machine comes of that. A machine that is there stays: end it with `terminate`.",
  ...{ effect: "change", idempotent: true, input: orderField },
  examples: [{ input: { order: "nightly" }, does: "nothing is launched for it any more" }],
  answer,
  load: async () => (await import("./run.ts")).order.cancel
})
