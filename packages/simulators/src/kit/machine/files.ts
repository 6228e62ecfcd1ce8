import { posix } from "node:path"
import { Errno } from "./errno.ts"
import type { FileNode, FolderNode, Node } from "./nodes.ts"

/** A file system in memory. Every path is absolute; what fails throws {@link Errno}. */
export interface Files {
  readonly root: FolderNode
  /** Bytes that fit in all; 0 lets nothing more be written. */
  capacity: number
  /** Bytes that files take. */
  used(): number
  /** What is there; a link at the end is followed unless `follow` is false. */
  at(path: string, follow?: boolean): Node
  find(path: string, follow?: boolean): Node | undefined
  /** The path with every link in it followed; its last part need not be there. */
  real(path: string): string
  /** Opens a file for writing, and makes it where it is missing. */
  create(path: string, mode: number): Node
  folder(path: string, mode?: number): FolderNode
  /** Makes a folder and those above it. */
  folders(path: string, mode?: number): FolderNode
  link(target: string, path: string): void
  put(path: string, node: Node): void
  /** Removes a file, a link, or an empty folder. */
  remove(path: string): void
  /** Removes whatever is there, with all that is in it. */
  removeAll(path: string): void
  rename(from: string, to: string): void
  write(node: FileNode, at: number, bytes: Uint8Array): void
  truncate(node: FileNode, size: number): void
  /** A whole file, written at once. */
  save(path: string, text: string | Uint8Array, mode?: number): void
  /** Names in a folder, in order. */
  names(folder: FolderNode): ReadonlyArray<string>
}

const entryOf = ({ entries, live }: FolderNode, name: string): Node | undefined => entries.get(name) ?? live?.get(name)

const mostLinks = 40

/** Goes down a path; answers the folder that has its last part, and that part. */
const walk = (root: FolderNode, path: string, follow: boolean) => {
  let links = 0
  const parts = posix.normalize(path).split("/").filter(Boolean)
  let folder = root
  let walked = ""
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    const node = entryOf(folder, part)
    const isLast = parts.length === 0
    if (node?.kind === "link" && (follow || !isLast)) {
      links += 1
      if (links > mostLinks) throw new Errno("ELOOP")
      parts.unshift(
        ...posix
          .resolve(walked || "/", node.target)
          .split("/")
          .filter(Boolean)
      )
      folder = root
      walked = ""
      continue
    }
    if (isLast) return { folder, name: part, node, path: `${walked}/${part}` }
    if (node === undefined) throw new Errno("ENOENT")
    if (node.kind !== "folder") throw new Errno("ENOTDIR")
    folder = node
    walked = `${walked}/${part}`
  }
  return { folder: root, name: "", node: root as Node | undefined, path: "/" }
}

const sizeOf = (node: Node): number => {
  if (node.kind === "file") return node.size
  return node.kind === "folder" ? [...node.entries.values()].reduce((sum, child) => sum + sizeOf(child), 0) : 0
}

const grow = (bytes: Buffer, size: number): Buffer => {
  if (size <= bytes.length) return bytes
  const larger = Buffer.alloc(Math.max(size, bytes.length * 2, 64))
  bytes.copy(larger)
  return larger
}

/** Reading: what is where. */
const readerOf = (root: FolderNode) => {
  const find = (path: string, follow = true): Node | undefined => {
    try {
      return walk(root, path, follow).node
    } catch {
      return undefined
    }
  }
  const at = (path: string, follow = true): Node => {
    const { node } = walk(root, path, follow)
    if (node === undefined) throw new Errno("ENOENT")
    if (path.length > 1 && path.endsWith("/") && node.kind !== "folder") throw new Errno("ENOTDIR")
    return node
  }
  return {
    find,
    at,
    real: (path: string) => walk(root, path, true).path,
    names: ({ entries, live }: FolderNode) => [...entries.keys(), ...(live?.names() ?? [])].sort()
  }
}

/** Makes an empty file system; `now` is what changes are dated by. */
export const makeFiles = (capacity: number, now: () => number): Files => {
  const root: FolderNode = { kind: "folder", mode: 0o755, changed: now(), entries: new Map() }
  const reader = readerOf(root)
  let used = 0
  // Files without a name that somebody still has open: what they take is given back at once.
  const nameless = new WeakSet<Node>()

  const add = (path: string, node: Node): void => {
    const { folder, name, node: old } = walk(root, path, false)
    if (old !== undefined) used -= sizeOf(old)
    used += sizeOf(node)
    nameless.delete(node)
    folder.entries.set(name, node)
    folder.changed = now()
  }
  const newFolder = (mode: number): FolderNode => ({ kind: "folder", mode, changed: now(), entries: new Map() })
  const drop = (path: string): void => {
    const { folder, name, node } = walk(root, path, false)
    if (node === undefined) throw new Errno("ENOENT")
    used -= sizeOf(node)
    nameless.add(node)
    folder.entries.delete(name)
    folder.changed = now()
  }

  const files: Files = {
    root,
    capacity,
    ...reader,
    used: () => used,
    create: (path, mode) => {
      const { node, path: real } = walk(root, path, true)
      if (node?.kind === "folder") throw new Errno("EISDIR")
      if (node !== undefined) return node
      if (path.endsWith("/")) throw new Errno("EISDIR")
      // A name takes its room as well.
      if (files.capacity === 0) throw new Errno("ENOSPC")
      const file: FileNode = { kind: "file", mode, changed: now(), bytes: Buffer.alloc(0), size: 0 }
      add(real, file)
      return file
    },
    folder: (path, mode = 0o755) => {
      if (reader.find(path, false) !== undefined) throw new Errno("EEXIST")
      if (files.capacity === 0) throw new Errno("ENOSPC")
      const folder = newFolder(mode)
      add(path, folder)
      return folder
    },
    folders: (path, mode = 0o755) => {
      const found = reader.find(path)
      if (found?.kind === "folder") return found
      if (found !== undefined) throw new Errno("EEXIST")
      files.folders(posix.dirname(path))
      return files.folder(path, mode)
    },
    link: (target, path) => {
      if (reader.find(path, false) !== undefined) throw new Errno("EEXIST")
      add(path, { kind: "link", mode: 0o777, changed: now(), target })
    },
    put: add,
    remove: (path) => {
      const node = reader.at(path, false)
      if (node.kind === "folder" && reader.names(node).length > 0) throw new Errno("ENOTEMPTY")
      drop(path)
    },
    removeAll: drop,
    rename: (from, to) => {
      const node = reader.at(from, false)
      const there = reader.find(to, false)
      if (there === node) return
      if (there?.kind === "folder" && (node.kind !== "folder" || there.entries.size > 0))
        throw new Errno(node.kind === "folder" ? "ENOTEMPTY" : "EISDIR")
      if (node.kind === "folder" && `${to}/`.startsWith(`${from}/`)) throw new Errno("EINVAL")
      walk(root, to, false)
      drop(from)
      add(to, node)
    },
    write: (node, at, bytes) => {
      const size = Math.max(node.size, at + bytes.length)
      if (used + size - node.size > files.capacity) throw new Errno("ENOSPC")
      node.bytes = grow(node.bytes, size)
      node.bytes.set(bytes, at)
      if (!nameless.has(node)) used += size - node.size
      node.size = size
      node.changed = now()
    },
    truncate: (node, size) => {
      if (!nameless.has(node)) used += size - node.size
      node.bytes = grow(node.bytes, size)
      node.bytes.fill(0, Math.min(size, node.size))
      node.size = size
      node.changed = now()
    },
    save: (path, text, mode = 0o644) => {
      const bytes = Buffer.from(text)
      add(reader.real(path), { kind: "file", mode, changed: now(), bytes, size: bytes.length })
    }
  }
  return files
}
