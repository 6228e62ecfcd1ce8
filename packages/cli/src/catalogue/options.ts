import { filterFields } from "@anygpu/operations"
import { optionOf } from "../command/flags.ts"
import { cloudNames } from "../known.ts"
import type { ArgumentEntry, OptionEntry } from "./entry.ts"

/** Only these clouds. */
export const cloudOption: OptionEntry = {
  flags: "--cloud <name>",
  description: `only this cloud (${cloudNames.join(", ")}, an adapter of yours); may be given several times`,
  repeats: true,
  completes: "cloud"
}

/** Which machine. */
export const refArgument: ArgumentEntry = {
  name: "<ref>",
  description:
    "a machine by its ref (vast/container/123), id or name; a part of one only where it is read, or you can be asked",
  completes: "machine"
}

/** Which offers are wanted, in `launch` as in `offers` and `compare`. */
export const filterOptions: ReadonlyArray<OptionEntry> = [
  ...Object.entries(filterFields).map(([name, field]) => optionOf(name, field)),
  cloudOption
]

/** What a machine runs: the same in `launch` and `update`. */
export const workloadOptions: ReadonlyArray<OptionEntry> = [
  { flags: "--image <image>", description: "the container image" },
  { flags: "--env <name=value>", description: "a variable; a name alone is taken from here", repeats: true },
  { flags: "--env-file <file>", description: "variables, one a line", repeats: true, completes: "file" },
  { flags: "--port <port>", description: "a port to reach from outside: 8000, 53/udp, 80/http", repeats: true },
  { flags: "--command <text>", description: "what the container runs instead of its own, quoted as for a shell" },
  { flags: "--on-start <file>", description: "a shell script to run when it is up", completes: "file" },
  { flags: "--registry-user <name>", description: "the login to the image's registry" },
  { flags: "--registry-password-stdin", description: "its password, on standard input" },
  { flags: "--registry-host <host>", description: "the registry, when the image does not name it" }
]

/** Asks nothing before it acts. */
export const yesOption: OptionEntry = { flags: "-y, --yes", description: "do not ask before acting" }

/** How many lines of output are wanted, and of which. */
export const logOptions: ReadonlyArray<OptionEntry> = [
  { flags: "-f, --follow", description: "go on printing what is new" },
  { flags: "--tail <n>", description: "the last so many lines" },
  { flags: "--containing <text>", description: "only lines with this text" }
]

/** What every command takes. */
export const globalOptions: ReadonlyArray<OptionEntry> = [
  { flags: "--json", description: "print JSON with a documented schema; streams print one object a line" },
  { flags: "-q, --quiet", description: "no progress and no remarks, only the answer and errors" },
  { flags: "--no-input", description: "never ask: what would need an answer fails" },
  { flags: "--no-color", description: "no colours, as with NO_COLOR in the environment" },
  { flags: "--config <file>", description: "read keys and settings from this file", completes: "file" },
  { flags: "--ledger <file>", description: "remember launches in this file", completes: "file" },
  {
    flags: "--answer-within <duration>",
    description: "how long each cloud may take to answer what is asked of all of them; 20s by default"
  },
  { flags: "--sim", description: "use simulated clouds: no account, no money, no network" },
  { flags: "--sim-state <file>", description: "keep the simulated clouds in this file; means --sim", completes: "file" }
]
