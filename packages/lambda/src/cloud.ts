import { describeCloud } from "@anygpu/core/cloud"

/** Lambda as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "lambda",
  title: "Lambda",
  keys: [{ option: "apiKey", variables: ["LAMBDA_API_KEY"], from: "make one in Lambda's console, under API keys" }],
  notes: { toured: "VMs" },
  open: async ({ apiKey }, access) => {
    const { lambda } = await import("./index.ts")
    return lambda({ apiKey, ...access })
  },
  vocabulary: async () => (await import("./vocabulary.ts")).vocabulary
})
