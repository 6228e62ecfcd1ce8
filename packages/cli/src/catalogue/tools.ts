import { doctor } from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import type { CommandEntry } from "./entry.ts"
import { cloudOption } from "./options.ts"

/** What is about the command itself. */
export const tools: ReadonlyArray<CommandEntry> = [
  commandOf(doctor, {
    ...{ group: "Tools", input: doctor.input, asksClouds: true },
    calls: [{ call: "anygpu doctor", does: "only reads; ends with 0 when all is well" }],
    load: () => import("../commands/doctor.ts")
  }),
  {
    name: "sim",
    group: "Tools",
    summary: "start simulated clouds on this machine",
    about:
      "For programs of your own: it prints where they are and the key of each, and runs until Ctrl-C. What is in them is " +
      "then gone. To try commands, --sim is simpler: it opens no port, and keeps what was done.",
    arguments: [],
    options: [
      cloudOption,
      { flags: "--seed <n>", description: "the same seed gives the same world; 1 by default" },
      { flags: "--speed <factor>", description: "how many times as fast as real time; 1 by default" },
      {
        flags: "--faults <percent>",
        description: "so many requests are lost, reset, slow or end in a 5xx; 0 by default"
      }
    ],
    examples: [
      { call: "anygpu sim --json", does: "one line each: provider, url and apiKey" },
      { call: "anygpu sim --speed 60 --faults 5", does: "a minute each second, and one request of twenty goes wrong" },
      { call: "anygpu --sim compare h100", does: "any command on simulated clouds, without starting them" }
    ],
    load: () => import("../commands/sim.ts")
  },
  {
    name: "completion",
    group: "Tools",
    summary: "print the completions for a shell",
    about:
      "Commands, options, clouds, GPUs, and the machines that the ledger knows. Nothing is asked over the network.",
    arguments: [{ name: "<shell>", description: "bash, zsh or fish", choices: ["bash", "zsh", "fish"] }],
    options: [],
    examples: [
      { call: 'eval "$(anygpu completion bash)"', does: "in ~/.bashrc" },
      { call: 'eval "$(anygpu completion zsh)"', does: "in ~/.zshrc, after compinit" },
      { call: "anygpu completion fish | source", does: "in ~/.config/fish/config.fish" }
    ],
    load: () => import("../commands/completion.ts")
  },
  {
    name: "mcp",
    group: "Tools",
    summary: "serve the same operations to agents, on stdio",
    about:
      "Reads only, unless --allow-spend says how much may be spent. An agent's program starts it itself, by a setting such " +
      'as { "mcpServers": { "anygpu": { "command": "npx", "args": ["-y", "anygpu", "mcp"] } } }.',
    arguments: [],
    options: [
      cloudOption,
      {
        flags: "--allow-spend <amount>",
        description: "what launches may cost together: those of earlier sessions count, a restart does not refill it"
      },
      { flags: "--budget <name>", description: 'the name under which they count; "mcp" by default' }
    ],
    examples: [{ call: "anygpu mcp --allow-spend 20", does: "an agent may rent for 20 at most" }],
    load: () => import("../commands/mcp.ts")
  }
]
