import { createHash } from "node:crypto"
import { join } from "node:path"
import envPaths from "env-paths"

const home = () => envPaths("anygpu", { suffix: "" })

/** Where the config file is: `$ANYGPU_CONFIG`, else below the user's config directory (XDG). */
export const configPath = (env: Readonly<Record<string, string | undefined>>): string =>
  env.ANYGPU_CONFIG || join(home().config, "config.json")

/**
 * Where launches are remembered: `$ANYGPU_LEDGER`, else below the user's data directory (XDG).
 *
 * - One ledger is for one account of each cloud: clouds at other addresses than their own get a ledger of their own.
 */
export const ledgerPath = (
  env: Readonly<Record<string, string | undefined>>,
  baseUrls: ReadonlyArray<string>
): string => {
  if (env.ANYGPU_LEDGER) return env.ANYGPU_LEDGER
  const others = [...baseUrls].sort().join("\n")
  const mark = others === "" ? "" : `-${createHash("sha256").update(others).digest("hex").slice(0, 8)}`
  return join(home().data, `ledger${mark}.db`)
}

/** Where the simulated clouds of `--sim` are kept: `$ANYGPU_SIM_STATE`, else below the user's state directory (XDG). */
export const simulationPath = (env: Readonly<Record<string, string | undefined>>): string =>
  env.ANYGPU_SIM_STATE || join(process.platform === "linux" ? home().log : home().data, "simulation.db")
