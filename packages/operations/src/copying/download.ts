import { mkdtemp, rename, rm, stat } from "node:fs/promises"
import { basename, dirname, join, posix } from "node:path"
import type { ConnectedMachine, Transferred } from "@anygpu/ssh"
import { InvalidRequest, NotFound } from "anygpu"
import { type Copying, isRemoteFolder } from "./upload.ts"

/** What one source means on the machine. */
interface Source {
  readonly type: "folder" | "file" | "pattern"
  /** The folder that it is in, or that it is. */
  readonly folder: string
  /** Below the folder. */
  readonly pattern: string
  /** Its own name. */
  readonly name: string
}

/** What makes a path a pattern. */
const special = /[*?[{]|[!+@]\(/

/** A name as a pattern that means it alone. */
const escaped = (name: string): string => name.replace(/[*?[{(]/g, "[$&]")

/** The folder that a pattern begins in, and the rest of it. */
const partsOf = (path: string): { readonly folder: string; readonly pattern: string } => {
  const parts = path.split("/")
  const first = parts.findIndex((part) => special.test(part))
  const folder = parts.slice(0, first).join("/")
  return { folder: folder === "" ? (path.startsWith("/") ? "/" : "~") : folder, pattern: parts.slice(first).join("/") }
}

const lookFor = async (session: ConnectedMachine, given: string, signal: AbortSignal): Promise<Source> => {
  const path = given.replace(/(?<=.)\/+$/, "") || "~"
  const name = posix.basename(path)
  if (await isRemoteFolder(session, path, signal)) return { type: "folder", folder: path, pattern: "**", name }
  const within = posix.dirname(path)
  const folder = within === "." ? "~" : within
  const there = await session.exec(["test", "-e", `./${name}`], { cwd: folder, signal })
  if (there.code === 0 && !given.endsWith("/")) return { type: "file", folder, pattern: escaped(name), name }
  if (special.test(path)) return { type: "pattern", ...partsOf(path), name }
  throw new NotFound({ message: `The machine has no ${given}, or it cannot be read there`, retry: "permanent" })
}

const isLocalFolder = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => null))?.isDirectory() ?? false

/** Fetches a file under another name than it has on the machine: aside first, so that nobody sees half of it. */
const fetchAs = async (
  session: ConnectedMachine,
  { folder, pattern, name }: Source,
  to: string,
  { signal, onProgress }: Copying
): Promise<Transferred> => {
  const aside = await mkdtemp(join(dirname(to), ".anygpu-")).catch((error: NodeJS.ErrnoException) => {
    throw InvalidRequest.of("to", `${dirname(to)} cannot be written: ${error.code ?? error.message}`)
  })
  try {
    const done = await session.download(pattern, aside, { from: folder, signal, onProgress })
    if (done.files > 0) await rename(join(aside, name), to)
    return done
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** Copies files and folders of a machine to this computer. */
export const download = async (
  session: ConnectedMachine,
  { from, to }: { readonly from: ReadonlyArray<string>; readonly to: string },
  copying: Copying
): Promise<ReadonlyArray<Transferred>> => {
  const { signal, onProgress } = copying
  const sources: Source[] = []
  for (const path of from) sources.push(await lookFor(session, path, signal))
  const [only, ...others] = sources
  const isNamed = only?.type === "file" && others.length === 0 && !/[/\\]$/.test(to) && !(await isLocalFolder(to))
  if (isNamed && basename(to) !== only.name) return [await fetchAs(session, only, to, copying)]
  const target = isNamed ? dirname(to) : to
  const done: Transferred[] = []
  for (const { type, folder, pattern, name } of sources) {
    const into = type === "folder" && others.length > 0 ? join(target, name) : target
    const one = await session.download(pattern, into, { from: folder, signal, onProgress })
    if (type === "pattern" && one.files + one.unchanged + one.skipped.length === 0) {
      throw new NotFound({
        message: `The machine has nothing that ${posix.join(folder, pattern)} means`,
        retry: "permanent"
      })
    }
    done.push(one)
  }
  return done
}
