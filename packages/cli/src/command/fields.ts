import {
  audit,
  compare,
  events,
  extend,
  fields,
  filterFields,
  jobFields,
  launch,
  logs,
  marketShow,
  ownFields,
  ssh,
  start,
  terminate,
  update,
  watch,
  workloadFields
} from "@anygpu/operations"
import { budgetFields } from "./budget-fields.ts"
import { queueFields } from "./queue-fields.ts"

/*
 * What commands take beside what their operations take, or in its place: what is about the terminal, and files.
 */

/** Asks nothing before it acts. */
const yes = fields({ yes: { type: "switch", description: "do not ask before acting" } })

/** What `compare` takes. */
export const compareFields = fields({
  ...compare.input,
  limit: { type: "count", least: 0, description: "at most so many; 10 by default, 40 in HTML, all in CSV; 0 for all" },
  csv: { type: "switch", description: "print CSV with a header, for a spreadsheet" },
  html: { type: "file", description: "write a page with charts into this file, which asks no network: report.html" },
  chart: { type: "switch", flag: "no-chart", description: "leave out the chart" }
})

/** What `watch` takes: it goes on until it is interrupted. */
export const watchFields = fields({ every: watch.input.every })

/** What `ssh` takes. */
export const sshFields = fields({
  ref: ssh.input.ref,
  command: { type: "text", repeats: true, description: "what to run there, after --" },
  identity: { type: "file", description: "the private key to use" },
  wait: ssh.input.wait,
  print: { type: "switch", description: "print the command instead; --json prints its parts" }
})

const lines = fields({
  follow: { type: "switch", description: "go on printing what is new" },
  tail: { type: "count", least: 0, description: "the last so many lines" },
  containing: { type: "text", description: "only lines with this text" }
})

/** What `logs` takes. */
export const logsFields = fields({ ref: logs.input.ref, ...lines, source: logs.input.source })

/** What `events` takes. */
export const eventsFields = fields({ ref: events.input.ref, ...lines })

/** What `audit` takes. */
export const auditFields = fields({
  ...audit.input,
  recover: { type: "switch", description: "settle launches whose outcome is not known, first" }
})

/** What `keys` takes: three operations are one command. */
export const keysFields = fields({
  action: { type: "choice", choices: ["list", "add", "remove"], description: "list (the default), add or remove" },
  key: {
    type: "public-key",
    description: "to add: a .pub file or its text; to remove: an id, or cloud/id"
  },
  name: { type: "name", description: "what the new key is called, where a cloud takes a name" },
  ...yes
})

const { cloud: _, ...shown } = marketShow.input

/** What `market` takes: two operations are one command, and `--cloud` is that of all commands. */
export const marketFields = fields({
  action: { type: "choice", required: true, choices: ["show", "record"], description: "show or record" },
  ...shown,
  gpu: { type: "gpu", repeats: true, description: "to show: the GPU, in any spelling; a family covers its variants" },
  every: { type: "duration", description: "to record: go on, with a look so often: 5m" },
  csv: { type: "switch", description: "to show: print CSV with a header, a row for each hour, cloud and model" },
  html: { type: "file", description: "to show: write a page with a chart into this file, which asks no network" },
  chart: { type: "switch", flag: "no-chart", description: "to show: leave out the chart" }
})

/** What a machine runs: variables, scripts and passwords come from this computer. */
export const workloadOptions = fields({
  image: { ...workloadFields.image, description: "the container image" },
  env: { ...workloadFields.env, description: "a variable; a name alone is taken from here" },
  envFile: { type: "file", repeats: true, description: "variables, one a line" },
  ports: { ...workloadFields.ports, description: "a port to reach from outside: 8000, 53/udp, 80/http" },
  command: {
    ...workloadFields.command,
    description: "what the container runs instead of its own, quoted as for a shell"
  },
  onStart: { ...workloadFields.onStart, description: "a shell script to run when it is up" },
  registryUser: { type: "name", description: "the login to the image's registry", sets: ["registry"] },
  registryPasswordStdin: { type: "switch", description: "its password, on standard input" },
  registryHost: { type: "text", description: "the registry, when the image does not name it" }
})

/** What `stop` and `restart` take. */
export const powerFields = fields({ ref: start.input.ref, ...yes })

/** What `extend` takes. */
export const extendFields = fields({ ...extend.input, ...budgetFields })

/** What `update` takes. */
export const updateFields = fields({
  ref: update.input.ref,
  name: update.input.name,
  ...workloadOptions,
  publicImage: update.input.publicImage,
  closePorts: { ...update.input.closePorts, description: "a port of logins to close: 22" },
  ...yes
})

/** What `terminate` takes: one machine or many. */
export const terminateFields = fields({
  refs: { type: "machine", repeats: true, flag: "ref", description: terminate.input.ref.description },
  ...yes,
  all: {
    type: "switch",
    description: "every machine on all accounts; without --yes their number is to be typed"
  },
  tags: { ...ownFields.tags, description: "every machine whose launch has this tag: team=nlp; they are named before" },
  within: terminate.input.within,
  ifBusy: terminate.input.ifBusy,
  withVolumes: terminate.input.withVolumes,
  sameAccount: terminate.input.sameAccount
})

/** What `sweep` takes. */
export const sweepFields = fields({ ...yes, dryRun: { type: "switch", description: "only say which" } })

/** What `launch` takes: one offer, or what chooses one. */
export const launchFields = fields({
  what: { type: "gpu", repeats: true, description: "an offer as `offers` prints it, or the GPUs" },
  offer: { ...launch.input.offer, description: "an offer as `offers` prints it" },
  name: { type: "name", description: "what people will see; the GPU's name by default" },
  ...workloadOptions,
  os: { ...launch.input.os, description: "the system of a VM or a bare metal machine, by id or name; see `images`" },
  sshKeys: {
    ...{ type: "file", repeats: true, flag: "ssh-key" },
    description: "a public key that may log in; ~/.ssh/id_ed25519.pub by default, if it is there"
  },
  sshKey: { type: "switch", flag: "no-ssh-key", description: "let nobody in by ssh" },
  loginCheck: {
    ...{ type: "switch", flag: "no-login-check" },
    description: "take a machine that is up, without trying whether ssh lets somebody in"
  },
  for: { ...jobFields.for, description: "how long the job takes, for the quote; the --ttl or 1h by default" },
  start: {
    ...jobFields.start,
    description: "when it starts, where clouds charge by the clock; the dearest by default"
  },
  egress: {
    ...jobFields.egress,
    description: "traffic out of the machine over the whole job, for the quote"
  },
  ingress: jobFields.ingress,
  maxTotal: {
    ...launch.input.maxTotal,
    description:
      "refuse when the job costs more, with what failed tries have cost; a quarter above the quote by default"
  },
  maxAttempts: {
    ...launch.input.maxAttempts,
    description: "rent so many machines at most until one is ready; 5 by default"
  },
  waitForCapacity: launch.input.waitForCapacity,
  ttl: { type: "duration", description: "rented for so long: `sweep`, which has to run, ends it afterwards" },
  bid: { ...launch.input.bid, description: "what to pay per hour at most for an interruptible offer" },
  location: launch.input.location,
  volumes: {
    ...{ type: "volume", repeats: true, flag: "volume" },
    description: "an extra disk: data=200GB"
  },
  attach: launch.input.attach,
  endsItself: launch.input.endsItself,
  description: { type: "text", description: "a note that the cloud keeps with it" },
  key: { ...launch.input.key, description: "names this launch: calling again does not rent again" },
  tags: launch.input.tags,
  owner: { ...launch.input.owner, description: "whose it is; this user at this computer by default" },
  interruptible: launch.input.interruptible,
  verify: { ...launch.input.verify, description: "end a machine that is not what was offered, and take the next" },
  ...queueFields,
  race: { type: "switch", description: "try two offers at once and keep the first that is ready" },
  onCloudTrouble: {
    ...launch.input.onCloudTrouble,
    description: "when a cloud refuses the account (money, quota, key, rate): stop, as by default, or the next cloud"
  },
  within: {
    ...{ type: "duration", sets: ["limits.readyWithin"] },
    description: "how long a machine may take to become ready before it is ended"
  },
  wait: { type: "switch", flag: "no-wait", description: "rent the best offer only, and do not wait until it is ready" },
  ...budgetFields,
  ...filterFields,
  ...yes
})

/** What `sim` takes. */
export const simFields = fields({
  seed: { type: "count", least: 0, description: "the same seed gives the same world; 1 by default" },
  speed: { type: "speed", description: "how many times as fast as real time; 1 by default" },
  faults: {
    type: "share",
    description: "so many requests are lost, reset, slow or end in a 5xx, such as 5%; 0 by default"
  }
})

/** What `completion` takes. */
export const completionFields = fields({
  shell: { type: "choice", required: true, choices: ["bash", "zsh", "fish"], description: "bash, zsh or fish" }
})

/** What `ledger` takes. */
export const ledgerFields = fields({
  action: { type: "choice", required: true, choices: ["move"], description: "move" },
  from: { type: "file", required: true, description: "the place that it is at: a file, or postgres://..." },
  to: { type: "file", required: true, description: "the place that it is brought to, which has to be empty" },
  ...yes
})
