import { fields } from "./input/field.ts"
import { filterFields } from "./input/fields.ts"
import { launchInput } from "./launch.ts"
import { operation } from "./operation.ts"

const { maxTotal, maxAttempts, onCloudTrouble, interruptible, bid, location, os, sshKeys, image } = launchInput
const { attach: attached, endsItself, waitForCapacity, tags, owner } = launchInput

/** What `run` takes. */
export const runInput = fields({
  command: {
    ...{ type: "words", required: true },
    description: "a program and its arguments, each as it is; one word alone is a line for the machine's shell"
  },
  ...filterFields,
  for: {
    ...{ type: "duration", required: true, sets: ["duration", "job.duration"] },
    description: "how long it may take with all its machines: 3h, 2h 30m. It is stopped before that is over"
  },
  key: {
    type: "name",
    description: "names this run, for good: calling again comes back to it, and begins nothing"
  },
  name: { type: "name", description: "what people will see the machine as" },
  env: { type: "variables", description: "variables of the command; their values are kept nowhere" },
  cwd: { type: "text", description: "the folder on the machine to begin in; ~/work by default" },
  retry: {
    ...{ type: "count", least: 0 },
    description: "so many more machines, after one that was lost while the command ran; 0 by default"
  },
  retryOnExit: { type: "switch", description: "a code that is not 0 leads to the next machine too" },
  ...{
    maxTotal,
    maxAttempts,
    onCloudTrouble,
    interruptible,
    image,
    os,
    sshKeys,
    bid,
    location,
    attach: attached,
    endsItself,
    waitForCapacity,
    tags,
    owner
  }
})

const answer = async () => (await import("./protocol/index.ts")).runShape

/** A command on a machine that is rented for it. */
export const runJob = operation({
  name: "run",
  title: "Run a command on a machine that is rented for it",
  summary: "rent the best machine for a command and start the command there, for real money",
  about:
    "Answers as soon as the command runs, with the key to come back by: `jobs` shows how far it is, `attach` waits for its " +
    "end and gives the machine back, `stop-job` ends it before. Should nobody come back, the machine ends when its time is over, " +
    "at the next `sweep`.",
  ...{ effect: "spend", idempotent: false, input: runInput },
  examples: [
    {
      input: {
        ...{ command: ["python", "train.py"], gpu: "RTX 4090", for: "3h", maxTotal: "6", key: "train-7" },
        image: "pytorch/pytorch"
      },
      does: "three hours at most, for 6 at most, once under this key"
    }
  ],
  answer,
  load: async () => (await import("./run.ts")).runs.runJob
})

/** Which run. */
export const runField = fields({
  run: { type: "name", required: true, description: "a run by its key or id, as `jobs` shows it" }
})

/** What `jobs` takes. */
export const jobsInput = fields({ open: { type: "switch", description: "only those that are not over" } })

/** Every run that the ledger knows. */
export const jobs = operation({
  name: "jobs",
  title: "Runs and how far they are",
  summary: "list the commands that were run on machines rented for them, and how far they are",
  ...{ effect: "read", idempotent: true, input: jobsInput },
  examples: [{ input: { open: true }, does: "what runs now, and what waits to be brought home" }],
  answer: async () => (await import("./protocol/index.ts")).runsShape,
  load: async () => (await import("./run.ts")).runs.jobs
})

/** The end of a run. */
export const attach = operation({
  name: "attach",
  title: "Come back to a run, and bring it to its end",
  summary: "come back to a run: wait for the end of its command, bring the results home, and give its machine back",
  about: "Nothing is begun, and no machine is rented: where the run needs one, call `run` with its key again.",
  ...{ effect: "end", idempotent: true, input: runField },
  examples: [{ input: { run: "train-7" }, does: "wait until it is over" }],
  answer,
  load: async () => (await import("./run.ts")).runs.attach
})

/** An end before its time. */
export const stopJob = operation({
  name: "stop-job",
  title: "Stop a run",
  summary: "ask the command of a run to end, bring home what is there, and give its machine back",
  about: "The command gets TERM, and KILL where that does not end it.",
  ...{ effect: "end", idempotent: true, input: runField },
  examples: [{ input: { run: "train-7" }, does: "now, with what it has written so far" }],
  answer,
  load: async () => (await import("./run.ts")).runs.stopJob
})
