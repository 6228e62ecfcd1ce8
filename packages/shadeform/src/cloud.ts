import { describeCloud } from "@anygpu/core/cloud"

/** Shadeform as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "shadeform",
  title: "Shadeform",
  keys: [
    { option: "apiKey", variables: ["SHADEFORM_API_KEY"], from: "make one in Shadeform's platform, Settings > API" }
  ],
  notes: { toured: "every kind", endpoints: "Paths begin with /v1." },
  open: async ({ apiKey }, access) => {
    const { shadeform } = await import("./index.ts")
    return shadeform({ apiKey, ...access })
  },
  vocabulary: async () => (await import("./vocabulary.ts")).vocabulary
})
