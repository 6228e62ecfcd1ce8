import { statSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"

/**
 * Whether a ledger file of this computer was left for good by the move with a token: then the place that it was moved to is the
 * ledger.
 *
 * - False for what is no such file, or cannot be read here. Nothing is written.
 */
export const wasLeft = (path: string, token: string): boolean => {
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false
    const database = new DatabaseSync(path, { readOnly: true, timeout: 1000 })
    try {
      const row = database.prepare("SELECT is_left, token FROM moves").get()
      return row?.is_left === 1 && row.token === token
    } finally {
      database.close()
    }
  } catch {
    return false
  }
}
