import { fields } from "./input/field.ts"
import { filterFields, whoseFields, workloadFields } from "./input/fields.ts"
import { operation } from "./operation.ts"

/** What `launch` takes. Everything stands in the call itself: no file and no variable of a computer goes into it. */
export const launchInput = fields({
  ...filterFields,
  offer: { type: "offer", description: "this very offer, as `offers` and `compare` show it; else the best one" },
  for: {
    ...{ type: "duration", required: true, sets: ["duration", "job.duration"] },
    description: "how long it is needed: 3h, 2h 30m. It is ended then, and money is set aside for it"
  },
  name: { type: "name", required: true, description: "what people will see" },
  maxTotal: {
    ...{ type: "money", sets: ["limits.maxTotal"] },
    description: "refuse when the job costs more, with what failed tries have cost: 12.50"
  },
  maxAttempts: {
    ...{ type: "count", sets: ["limits.maxAttempts"] },
    description: "rent so many machines at most, when they turn out dearer than they were offered for; 5 by default"
  },
  key: { type: "name", description: "names this launch: calling again with it does not rent again" },
  waitForCapacity: {
    type: "duration",
    description: "look again for so long while nothing that fits can be had: 2h. Nothing is rented meanwhile"
  },
  onCloudTrouble: {
    type: "choice",
    choices: ["stop", "next"],
    description: "when a cloud refuses the account (no money, quota, key, rate): stop, or go on with other clouds"
  },
  interruptible: { type: "switch", description: "offers that the cloud may take away" },
  verify: {
    type: "switch",
    description:
      "ask the machine by ssh what it is: one that is not what was offered is ended, and the next is taken. It waits until " +
      "the machine is ready"
  },
  ...workloadFields,
  os: { type: "name", description: "the system of a VM or a bare metal machine, as `images` names it" },
  sshKeys: {
    ...{ type: "public-key", repeats: true, flag: "ssh-key" },
    description: "texts of public keys that may log in"
  },
  ...whoseFields,
  bid: { type: "money", description: "what to pay per hour, which interruptible offers need: 0.40" },
  location: { type: "place", description: "the place, for an offer with several" },
  endsItself: {
    type: "switch",
    description:
      "the machine itself ends some minutes after its time, by its start script and a key of its cloud that reaches nothing " +
      "else; its time cannot be made longer then. For clouds that document such a key"
  },
  attach: {
    ...{ type: "existing-volume", repeats: true },
    description:
      "a volume that exists, by its cloud and its id or name: runpod/2q9m7x4c, or lambda/data=/data with its folder. Only " +
      "offers in its place are looked at, and it costs by itself"
  }
})

/** A machine for a time. */
export const launch = operation({
  name: "launch",
  title: "Rent a machine",
  summary: "rent a machine for a time, for real money: the offer that is named, or the cheapest for the job that fits",
  about:
    "Answers with the quote (total, per hour, up front) as soon as the machine is made, mostly before it is ready: ask " +
    "`show`. When its time is over, `sweep` ends it.",
  ...{ effect: "spend", idempotent: false, input: launchInput },
  examples: [
    {
      input: { gpu: "RTX 4090", for: "3h", maxTotal: "12", name: "trainer-2", image: "pytorch/pytorch" },
      does: "the best RTX 4090 for three hours, for 12 at most"
    },
    {
      input: { offer: "vast/container/21001756", for: "1h", name: "job-7", image: "ubuntu:24.04", key: "job-7" },
      does: "this very offer, once, however often it is called"
    }
  ],
  answer: async () => (await import("./protocol/index.ts")).launchedShape,
  load: async () => (await import("./run.ts")).launch
})
