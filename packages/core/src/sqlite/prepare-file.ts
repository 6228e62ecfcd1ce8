import { closeSync, mkdirSync, openSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { ledgerFault } from "../ledger/rules.ts"

/**
 * Makes a folder and those above it, one by one: Node's `recursive` never ends where nothing can be made, as in /proc.
 */
const makeFolder = (folder: string): void => {
  if (statSync(folder, { throwIfNoEntry: false })) return
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause
  }
}

/** Makes the file of a ledger, and the folders above it, where they are missing; throws `ProviderFault` for what is no file. */
export const prepareFile = (file: string): void => {
  makeFolder(dirname(file))
  const there = statSync(file, { throwIfNoEntry: false })
  if (there && !there.isFile() && !there.isDirectory()) {
    // To read a pipe waits for its writer, for ever and deaf to every signal.
    throw ledgerFault(`the ledger ${file} is a pipe, a device or a socket: give the path of a file`, "permanent")
  }
  closeSync(openSync(file, "a", 0o600))
}
