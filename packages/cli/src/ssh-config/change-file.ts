import { randomBytes } from "node:crypto"
import { lstat, mkdir, open, readlink, rename, rm, stat } from "node:fs/promises"
import { dirname, resolve } from "node:path"
import { setTimeout } from "node:timers/promises"
import { InvalidRequest } from "anygpu"
import { readText } from "../read-text.ts"

/** How long another process may hold a file, in milliseconds; a lock that is older was left by one that was killed. */
const longest = 10_000

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined

const nullIfMissing = (error: unknown): null => {
  if (codeOf(error) === "ENOENT") return null
  throw error
}

/** The file that a path means in the end: links stay, and what they lead to is written. */
const targetOf = async (path: string, links = 0): Promise<string> => {
  const info = await lstat(path).catch(nullIfMissing)
  if (!info?.isSymbolicLink() || links > 20) return path
  return await targetOf(resolve(dirname(path), await readlink(path)), links + 1)
}

/** Holds a file while something is done: one process changes it at a time. */
const locked = async <A>(path: string, work: () => Promise<A>): Promise<A> => {
  const lock = `${path}.lock`
  const until = performance.now() + longest
  for (;;) {
    const made = await open(lock, "wx", 0o600).catch((error: unknown) => {
      if (codeOf(error) === "EEXIST") return null
      throw error
    })
    if (made) {
      await made.close()
      break
    }
    const info = await stat(lock).catch(nullIfMissing)
    if (info && (Date.now() - info.mtimeMs > longest || performance.now() > until)) await rm(lock, { force: true })
    else await setTimeout(20)
  }
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

/** Writes a file whole, aside first, for its owner alone; one that was there keeps its permissions. */
const replace = async (target: string, text: string): Promise<void> => {
  const mode = ((await stat(target).catch(nullIfMissing))?.mode ?? 0o600) & 0o777
  const aside = `${target}.${randomBytes(6).toString("hex")}.new`
  try {
    const file = await open(aside, "wx", 0o600)
    try {
      await file.chmod(mode)
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(aside, target)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

/**
 * Changes a text file: `change` gets what is in it, null where it is missing, and answers what is to be there.
 *
 * - It is written whole or not at all, and only when it is another text. Null leaves no file.
 * - A link stays a link. The folder is made where it is missing, for its owner alone.
 * - Throws `InvalidRequest` where it cannot be read or written.
 */
export const changeFile = async (path: string, change: (text: string | null) => string | null): Promise<void> => {
  try {
    const target = await targetOf(path)
    await mkdir(dirname(target), { recursive: true, mode: 0o700 })
    await locked(target, async () => {
      const before = await readText(target).catch(nullIfMissing)
      const after = change(before)
      if (after === before) return
      await (after === null ? rm(target) : replace(target, after))
    })
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    throw InvalidRequest.of("ssh-config", `${path} cannot be written: ${code}`)
  }
}
