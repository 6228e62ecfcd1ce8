import { operation } from "./operation.ts"

/** What came of launches that were cut off. */
export const recover = operation({
  name: "recover",
  title: "Look for the machines of launches that were cut off",
  summary: "look for the machines of launches whose outcome is not known, and remember them",
  about: "A machine that came when its launch had been given up is ended: nobody uses it.",
  ...{ effect: "end", idempotent: true, input: {} },
  examples: [{ input: {}, does: "settles what a crash has left open" }],
  answer: async () => (await import("./protocol/index.ts")).recoveredShape,
  load: async () => (await import("./run.ts")).recover
})
