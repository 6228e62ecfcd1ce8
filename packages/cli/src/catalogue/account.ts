import { audit, balance, keys, spent, sweep, volumes } from "@anygpu/operations"
import { commandOf } from "../command/command.ts"
import { auditFields, keysFields, sweepFields } from "../command/fields.ts"
import type { CommandEntry } from "./entry.ts"

/** What is about the accounts. */
export const account: ReadonlyArray<CommandEntry> = [
  commandOf(balance, {
    ...{ group: "Account", input: balance.input, asksClouds: true },
    load: () => import("../commands/balance.ts")
  }),
  commandOf(volumes, {
    ...{ group: "Account", input: volumes.input, asksClouds: true },
    load: () => import("../commands/volumes.ts")
  }),
  commandOf(spent, {
    ...{ group: "Account", input: spent.input },
    load: () => import("../commands/spent.ts")
  }),
  commandOf(keys, {
    ...{ group: "Account", input: keysFields, places: ["action", "key"], letters: { yes: "y" }, asksClouds: true },
    summary: "list, add and remove the ssh keys of the accounts",
    about: "These are the public keys that may log in to machines. API keys are never on the command line.",
    examples: [
      { call: "anygpu keys add ~/.ssh/id_ed25519.pub", does: "let this key in, on every account" },
      { call: "anygpu keys remove vast/4711", does: "take one away" }
    ],
    load: () => import("../commands/keys.ts")
  }),
  commandOf(audit, {
    ...{ group: "Account", input: auditFields, asksClouds: true },
    about: "Only reads. --recover looks first for the machines of launches that were cut off, and remembers them.",
    load: () => import("../commands/audit.ts")
  }),
  commandOf(sweep, {
    ...{ group: "Account", input: sweepFields, letters: { yes: "y" }, asksClouds: true },
    about: "Ends machines that were launched with a --ttl which has passed, and no others. Run it from cron.",
    calls: [{ call: "anygpu sweep --yes", does: "from cron: what a --ttl promised" }],
    load: () => import("../commands/sweep.ts")
  })
]
