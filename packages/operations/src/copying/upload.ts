import { stat } from "node:fs/promises"
import { basename, posix, resolve } from "node:path"
import type { ConnectedMachine, Progress, Transferred } from "@anygpu/ssh"
import { InvalidRequest } from "anygpu"

/** How a copy goes on, and when it is given up. */
export interface Copying {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** Whether a path of the machine is a folder. */
export const isRemoteFolder = async (session: ConnectedMachine, path: string, signal: AbortSignal): Promise<boolean> =>
  (await session.exec("true", { cwd: path, signal })).code === 0

/** A path of the machine below another one. */
const remoteJoin = (folder: string, name: string): string =>
  folder === "" || folder === "~" ? name : posix.join(folder, name)

/** The sources, of which all are looked at before anything is sent. */
const lookAt = (paths: ReadonlyArray<string>) =>
  Promise.all(
    paths.map(async (path) => {
      const stats = await stat(path).catch(() => null)
      if (stats === null) throw InvalidRequest.of("from", `${path} is not there, or cannot be read`)
      return { path, isFolder: stats.isDirectory() }
    })
  )

/** Copies files and folders of this computer to a machine. */
export const upload = async (
  open: () => Promise<ConnectedMachine>,
  { from, to }: { readonly from: ReadonlyArray<string>; readonly to: string },
  { signal, onProgress, noIgnore }: Copying & { readonly noIgnore: boolean }
): Promise<ReadonlyArray<Transferred>> => {
  const sources = await lookAt(from)
  await using session = await open()
  const target = to === "" ? "~" : to
  const [only, ...others] = sources
  const isNamed = only !== undefined && others.length === 0 && !only.isFolder && !to.endsWith("/") && to !== ""
  if (isNamed && !(await isRemoteFolder(session, target, signal))) {
    const options = { as: posix.basename(target), signal, onProgress }
    return [await session.upload(only.path, posix.dirname(target), options)]
  }
  const done: Transferred[] = []
  for (const { path, isFolder } of sources) {
    const folder = isFolder && others.length > 0 ? remoteJoin(target, basename(resolve(path))) : target
    done.push(await session.upload(path, folder, { ignore: !noIgnore, signal, onProgress }))
  }
  return done
}
