import { chmod, lstat, mkdtemp, readdir, rm } from "node:fs/promises"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

const prefix = "anygpu-ssh-"

/** The socket of the shared connection, in the folder of a connection. */
export const controlOf = (folder: string): string => join(folder, "control")

/** A folder without a living socket may be that of a login under way, which ends within seconds; milliseconds. */
const loginTime = 600_000

const answers = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const client = connect(socket)
    const done = (isThere: boolean) => {
      client.destroy()
      resolve(isThere)
    }
    client.once("connect", () => done(true)).once("error", () => done(false))
  })

/** Whether a folder is what a client of this user has left that was killed. */
const isLeft = async (folder: string, now: number): Promise<boolean> => {
  const stats = await lstat(folder)
  const isOurs = stats.isDirectory() && stats.uid === process.getuid?.()
  return isOurs && now - stats.mtimeMs > loginTime && !(await answers(controlOf(folder)))
}

/** Removes the folders of clients that were killed: with what else, a key that was given as text may be in one. */
const removeLeft = async (root: string, now: number): Promise<void> => {
  const names = (await readdir(root)).filter((name) => name.startsWith(prefix))
  await Promise.all(
    names.map(async (name) => {
      const folder = join(root, name)
      if (await isLeft(folder, now)) await rm(folder, { recursive: true, force: true })
    })
  )
}

/** A folder for one connection, that only its user may read. Folders of clients that were killed are removed before. */
export const makeFolder = async (root: string = tmpdir(), now: number = Date.now()): Promise<string> => {
  // One that cannot be read or removed keeps nobody from logging in.
  await removeLeft(root, now).catch(() => {})
  const folder = await mkdtemp(join(root, prefix))
  await chmod(folder, 0o700)
  return folder
}
