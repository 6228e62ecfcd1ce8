import { describeCloud } from "@anygpu/core/cloud"

/** Runpod as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "runpod",
  title: "Runpod",
  keys: [{ option: "apiKey", variables: ["RUNPOD_API_KEY"], from: "make one in the Runpod console, under Settings" }],
  notes: { toured: "pods" },
  open: async ({ apiKey }, access) => {
    const { runpod } = await import("./index.ts")
    return runpod({ apiKey, ...access })
  },
  vocabulary: async () => (await import("./vocabulary.ts")).vocabulary
})
