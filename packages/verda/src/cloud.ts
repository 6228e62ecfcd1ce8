import { describeCloud } from "@anygpu/core/cloud"

/** Verda as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "verda",
  title: "Verda",
  keys: [
    {
      option: "clientId",
      variables: ["VERDA_CLIENT_ID"],
      from: "make one in the Verda console, under Keys, Cloud API Credentials"
    },
    {
      option: "clientSecret",
      variables: ["VERDA_CLIENT_SECRET"],
      from: "the Verda console shows it once, when it makes the client id"
    }
  ],
  notes: {
    toured: "VMs",
    endpoints: "Whatever Verda calls deprecated is left out."
  },
  open: async ({ clientId, clientSecret }, access) => {
    const { verda } = await import("./index.ts")
    return verda({ clientId, clientSecret, ...access })
  },
  vocabulary: async () => (await import("./vocabulary.ts")).vocabulary
})
