import { attach as attachRun, fields, filterFields, jobFields, runJob } from "@anygpu/operations"
import { launchFields } from "./fields.ts"

const { image, os, sshKeys, bid, location, maxTotal, maxAttempts, interruptible, onCloudTrouble } = launchFields
const { registryUser, registryPasswordStdin, registryHost, ports, tags, owner, yes } = launchFields
const { budget, maxPerDay, maxPerMonth, waitForCapacity, attach, endsItself } = launchFields

/** What `run` takes: the command after --, and what is about files of this computer. */
export const runFields = fields({
  command: { type: "text", repeats: true, required: true, description: "what to run, after --" },
  for: { ...jobFields.for, description: runJob.input.for.description },
  upload: { type: "file", description: "a file or folder that is put there first, without what .gitignore names" },
  download: { type: "text", repeats: true, description: "what is brought home after it, however it ends: 'out/**'" },
  to: { type: "file", description: "the folder that it is brought into; this one by default" },
  env: { ...runJob.input.env, description: "a variable of the command; a name alone is taken from here" },
  cwd: runJob.input.cwd,
  key: runJob.input.key,
  name: runJob.input.name,
  checkpoint: {
    ...{ type: "text" },
    description: "a folder there that is brought home again and again, and put onto the next machine"
  },
  checkpointEvery: { type: "duration", description: "how often; every 2 minutes by default" },
  retry: runJob.input.retry,
  retryOnExit: runJob.input.retryOnExit,
  keep: {
    type: "switch",
    description: "leave the machine to its lease: it ends when --for is over, at the next sweep"
  },
  on: { type: "name", description: "a machine that is there: it is neither rented nor ended" },
  verify: {
    type: "switch",
    flag: "no-verify",
    description: "do not ask the machine whether it has the GPUs that were offered"
  },
  detach: { type: "switch", description: "answer as soon as it runs, and say how to come back" },
  ...filterFields,
  ...{
    image,
    os,
    sshKeys,
    ports,
    registryUser,
    registryPasswordStdin,
    registryHost,
    bid,
    location,
    attach,
    endsItself
  },
  ...{
    maxTotal,
    maxAttempts,
    interruptible,
    onCloudTrouble,
    tags,
    owner,
    budget,
    maxPerDay,
    maxPerMonth,
    waitForCapacity,
    yes
  }
})

/** What `attach` takes. */
export const attachFields = fields({
  run: attachRun.input.run,
  fromStart: { type: "switch", description: "print its output from the beginning; else from where it was printed last" }
})
