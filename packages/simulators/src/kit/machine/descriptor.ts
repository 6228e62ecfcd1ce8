import { randomFillSync } from "node:crypto"
import { Errno } from "./errno.ts"
import type { Files } from "./files.ts"
import { contentOf, type DeviceNode, type FileNode, type Node } from "./nodes.ts"

/** What is open: a file at a place, one end of a pipe, a channel. Several processes may share one, and its place. */
export interface Opened {
  /** Some bytes, at most `length`; null at the end. */
  read(length: number): Buffer | null | Promise<Buffer | null>
  /** Takes all bytes; throws {@link Errno}. */
  write(bytes: Uint8Array): void | Promise<void>
  /** Gives bytes back that were read too much. */
  unread(bytes: Buffer): void
  /** Moves the place in a file; false where it has no place. */
  seek(to: number): boolean
  /** Called when the last one who has it open lets go. */
  close(): void
  readonly node?: Node
  readonly isTerminal?: boolean
}

const holders = new WeakMap<Opened, number>()

/** One more holder of something that is open. */
export const share = (opened: Opened): Opened => {
  holders.set(opened, (holders.get(opened) ?? 0) + 1)
  return opened
}

/** A holder lets go. */
export const release = (opened: Opened): void => {
  const left = (holders.get(opened) ?? 0) - 1
  holders.set(opened, left)
  if (left === 0) opened.close()
}

/** Waits for something that a pipe does: who waits is woken, once. */
const makeBell = () => {
  let waiting: Array<() => void> = []
  return {
    wait: () => new Promise<void>((resolve) => waiting.push(resolve)),
    ring: () => {
      const now = waiting
      waiting = []
      for (const wake of now) wake()
    }
  }
}

const noSeek = { seek: () => false } as const

/** Bytes in the order in which they came, with what was given back in front. */
export const makeQueue = () => {
  let chunks: Buffer[] = []
  let size = 0
  return {
    size: () => size,
    push: (bytes: Uint8Array) => {
      if (bytes.length === 0) return
      chunks.push(Buffer.from(bytes))
      size += bytes.length
    },
    unshift: (bytes: Buffer) => {
      chunks = [bytes, ...chunks]
      size += bytes.length
    },
    take: (length: number): Buffer => {
      const first = chunks[0] ?? Buffer.alloc(0)
      const taken = first.subarray(0, length)
      if (taken.length === first.length) chunks.shift()
      else chunks[0] = first.subarray(length)
      size -= taken.length
      return taken
    }
  }
}

const pipeRoom = 65_536

/** A pipe: what is written at one end is read at the other. */
export const makePipe = (): { readonly reader: Opened; readonly writer: Opened } => {
  const queue = makeQueue()
  const bell = makeBell()
  let ended = false
  let broken = false
  const readLater = async (length: number): Promise<Buffer | null> => {
    while (queue.size() === 0 && !ended) await bell.wait()
    if (queue.size() === 0) return null
    const bytes = queue.take(length)
    bell.ring()
    return bytes
  }
  const writeLater = async (bytes: Uint8Array): Promise<void> => {
    while (queue.size() >= pipeRoom && !broken) await bell.wait()
    if (broken) throw new Errno("EPIPE")
    queue.push(bytes)
    bell.ring()
  }
  return {
    reader: {
      ...noSeek,
      read: readLater,
      write: () => {
        throw new Errno("EBADF")
      },
      unread: queue.unshift,
      close: () => {
        broken = true
        bell.ring()
      }
    },
    writer: {
      ...noSeek,
      read: () => {
        throw new Errno("EBADF")
      },
      write: writeLater,
      unread: () => {},
      close: () => {
        ended = true
        bell.ring()
      }
    }
  }
}

/** A file that is open, at its own place. */
const openFile = (
  files: Files,
  node: FileNode,
  { append, at }: { readonly append: boolean; readonly at: number }
): Opened => {
  let place = at
  return {
    node,
    read: (length) => {
      if (place >= node.size) return null
      const bytes = Buffer.from(contentOf(node).subarray(place, place + length))
      place += bytes.length
      return bytes
    },
    write: (bytes) => {
      const to = append ? node.size : place
      files.write(node, to, bytes)
      place = to + bytes.length
    },
    unread: (bytes) => {
      place -= bytes.length
    },
    seek: (to) => {
      place = to
      return true
    },
    close: () => {}
  }
}

const openText = (node: Node, text: string): Opened => {
  const bytes = Buffer.from(text)
  let place = 0
  return {
    node,
    read: (length) => {
      if (place >= bytes.length) return null
      const part = bytes.subarray(place, place + length)
      place += part.length
      return part
    },
    write: () => {},
    unread: (back) => {
      place -= back.length
    },
    seek: (to) => {
      place = to
      return true
    },
    close: () => {}
  }
}

const openDevice = (node: DeviceNode): Opened => ({
  node,
  read: (length) => {
    if (node.device === "null") return null
    const bytes = Buffer.alloc(Math.min(length, pipeRoom))
    return node.device === "random" ? randomFillSync(bytes) : bytes
  },
  write: () => {
    if (node.device === "full") throw new Errno("ENOSPC")
  },
  unread: () => {},
  seek: () => true,
  close: () => {}
})

/** How a file is opened. */
export interface OpenMode {
  readonly write?: boolean
  readonly append?: boolean
  readonly truncate?: boolean
  /** Fails where there is one. */
  readonly exclusive?: boolean
  /** The permissions of a new file. */
  readonly mode?: number
}

/** Opens what a path names; throws {@link Errno}. */
export const openPath = (files: Files, path: string, options: OpenMode = {}): Opened => {
  const { write = false, append = false, truncate = false, exclusive = false, mode = 0o644 } = options
  if (exclusive && files.find(path, false) !== undefined) throw new Errno("EEXIST")
  const node = write ? files.create(path, mode) : files.at(path)
  switch (node.kind) {
    case "file":
      if (truncate) files.truncate(node, 0)
      return openFile(files, node, { append, at: 0 })
    case "text":
      return openText(node, node.read())
    case "device":
      return openDevice(node)
    default:
      throw new Errno("EISDIR")
  }
}
