import { doctor } from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import { completionFields, ledgerFields, simFields } from "../command/fields.ts"
import { dashboardFields, keeperFields, mcpFields } from "../command/serving-fields.ts"
import type { CommandEntry } from "./entry.ts"

/** What is about the command itself. */
export const tools: ReadonlyArray<CommandEntry> = [
  commandOf(doctor, {
    ...{ group: "Tools", input: doctor.input, asksClouds: true },
    calls: [{ call: "anygpu doctor", does: "only reads; ends with 0 when all is well" }],
    load: () => import("../commands/doctor.ts")
  }),
  commandOf(
    {
      name: "sim",
      summary: "start simulated clouds on this machine",
      about:
        "For programs of your own: it prints where they are and the key of each, and runs until Ctrl-C. What is in them is " +
        "then gone. To try commands, --sim is simpler: it opens no port, and keeps what was done."
    },
    {
      ...{ group: "Tools", input: simFields, asksClouds: true },
      calls: [
        { call: "anygpu sim --json", does: "one line each: provider, url and apiKey" },
        {
          call: "anygpu sim --speed 60 --faults 5%",
          does: "a minute each second, and one request of twenty goes wrong"
        },
        { call: "anygpu --sim compare h100", does: "any command on simulated clouds, without starting them" }
      ],
      load: () => import("../commands/sim.ts")
    }
  ),
  commandOf(
    {
      name: "keeper",
      summary: "stay awake, and end machines in time",
      about:
        "Ends what was launched with a time to live when that is over, though every other computer is off; settles launches whose " +
        "process died. On a ledger in Postgres several keepers share the work. Logs JSON lines, and runs until Ctrl-C or SIGTERM."
    },
    {
      ...{ group: "Tools", input: keeperFields, asksClouds: true },
      calls: [
        {
          call: "anygpu keeper --ledger postgres://anygpu@db.example/team --port 9464",
          does: "as a service, see examples/keeper"
        },
        { call: "anygpu keeper", does: "for the ledger of this computer" },
        {
          call: "anygpu keeper --dashboard 7070 --public-url https://gpu.example.com",
          does: "with the dashboard, behind a proxy that logs people in"
        }
      ],
      load: () => import("../commands/keeper.ts")
    }
  ),
  commandOf(
    {
      name: "dashboard",
      summary: "serve a page about all machines, prices and launches",
      about:
        "Prints an address of this computer with a token in it, and serves until Ctrl-C. It only reads, unless --allow-changes; it " +
        "rents nothing, unless --allow-spend says how much. Behind a proxy that logs people in, ANYGPU_DASHBOARD_TOKEN holds its token."
    },
    {
      ...{ group: "Tools", input: dashboardFields, asksClouds: true },
      calls: [
        { call: "anygpu dashboard --open", does: "look at your machines and the market" },
        { call: "anygpu --sim dashboard --open", does: "on simulated clouds: no account, no money" },
        { call: "anygpu dashboard --allow-changes --allow-spend 50", does: "end machines, and rent for 50 at most" }
      ],
      load: () => import("../commands/dashboard.ts")
    }
  ),
  commandOf(
    {
      name: "completion",
      summary: "print the completions for a shell",
      about:
        "Commands, options, clouds, GPUs, and the machines that the ledger knows. Nothing is asked over the network."
    },
    {
      ...{ group: "Tools", input: completionFields, places: ["shell"] },
      calls: [
        { call: 'eval "$(anygpu completion bash)"', does: "in ~/.bashrc" },
        { call: 'eval "$(anygpu completion zsh)"', does: "in ~/.zshrc, after compinit" },
        { call: "anygpu completion fish | source", does: "in ~/.config/fish/config.fish" }
      ],
      load: () => import("../commands/completion.ts")
    }
  ),
  commandOf(
    {
      name: "ledger",
      summary: "move the memory of all launches to another place: from a file to Postgres, or back",
      about:
        "Everything is brought over in one transaction. Afterwards the old place refuses each write, also of processes that " +
        "have it open, and names the new one. Killed at any moment it leaves one ledger that is used: call it again."
    },
    {
      ...{ group: "Tools", input: ledgerFields, places: ["action", "from", "to"], letters: { yes: "y" } },
      calls: [
        {
          call: "anygpu ledger move ~/.local/share/anygpu/ledger.db postgres://anygpu@db.example/team",
          does: "from this computer to the team's server"
        }
      ],
      load: () => import("../commands/ledger.ts")
    }
  ),
  commandOf(
    {
      name: "mcp",
      summary: "serve the same operations to agents, on stdio",
      about:
        "Reads only, unless --allow-spend says how much may be spent. An agent's program starts it itself, by a setting such " +
        'as { "mcpServers": { "anygpu": { "command": "npx", "args": ["-y", "anygpu", "mcp"] } } }.'
    },
    {
      ...{ group: "Tools", input: mcpFields, asksClouds: true },
      calls: [{ call: "anygpu mcp --allow-spend 20", does: "an agent may rent for 20 at most" }],
      load: () => import("../commands/mcp.ts")
    }
  )
]
