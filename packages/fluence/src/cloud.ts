import { describeCloud } from "@anygpu/core/cloud"

/** Fluence as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "fluence",
  title: "Fluence",
  keys: [{ option: "apiKey", variables: ["FLUENCE_API_KEY"], from: "make one in the Fluence console" }],
  notes: {
    toured: "every kind",
    endpoints:
      "Fluence's documents describe three generations of the API of CPU VMs, and of none that it ends. A lists and changes under `/vms/v2`; B is `/vms/v3` with `/marketplace`; C, which the newest documents describe alone, is `/v2/vms` with `/v1/...` and is not built. The common operations use A, and of B what A lacks."
  },
  open: async ({ apiKey }, { baseUrl, ...access }) => {
    const { fluence } = await import("./index.ts")
    return fluence({ apiKey, ...access, ...(baseUrl && { gpuBaseUrl: baseUrl, cpuBaseUrl: baseUrl }) })
  },
  vocabulary: async () => (await import("./vocabulary.ts")).vocabulary
})
