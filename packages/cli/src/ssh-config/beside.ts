import type { Instance } from "anygpu"
import type { Context } from "../context.ts"
import { isInstalled, sshConfigFiles } from "./files.ts"

/*
 * What commands do for ssh's configuration beside their own work. Nothing of it is loaded where nobody has asked for it.
 */

const isWanted = async ({ io, settings }: Pick<Context, "io" | "settings">): Promise<boolean> =>
  !settings.sim && (await isInstalled(sshConfigFiles(io.env)))

/** Takes machines out of it that are gone, and holds host keys to what the ledger knows. */
export const keepInStep = async (context: Pick<Context, "io" | "settings" | "out" | "ledger">): Promise<void> => {
  if (await isWanted(context)) await (await import("./keep.ts")).followLedger(context)
}

/** Writes machines into it that were seen. */
export const putIn = async (context: Context, machines: ReadonlyArray<Instance>): Promise<void> => {
  if (await isWanted(context)) await (await import("./keep.ts")).noteMachines(context, machines)
}
