import { fields } from "./input/field.ts"
import { machineField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `events` takes. */
const eventsInput = fields({
  ...machineField,
  tail: { type: "count", description: "the last so many lines; 100 by default" },
  containing: { type: "text", description: "only lines with this text, where the cloud can filter" }
})

/** What `logs` takes. */
export const logsInput = fields({
  ...eventsInput,
  source: {
    type: "choice",
    choices: ["workload", "host"],
    description: "of the workload (the default) or of its host"
  }
})

/** What the workload has printed. */
export const logs = operation({
  name: "logs",
  title: "Print what the workload has printed",
  summary: "print what the workload has printed",
  ...{ effect: "read", idempotent: true, input: logsInput },
  examples: [{ input: { ref: "trainer", tail: 50 }, does: "the last lines" }],
  answer: async () => (await import("./protocol/index.ts")).linesShape,
  load: async () => (await import("./run.ts")).lines.logs
})

/** What the cloud did with a machine. */
export const events = operation({
  name: "events",
  title: "Print what the cloud did with the machine",
  summary: "print what the cloud did with a machine",
  ...{ effect: "read", idempotent: true, input: eventsInput },
  examples: [{ input: { ref: "api" }, does: "scheduled, pulled, started" }],
  answer: async () => (await import("./protocol/index.ts")).linesShape,
  load: async () => (await import("./run.ts")).lines.events
})
