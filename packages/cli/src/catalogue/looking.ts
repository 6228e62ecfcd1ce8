import { list, show } from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import type { CommandEntry } from "./entry.ts"
import { cloudOption, logOptions, refArgument } from "./options.ts"

/** What looks at machines and gets into them. */
export const looking: ReadonlyArray<CommandEntry> = [
  commandOf(list, {
    ...{ group: "Look", input: list.input, asksClouds: true },
    examples: [{ call: "anygpu list --json | jq -r '.machines[].ref'", does: "their refs, for a script" }],
    load: () => import("../commands/list.ts")
  }),
  commandOf(show, {
    ...{ group: "Look", input: show.input, places: ["ref"] },
    load: () => import("../commands/show.ts")
  }),
  {
    name: "watch",
    group: "Look",
    summary: "follow all machines as they change",
    arguments: [],
    options: [cloudOption, { flags: "--every <duration>", description: "look at least so often while things change" }],
    examples: [
      { call: "anygpu watch", does: "a live table" },
      { call: "anygpu watch --json", does: "one change a line" }
    ],
    load: () => import("../commands/watch.ts")
  },
  {
    name: "ssh",
    group: "Look",
    summary: "log in with ssh, or run a command there",
    arguments: [refArgument, { name: "[command...]", description: "what to run there, after --" }],
    options: [
      { flags: "-i, --identity <file>", description: "the private key to use", completes: "file" },
      { flags: "--wait", description: "wait until the machine can be reached" },
      { flags: "--print", description: "print the command instead; --json prints its parts" }
    ],
    examples: [
      { call: "anygpu ssh trainer", does: "with the right host, port, user and key" },
      { call: "anygpu ssh trainer -- nvidia-smi", does: "one command; its exit code is the answer" }
    ],
    load: () => import("../commands/ssh.ts")
  },
  {
    name: "logs",
    group: "Look",
    summary: "print what the workload has printed",
    arguments: [refArgument],
    about:
      "With --follow, what is new is printed once, in order, until the machine halts. Clouds answer the last lines, not " +
      "those since the last look: where lines may lie between two looks that nobody can see, it says so.",
    options: [
      ...logOptions,
      { flags: "--source <what>", description: "of the workload or of its host", choices: ["workload", "host"] }
    ],
    examples: [
      { call: "anygpu logs trainer --tail 50", does: "the last lines" },
      { call: "anygpu logs -f trainer", does: "and what follows, nothing twice" }
    ],
    load: () => import("../commands/logs.ts")
  },
  {
    name: "events",
    group: "Look",
    summary: "print what the cloud did with a machine",
    arguments: [refArgument],
    options: [...logOptions],
    examples: [{ call: "anygpu events api", does: "scheduled, pulled, started" }],
    load: async () => ({ run: (await import("../commands/logs.ts")).events })
  }
]
