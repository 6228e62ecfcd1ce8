import type { CommandEntry } from "./entry.ts"
import { filterOptions, refArgument, yesOption } from "./options.ts"

/** What begins, ends and halts a machine. */
export const renting: ReadonlyArray<CommandEntry> = [
  {
    name: "launch",
    group: "Rent",
    summary: "rent a machine, after showing what it costs",
    about:
      "Rents the offer that is named, or the best one for the job among those that fit. Shows the quote and asks; Ctrl-C " +
      "ends what was made. A launch with --key is made once, however often it is called.",
    arguments: [{ name: "[offer]", description: "an offer as `offers` prints it", completes: "offer" }],
    options: [
      { flags: "--name <name>", description: "what people will see" },
      { flags: "--image <image>", description: "the container image" },
      { flags: "--os <os>", description: "the system of a VM or a bare metal machine; see `images`" },
      { flags: "--ssh-key <file>", description: "a public key that may log in", repeats: true, completes: "file" },
      { flags: "--env <name=value>", description: "a variable; a name alone is taken from here", repeats: true },
      { flags: "--port <port>", description: "a port to reach from outside: 8000, 53/udp, 80/http", repeats: true },
      { flags: "--command <text>", description: "what the container runs instead of its own" },
      { flags: "--on-start <file>", description: "a shell script to run when it is up", completes: "file" },
      { flags: "--for <duration>", description: "how long the job takes, for the quote; 1h by default" },
      { flags: "--max-total <amount>", description: "refuse when the job costs more" },
      { flags: "--ttl <duration>", description: "rented for so long: `sweep` ends it afterwards" },
      { flags: "--bid <amount>", description: "what to pay per hour at most for an interruptible offer" },
      { flags: "--location <place>", description: "the place, for an offer with several" },
      { flags: "--key <key>", description: "names this launch: calling again does not rent again" },
      { flags: "--interruptible", description: "offers that the cloud may take away" },
      { flags: "--race", description: "try two offers at once and keep the first that is ready" },
      { flags: "--no-wait", description: "do not wait until it is ready" },
      ...filterOptions,
      yesOption
    ],
    examples: [
      {
        call: "anygpu launch --gpu h100 --for 3h --max-total 12 --image pytorch/pytorch --ttl 4h",
        does: "the best H100 for three hours, for 12 at most"
      },
      { call: "anygpu launch vast/container/5120042 --image ubuntu:24.04", does: "this very offer" }
    ],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "terminate",
    group: "Rent",
    summary: "end machines for good, and make sure that they are gone",
    arguments: [{ ...refArgument, name: "<ref...>" }],
    options: [
      yesOption,
      { flags: "--within <duration>", description: "how long to keep asking and looking" },
      { flags: "--if-busy <what>", description: "when it cannot be ended yet", choices: ["wait", "fail"] }
    ],
    examples: [
      { call: "anygpu terminate trainer", does: "names the machine, asks, ends it" },
      { call: "anygpu terminate vast/container/123 --yes", does: "without asking, for a script" }
    ],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "start",
    group: "Change",
    summary: "start a stopped machine",
    arguments: [refArgument],
    options: [],
    examples: [{ call: "anygpu start trainer", does: "start it again" }],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "stop",
    group: "Change",
    summary: "halt a machine and keep its disk, which may go on costing",
    arguments: [refArgument],
    options: [yesOption],
    examples: [{ call: "anygpu stop trainer", does: "halt it; `start` brings it back" }],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "restart",
    group: "Change",
    summary: "restart the workload on the same machine",
    arguments: [refArgument],
    options: [yesOption],
    examples: [{ call: "anygpu restart trainer", does: "once, never repeated by itself" }],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "rename",
    group: "Change",
    summary: "give a machine another name",
    arguments: [refArgument, { name: "<name>", description: "the new name" }],
    options: [],
    examples: [{ call: "anygpu rename trainer trainer-old", does: "the launch marker is kept" }],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "update",
    group: "Change",
    summary: "replace parts of a running workload",
    about: "What is given replaces the whole of what was there, what is left out stays. It may restart the workload.",
    arguments: [refArgument],
    options: [
      { flags: "--name <name>", description: "another name" },
      { flags: "--image <image>", description: "another image" },
      { flags: "--env <name=value>", description: "all variables anew", repeats: true },
      { flags: "--port <port>", description: "all ports anew", repeats: true },
      { flags: "--close-port <port>", description: "a port of logins to close", repeats: true },
      { flags: "--command <text>", description: "another command" },
      { flags: "--on-start <file>", description: "another start script", completes: "file" },
      yesOption
    ],
    examples: [{ call: "anygpu update api --image me/api:2 --env LOG=debug", does: "the next version" }],
    load: () => import("../commands/unbuilt.ts")
  }
]
