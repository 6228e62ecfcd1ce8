import { posix } from "node:path"
import { gunzipSync, gzipSync } from "node:zlib"
import { type Opened, release, share } from "../descriptor.ts"
import { Errno } from "../errno.ts"
import { contentOf, type Node } from "../nodes.ts"
import type { Process } from "../process.ts"
import type { Program } from "../shell/spawn.ts"
import { complain, opened, openIn, readAll, readFrom, say, writeTo } from "../system.ts"
import { NoArchive, type ReadBytes, type TarEntry, tarEnd, tarEntries, tarHeader, tarPadding } from "./tar-format.ts"
import { type Order, orderIn } from "./tar-order.ts"

const typeOf: Readonly<Record<Node["kind"], string>> = { file: "0", text: "0", device: "0", folder: "5", link: "2" }

/** Writes a path and all that is below it. */
const pack = async (
  process: Process,
  order: Order,
  name: string,
  put: (bytes: Buffer) => Promise<void>
): Promise<void> => {
  const { files } = process.machine
  const node = files.at(posix.resolve(order.folder, name), false)
  if (order.excluded.some((pattern) => name === pattern || posix.basename(name) === pattern)) return
  const bytes = node.kind === "file" ? Buffer.from(contentOf(node)) : Buffer.alloc(0)
  const entry: TarEntry = {
    ...{ type: typeOf[node.kind], mode: node.mode, changed: node.changed / 1000, size: bytes.length },
    name: `${name.replace(/^\/+/, "")}${node.kind === "folder" && !name.endsWith("/") ? "/" : ""}`,
    target: node.kind === "link" ? node.target : ""
  }
  if (order.verbose) await complain(process, entry.name)
  await put(tarHeader(entry))
  if (bytes.length > 0) await put(Buffer.concat([bytes, tarPadding(bytes.length)]))
  if (node.kind !== "folder") return
  for (const child of files.names(node))
    await pack(
      process,
      order,
      posix.join(name, child).replace(/^(?!\.?\/)/, name.startsWith("./") || name === "." ? "./" : ""),
      put
    )
}

const create = async (process: Process, order: Order): Promise<number> => {
  const to = share(
    order.file === "-" ? opened(process, 1) : openIn(process, order.file, { write: true, truncate: true })
  )
  const held: Buffer[] = []
  const put = async (bytes: Buffer) => {
    if (order.zipped) held.push(bytes)
    else await writeTo(process, to, bytes)
  }
  let code = 0
  for (const name of order.names) {
    try {
      await pack(process, order, name, put)
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EPIPE") throw error
      await complain(process, `tar: ${name}: Cannot stat: ${error.message}`)
      code = 2
    }
  }
  await put(tarEnd)
  if (order.zipped) await writeTo(process, to, gzipSync(Buffer.concat(held)))
  release(to)
  if (code !== 0) await complain(process, "tar: Exiting with failure status due to previous errors")
  return code
}

/** Reads exactly what is asked for, whatever parts it comes in. */
const exactly = (process: Process, from: Opened): ReadBytes => {
  let held: Buffer[] = []
  let size = 0
  return async (length) => {
    while (size < length) {
      const part = await readFrom(process, from)
      if (part === null) break
      held.push(part)
      size += part.length
    }
    const all = Buffer.concat(held)
    const taken = all.subarray(0, length)
    held = all.length > length ? [all.subarray(length)] : []
    size = Math.max(0, all.length - length)
    return taken
  }
}

const unpack = (process: Process, order: Order, entry: TarEntry, path: string, bytes: Buffer): void => {
  const { files } = process.machine
  const mode = order.keepsRights ? entry.mode : entry.mode & ~process.umask
  if (entry.type === "5") {
    files.folders(path, mode).mode = mode
    return
  }
  files.folders(posix.dirname(path))
  if (files.find(path, false) !== undefined) files.remove(path)
  if (entry.type === "2") {
    files.link(entry.target, path)
    return
  }
  if (entry.type === "1") {
    files.put(path, files.at(posix.resolve(order.folder, entry.target)))
    return
  }
  const node = files.create(path, mode)
  if (node.kind !== "file") return
  files.write(node, 0, bytes)
  node.changed = entry.changed * 1000
}

const bytesFrom = async (process: Process, { file }: Order): Promise<ReadBytes> => {
  const from = share(file === "-" ? opened(process, 0) : openIn(process, file))
  const read = exactly(process, from)
  const start = await read(2)
  const rest: ReadBytes = async (length) => {
    const more = await read(length)
    return more
  }
  if (start[0] === 0x1f && start[1] === 0x8b) {
    const all = gunzipSync(Buffer.concat([start, await readAll(process, from)]))
    let at = 0
    return async (length) => {
      at += length
      return all.subarray(at - length, at)
    }
  }
  let head: Buffer | null = start
  return async (length) => {
    if (head === null) return rest(length)
    const first = head
    head = null
    return Buffer.concat([first, await rest(length - first.length)])
  }
}

const extract = async (process: Process, order: Order): Promise<number> => {
  let code = 0
  for await (const { entry, body } of tarEntries(await bytesFrom(process, order))) {
    const bytes = await body()
    const name = entry.name.split("/").slice(order.strip).join("/")
    const isAsked =
      order.names.length === 0 || order.names.some((one) => `${name}/`.startsWith(`${one.replace(/\/+$/, "")}/`))
    if (!isAsked || name === "") continue
    if (order.mode === "t" || order.verbose) await say(process, `${entry.name}\n`)
    if (order.mode === "t") continue
    const path = posix.resolve(order.folder, name.replace(/^\/+/, ""))
    try {
      // As GNU tar does: nothing leads above the folder.
      if (name.split("/").includes("..")) throw new Errno("EINVAL")
      unpack(process, order, entry, path, bytes)
    } catch (error) {
      if (!(error instanceof Errno)) throw error
      await complain(process, `tar: ${name}: Cannot write: ${error.message}`)
      code = 2
      if (error.code === "ENOSPC") break
    }
  }
  if (code !== 0) await complain(process, "tar: Exiting with failure status due to previous errors")
  return code
}

/** `tar`: makes, reads and unpacks archives. */
export const tar: Program = async (process, argv) => {
  try {
    const order = await orderIn(process, argv)
    return await (order.mode === "c" ? create(process, order) : extract(process, order))
  } catch (error) {
    if (!(error instanceof NoArchive) && !(error instanceof Errno)) throw error
    await complain(process, `tar: ${error.message}`)
    return 2
  }
}
