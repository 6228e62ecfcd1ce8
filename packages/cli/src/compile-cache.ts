import { lstatSync, mkdirSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"

type Env = Readonly<Record<string, string | undefined>>

const cachesOf = (env: Env): string => {
  if (process.platform === "win32") return env.LOCALAPPDATA || join(homedir(), "AppData", "Local")
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches")
  return env.XDG_CACHE_HOME || join(homedir(), ".cache")
}

/**
 * The folder for what Node has compiled of this command; null where none is safe.
 *
 * - What lies there is run as it is: so it is the user's own folder, no link, and closed to everybody else. Node's own
 *   choice is the shared folder for temporary files, where another user could put code.
 */
export const compileCacheFolder = (env: Env): string | null => {
  const folder = join(cachesOf(env), "anygpu", "compiled")
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const user = process.getuid?.()
    if (user === undefined) return folder
    const made = lstatSync(folder)
    return made.isDirectory() && made.uid === user && (made.mode & 0o077) === 0 ? folder : null
  } catch {
    return null
  }
}
