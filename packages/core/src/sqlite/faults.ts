import { ProviderFault, type Retry } from "../errors.ts"
import { ledgerLeft } from "../ledger/move.ts"
import { ledgerFault } from "../ledger/rules.ts"

/** SQLite's primary result codes and Node's file errors: what they mean to the user, and whether trying again helps. */
const causes: Readonly<Record<string | number, readonly [retry: Retry, advice: string]>> = {
  5: ["temporary", "another process holds it locked: try again, or end the process that holds it"],
  6: ["temporary", "it is locked within this process: try again"],
  8: ["permanent", "it cannot be written: make the file and its directory writable, or choose another path"],
  10: ["temporary", "reading or writing the disk failed: check the disk, then try again"],
  11: ["permanent", "it is damaged: keep a copy, restore a backup, and look in each cloud's console for machines"],
  13: ["temporary", "the disk is full: free some space, then try again"],
  14: ["permanent", "it cannot be opened: check that its directory exists and that you may write there"],
  26: ["permanent", "it is not a SQLite file: choose another path, the file was left as it is"],
  EACCES: ["permanent", "you may not write it: change its permissions, or choose another path"],
  EPERM: ["permanent", "you may not write it: change its permissions, or choose another path"],
  EROFS: ["permanent", "it is on a read-only disk: choose another path"],
  EISDIR: ["permanent", "it is a directory: give the path of a file in it"],
  ENOENT: ["permanent", "its folder is not there and cannot be made: choose another path"],
  ELOOP: ["permanent", "its links lead in a circle: choose another path"],
  ENAMETOOLONG: ["permanent", "its name is too long: choose a shorter path"],
  ENOTDIR: ["permanent", "a part of its path is a file: choose another path"],
  ENOSPC: ["temporary", "the disk is full: free some space, then try again"]
}

/** Whether SQLite refused because another connection holds the file. */
export const isBusy = (cause: unknown): boolean => {
  const { errcode } = cause as { readonly errcode?: number }
  return errcode !== undefined && (errcode & 0xff) === 5
}

/**
 * What went wrong with the ledger's file, as a `ProviderFault` that names the file and what to do.
 *
 * - An error that is a `ProviderFault` already stays as it is.
 */
export const fileFault = (file: string, cause: unknown): ProviderFault => {
  if (cause instanceof ProviderFault) return cause
  const moved = cause instanceof Error && /^this ledger was moved to (.*)$/.exec(cause.message)?.[1]
  if (moved) return ledgerLeft(file, moved)
  const { errcode, code } = cause as { readonly errcode?: number; readonly code?: string }
  const [retry, advice] =
    causes[errcode === undefined ? (code ?? "") : errcode & 0xff] ??
    (code === "ERR_INVALID_STATE"
      ? (["permanent", "it was closed: open it again with sqliteLedger"] as const)
      : (["permanent", "see the cause"] as const))
  const said = cause instanceof Error ? cause.message : String(cause)
  return ledgerFault(`the ledger ${file} failed (${said}): ${advice}`, retry, cause)
}
