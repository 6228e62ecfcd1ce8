import { chmodSync, statSync } from "node:fs"
import { ledgerFault } from "../ledger/rules.ts"

const others = 0o077

const modeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mode ?? 0

/**
 * Makes a ledger's files the owner's alone: names, keys and costs of launches are in them.
 *
 * - Throws `ProviderFault` where that cannot be done: the file belongs to somebody else, or its disk knows no modes.
 * - On Windows nothing is done: there are no such modes.
 */
export const makePrivate = (file: string): void => {
  if (process.platform === "win32") return
  for (const path of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) {
    const mode = modeOf(path)
    if ((mode & others) === 0) continue
    let why = "its disk keeps no modes"
    try {
      chmodSync(path, mode & 0o700)
    } catch (cause) {
      why = cause instanceof Error ? cause.message : why
    }
    if ((modeOf(path) & others) === 0) continue
    const shown = (mode & 0o777).toString(8)
    throw ledgerFault(
      `others can read the ledger ${path} (mode ${shown}), and it cannot be made private (${why}): choose another path`,
      "permanent"
    )
  }
}
