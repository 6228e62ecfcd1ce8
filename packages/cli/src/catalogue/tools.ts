import type { CommandEntry } from "./entry.ts"
import { cloudOption } from "./options.ts"

/** What is about the command itself. */
export const tools: ReadonlyArray<CommandEntry> = [
  {
    name: "doctor",
    group: "Tools",
    summary: "check keys, network, clock and ledger, and what the clouds changed",
    arguments: [],
    options: [cloudOption],
    examples: [{ call: "anygpu doctor", does: "only reads; ends with 0 when all is well" }],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "sim",
    group: "Tools",
    summary: "start simulated clouds on this machine",
    arguments: [],
    options: [
      { flags: "--seed <n>", description: "the same seed gives the same world" },
      { flags: "--speed <factor>", description: "how much faster than real time; 1 by default" },
      { flags: "--faults <file>", description: "what goes wrong", completes: "file" }
    ],
    examples: [
      { call: "anygpu sim --json", does: "one line each: provider and url" },
      { call: "anygpu --sim launch --gpu h100", does: "any command on simulated clouds, without starting them" }
    ],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "completion",
    group: "Tools",
    summary: "print the completions for a shell",
    arguments: [{ name: "<shell>", description: "bash, zsh or fish", choices: ["bash", "zsh", "fish"] }],
    options: [],
    examples: [{ call: 'eval "$(anygpu completion bash)"', does: "in ~/.bashrc" }],
    load: () => import("../commands/unbuilt.ts")
  },
  {
    name: "mcp",
    group: "Tools",
    summary: "serve the same operations to agents, on stdio",
    about: "Reads only, unless --allow-spend says how much may be spent.",
    arguments: [],
    options: [{ flags: "--allow-spend <amount>", description: "what launches may cost together" }],
    examples: [{ call: "anygpu mcp --allow-spend 20", does: "an agent may rent for 20 at most" }],
    load: () => import("../commands/unbuilt.ts")
  }
]
