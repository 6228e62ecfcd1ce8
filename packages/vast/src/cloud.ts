import { describeCloud } from "@anygpu/core/cloud"

/** Vast.ai as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "vast",
  title: "Vast.ai",
  keys: [{ option: "apiKey", variables: ["VAST_API_KEY"], from: "make one in the Vast console" }],
  ids: "numbers",
  notes: { toured: "containers" },
  open: async ({ apiKey }, access) => {
    const { vast } = await import("./index.ts")
    return vast({ apiKey, ...access })
  },
  vocabulary: async () => (await import("./vocabulary.ts")).vocabulary
})
