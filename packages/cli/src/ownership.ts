import { realpath, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { Unauthenticated } from "anygpu"

const othersMayWrite = 0o002
const onlyOwnersRemove = 0o1000

/** The folders above a path, and the path itself. */
const wayTo = (path: string): ReadonlyArray<string> =>
  dirname(path) === path ? [path] : [path, ...wayTo(dirname(path))]

/**
 * Refuses code that somebody else could have put there: it would be given API keys.
 *
 * - The file and every folder above it belong to this user or to root, and not everybody may write there; a folder like
 *   `/tmp`, where only owners remove what is theirs, is no way in by itself.
 * - On Windows nothing is checked: there are no such modes.
 */
export const mustBeOurs = async (file: string, what: string): Promise<void> => {
  const user = process.getuid?.()
  if (user === undefined) return
  for (const path of wayTo(await realpath(file))) {
    const { uid, mode } = await stat(path)
    const foreign = uid !== user && uid !== 0
    const open = (mode & othersMayWrite) !== 0 && (mode & onlyOwnersRemove) === 0
    if (!foreign && !open) continue
    const why = foreign ? "belongs to another user" : `can be written by everybody (mode ${(mode & 0o777).toString(8)})`
    throw new Unauthenticated({
      message: `${what} would be given an API key, and ${path} ${why}: it is not loaded`,
      retry: "permanent"
    })
  }
}
