import type { CommandEntry } from "./entry.ts"
import { cloudOption, filterOptions, refArgument, workloadOptions, yesOption } from "./options.ts"

/** What begins, ends and halts a machine. */
export const renting: ReadonlyArray<CommandEntry> = [
  {
    name: "launch",
    group: "Rent",
    summary: "rent a machine, after showing what it costs",
    about:
      "Rents the offer that is named, or the best one for the job among those that fit, or one of the next best when it " +
      "is gone: those that cost a quarter more at most, or any below --max-total. Shows the quote and asks; what it comes " +
      "to per hour and in all is never above what was shown or the limits. " +
      "Ctrl-C ends what was made. A launch with --key is made once, however often it is called.",
    arguments: [{ name: "[what...]", description: "an offer as `offers` prints it, or the GPUs", completes: "gpu" }],
    options: [
      { flags: "--offer <offer>", description: "an offer as `offers` prints it", completes: "offer" },
      { flags: "--name <name>", description: "what people will see; the GPU's name by default" },
      ...workloadOptions,
      { flags: "--os <os>", description: "the system of a VM or a bare metal machine, by id or name; see `images`" },
      {
        flags: "--ssh-key <file>",
        description: "a public key that may log in; ~/.ssh/id_ed25519.pub by default, if it is there",
        repeats: true,
        completes: "file"
      },
      { flags: "--no-ssh-key", description: "let nobody in by ssh" },
      { flags: "--for <duration>", description: "how long the job takes, for the quote; the --ttl or 1h by default" },
      {
        flags: "--start <time>",
        description: "when it starts, where clouds charge by the clock; the dearest by default"
      },
      { flags: "--egress <size>", description: "traffic out of the machine over the whole job, for the quote" },
      { flags: "--ingress <size>", description: "traffic into it" },
      {
        flags: "--max-total <amount>",
        description:
          "refuse when the job costs more, with what failed tries have cost; a quarter above the quote by default"
      },
      { flags: "--max-attempts <n>", description: "rent so many machines at most until one is ready; 5 by default" },
      { flags: "--ttl <duration>", description: "rented for so long: `sweep`, which has to run, ends it afterwards" },
      { flags: "--bid <amount>", description: "what to pay per hour at most for an interruptible offer" },
      { flags: "--location <place>", description: "the place, for an offer with several" },
      { flags: "--volume <name=size>", description: "an extra disk: data=200GB", repeats: true },
      { flags: "--description <text>", description: "a note that the cloud keeps with it" },
      { flags: "--key <key>", description: "names this launch: calling again does not rent again" },
      { flags: "--interruptible", description: "offers that the cloud may take away" },
      { flags: "--race", description: "try two offers at once and keep the first that is ready" },
      {
        flags: "--on-cloud-trouble <what>",
        description:
          "when a cloud refuses the account (money, quota, key, rate): stop, as by default, or the next cloud",
        choices: ["stop", "next"]
      },
      { flags: "--within <duration>", description: "how long a machine may take to become ready before it is ended" },
      { flags: "--no-wait", description: "rent the best offer only, and do not wait until it is ready" },
      ...filterOptions,
      yesOption
    ],
    examples: [
      {
        call: "anygpu launch h100 --for 3h --max-total 12 --image pytorch/pytorch --ttl 4h",
        does: "the best H100 for three hours, for 12 at most"
      },
      { call: "anygpu launch vast/container/5120042 --image ubuntu:24.04", does: "this very offer" },
      { call: "anygpu launch h100 --image me/api --key job-7 --yes --json | jq -r .machine.ref", does: "for a script" }
    ],
    load: () => import("../commands/launch.ts")
  },
  {
    name: "terminate",
    group: "Rent",
    summary: "end machines for good, and make sure that they are gone",
    arguments: [{ ...refArgument, name: "[ref...]" }],
    options: [
      yesOption,
      { flags: "--all", description: "every machine on all accounts; without --yes their number is to be typed" },
      cloudOption,
      { flags: "--within <duration>", description: "how long to keep asking and looking" },
      { flags: "--if-busy <what>", description: "when it cannot be ended yet", choices: ["wait", "fail"] },
      {
        flags: "--same-account",
        description: "it was launched with an older key of this account: it is gone if this key does not show it"
      }
    ],
    examples: [
      { call: "anygpu terminate trainer", does: "names the machine, asks, ends it" },
      { call: "anygpu terminate vast/container/123 --yes", does: "without asking, for a script" },
      { call: "anygpu terminate --all --cloud vast", does: "everything on one account" }
    ],
    load: () => import("../commands/terminate.ts")
  },
  {
    name: "start",
    group: "Change",
    summary: "start a stopped machine",
    arguments: [refArgument],
    options: [],
    examples: [{ call: "anygpu start trainer", does: "start it again" }],
    load: async () => ({ run: (await import("../commands/power.ts")).start })
  },
  {
    name: "stop",
    group: "Change",
    summary: "halt a machine and keep its disk, which may go on costing",
    arguments: [refArgument],
    options: [yesOption],
    examples: [{ call: "anygpu stop trainer", does: "halt it; `start` brings it back" }],
    load: async () => ({ run: (await import("../commands/power.ts")).stop })
  },
  {
    name: "restart",
    group: "Change",
    summary: "restart the workload on the same machine",
    arguments: [refArgument],
    options: [yesOption],
    examples: [{ call: "anygpu restart trainer", does: "once, never repeated by itself" }],
    load: async () => ({ run: (await import("../commands/power.ts")).restart })
  },
  {
    name: "rename",
    group: "Change",
    summary: "give a machine another name",
    arguments: [refArgument, { name: "<name>", description: "the new name" }],
    options: [],
    examples: [{ call: "anygpu rename trainer trainer-old", does: "the launch marker is kept" }],
    load: () => import("../commands/rename.ts")
  },
  {
    name: "update",
    group: "Change",
    summary: "replace parts of a running workload",
    about: "What is given replaces the whole of what was there, what is left out stays. It may restart the workload.",
    arguments: [refArgument],
    options: [
      { flags: "--name <name>", description: "another name" },
      ...workloadOptions,
      { flags: "--public-image", description: "the image needs no login any more" },
      { flags: "--close-port <port>", description: "a port of logins to close: 22", repeats: true },
      yesOption
    ],
    examples: [{ call: "anygpu update api --image me/api:2 --env LOG=debug", does: "the next version" }],
    load: () => import("../commands/update.ts")
  }
]
