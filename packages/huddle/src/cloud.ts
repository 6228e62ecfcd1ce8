import { describeCloud } from "@anygpu/core/cloud"

/** An address without a path, as a simulator on a port has it, gets the path of the API. */
const withApiPath = (baseUrl: string): string =>
  URL.canParse(baseUrl) && new URL(baseUrl).pathname === "/" ? new URL("/api/v1", baseUrl).href : baseUrl

/** Huddle01 as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "huddle",
  title: "Huddle01",
  keys: [
    {
      option: "apiKey",
      variables: ["HUDDLE_API_KEY", "HUDL_GPU_API_KEY"],
      from: "make a GPU key in the Huddle01 console"
    }
  ],
  notes: { toured: "VMs" },
  open: async ({ apiKey }, { baseUrl, ...access }) => {
    const { huddle } = await import("./index.ts")
    return huddle({ apiKey, ...access, ...(baseUrl && { baseUrl: withApiPath(baseUrl) }) })
  },
  vocabulary: async () => (await import("./vocabulary.ts")).vocabulary
})
