import { cloudNames } from "../known.ts"
import type { OptionEntry } from "./entry.ts"

/** Only these clouds. */
export const cloudOption: OptionEntry = {
  flags: "--cloud <name>",
  description: `only this cloud (${cloudNames.join(", ")}, an adapter of yours); may be given several times`,
  repeats: true,
  completes: "cloud"
}

/** Only these accounts. */
export const accountOption: OptionEntry = {
  flags: "--account <name>",
  description:
    "only the account of this name: that of the key in VAST_API_KEY_TEAM is team; may be given several times",
  repeats: true
}

/** What fills in what is not written. */
export const presetOption: OptionEntry = {
  flags: "--preset <name>",
  description: "what the config file keeps under this name, where nothing else is written; see `presets`",
  completes: "preset"
}

/** What every command takes. */
export const globalOptions: ReadonlyArray<OptionEntry> = [
  { flags: "--json", description: "print JSON with a documented schema; streams print one object a line" },
  { flags: "-q, --quiet", description: "no progress and no remarks, only the answer and errors" },
  { flags: "--no-input", description: "never ask: what would need an answer fails" },
  { flags: "--no-color", description: "no colours, as with NO_COLOR in the environment" },
  { flags: "--config <file>", description: "read keys and settings from this file", completes: "file" },
  { flags: "--ledger <place>", description: "remember launches in this file, or postgres://...", completes: "file" },
  {
    flags: "--answer-within <duration>",
    description: "how long each cloud may take to answer what is asked of all of them; 20s by default"
  },
  { flags: "--sim", description: "use simulated clouds: no account, no money, no network" },
  { flags: "--sim-state <file>", description: "keep the simulated clouds in this file; means --sim", completes: "file" }
]
