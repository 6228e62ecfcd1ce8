import { machineField } from "./input/fields.ts"
import { operation } from "./operation.ts"

const answer = async () => (await import("./protocol/index.ts")).machineShape

/** It is charged again from now on. */
export const start = operation({
  name: "start",
  title: "Start a stopped machine",
  summary: "start a stopped machine",
  about: "It is charged as while it runs, from now on.",
  ...{ effect: "spend", idempotent: true, input: machineField, answer },
  examples: [{ input: { ref: "trainer" }, does: "start it again" }],
  load: async () => (await import("./run.ts")).power.start
})

/** Its disk may go on costing, and another one may get its hardware. */
export const stop = operation({
  name: "stop",
  title: "Halt a machine and keep its disk",
  summary: "halt a machine and keep its disk, which may go on costing",
  about: "Not every cloud can: `actions` of `show` says so.",
  ...{ effect: "change", idempotent: true, input: machineField, answer },
  examples: [{ input: { ref: "trainer" }, does: "halt it; `start` brings it back" }],
  load: async () => (await import("./run.ts")).power.stop
})

/** What runs in it starts again. */
export const restart = operation({
  name: "restart",
  title: "Restart what runs on a machine",
  summary: "restart the workload on the same machine",
  about: "What is only in its memory is lost. `actions` of `show` says whether it can.",
  ...{ effect: "change", idempotent: false, input: machineField, answer },
  examples: [{ input: { ref: "trainer" }, does: "once, never repeated by itself" }],
  load: async () => (await import("./run.ts")).power.restart
})
