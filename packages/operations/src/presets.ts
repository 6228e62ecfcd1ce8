import { fields } from "./input/field.ts"
import { operation } from "./operation.ts"

/** What `presets` takes. */
export const presetsInput = fields({ name: { type: "name", description: "only this one" } })

/** What is kept under names. */
export const presets = operation({
  name: "presets",
  title: "List the presets of the config file",
  summary: "list what the config file keeps under names, for launches and comparisons",
  about: "Of variables it keeps names alone, never values.",
  ...{ effect: "read", idempotent: true, input: presetsInput },
  examples: [{ input: {}, does: "all of them" }],
  answer: async () => (await import("./protocol/index.ts")).presetListShape,
  load: async () => (await import("./run.ts")).presets
})
