import { describeCloud } from "@anygpu/core/cloud"
import { unwritten } from "./unwritten.ts"

/** The cloud as it describes itself; its adapter is loaded when it is opened. */
export const cloud = describeCloud({
  name: "newcloud",
  title: "NewCloud",
  keys: [{ option: "apiKey", variables: ["NEWCLOUD_API_KEY"], from: "make one in the console of newcloud" }],
  notes: { toured: "every kind" },
  open: async ({ apiKey }, access) => {
    const { newCloud } = await import("./index.ts")
    return newCloud({ apiKey, ...access })
  },
  // What its answers may hold, for `doctor`: one entry for each list and each single machine.
  vocabulary: async () =>
    unwritten(
      "src/cloud.ts",
      "for each list and single machine the fields that are not used, and the words that are known: describeCloud says how"
    )
})
