import { fields } from "./input/field.ts"
import { machineField, waitField } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `exec` takes. */
export const execInput = fields({
  ...machineField,
  command: {
    ...{ type: "words", required: true },
    description: "a program and its arguments, each as it is; one word alone is a line for the machine's shell"
  },
  env: { type: "variables", description: "variables of the command, which stand in no command line there" },
  cwd: { type: "text", description: "the folder to begin in; the home folder by default" },
  stdin: { type: "text", description: "what it reads; nothing by default" },
  timeout: { type: "duration", description: "how long it may take before it is ended; 2 minutes by default" },
  limit: {
    ...{ type: "count" },
    description: "so many bytes of each of its outputs are kept, the last ones; 20000 by default"
  },
  ...waitField
})

/** One command on a machine. */
export const exec = operation({
  name: "exec",
  title: "Run a command on a machine",
  summary: "run a command on a machine, and show its exit code and output",
  about:
    "It is ended, with all that it started, when its time is over. A code that is not 0 is an answer and no error. " +
    "What takes longer is started as a job of its own, such as with nohup.",
  ...{ effect: "change", idempotent: false, input: execInput },
  examples: [
    { input: { ref: "trainer", command: ["nvidia-smi"] }, does: "what the GPUs do" },
    {
      input: { ref: "trainer", command: ["cat > config.json"], stdin: '{ "epochs": 3 }' },
      does: "a line for the shell, which writes a small file"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).execShape,
  load: async () => (await import("./run.ts")).exec
})
