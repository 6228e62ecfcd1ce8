import type { CommandEntry } from "./entry.ts"
import { cloudOption, yesOption } from "./options.ts"

/** What is about the accounts. */
export const account: ReadonlyArray<CommandEntry> = [
  {
    name: "balance",
    group: "Account",
    summary: "say what each account can spend",
    arguments: [],
    options: [cloudOption],
    examples: [{ call: "anygpu balance", does: "per cloud; says which clouds tell none" }],
    load: () => import("../commands/balance.ts")
  },
  {
    name: "keys",
    group: "Account",
    summary: "list, add and remove the ssh keys of the accounts",
    about: "These are the public keys that may log in to machines. API keys are never on the command line.",
    arguments: [
      { name: "[action]", description: "list (the default), add or remove", choices: ["list", "add", "remove"] },
      {
        name: "[key]",
        description: "to add: a .pub file or its text; to remove: an id, or cloud/id",
        completes: "file"
      }
    ],
    options: [
      cloudOption,
      { flags: "--name <name>", description: "what the new key is called, where a cloud takes a name" },
      yesOption
    ],
    examples: [
      { call: "anygpu keys", does: "the keys of all accounts" },
      { call: "anygpu keys add ~/.ssh/id_ed25519.pub", does: "let this key in, on every account" },
      { call: "anygpu keys remove vast/4711", does: "take one away" }
    ],
    load: () => import("../commands/keys.ts")
  },
  {
    name: "audit",
    group: "Account",
    summary: "hold the ledger against the accounts: who pays for what",
    arguments: [],
    about: "Only reads. --recover looks first for the machines of launches that were cut off, and remembers them.",
    options: [cloudOption, { flags: "--recover", description: "settle launches whose outcome is not known, first" }],
    examples: [{ call: "anygpu audit", does: "machines nobody claims, overdue ones, lost ones" }],
    load: () => import("../commands/audit.ts")
  },
  {
    name: "sweep",
    group: "Account",
    summary: "end every machine whose time has run out",
    about: "Ends machines that were launched with a --ttl which has passed, and no others. Run it from cron.",
    arguments: [],
    options: [cloudOption, yesOption, { flags: "--dry-run", description: "only say which" }],
    examples: [{ call: "anygpu sweep --yes", does: "from cron: what a --ttl promised" }],
    load: () => import("../commands/sweep.ts")
  }
]
