import { makeQueue, type Opened, release, share } from "../descriptor.ts"
import { Errno } from "../errno.ts"
import type { Process } from "../process.ts"
import { assign, opened, openIn } from "../system.ts"
import { type Capture, expandText } from "./expand.ts"
import type { Shell } from "./state.ts"
import type { Redirection } from "./syntax.ts"

/** A text that can be read, as of a here-document. */
const textOpened = (text: string): Opened => {
  const queue = makeQueue()
  queue.push(Buffer.from(text))
  return {
    read: (length) => (queue.size() === 0 ? null : queue.take(length)),
    write: () => {
      throw new Errno("EBADF")
    },
    unread: queue.unshift,
    seek: () => false,
    close: () => {}
  }
}

/** Keeps what is written to it. */
export const collector = (): { readonly opened: Opened; readonly bytes: () => Buffer } => {
  const parts: Buffer[] = []
  return {
    opened: {
      read: () => null,
      write: (bytes) => {
        parts.push(Buffer.from(bytes))
      },
      unread: () => {},
      seek: () => false,
      close: () => {}
    },
    bytes: () => Buffer.concat(parts)
  }
}

const target = (process: Process, operator: Redirection["operator"], text: string): Opened | null => {
  switch (operator) {
    case "<":
      return openIn(process, text)
    case ">":
    case ">|":
      return openIn(process, text, { write: true, truncate: true })
    case ">>":
      return openIn(process, text, { write: true, append: true })
    case "<>":
      return openIn(process, text, { write: true })
    case "<<":
      return textOpened(text)
    default:
      return text === "-" ? null : opened(process, Number(text))
  }
}

/** Leads the descriptors of a process elsewhere. Throws {@link Errno}, with the path in its message. */
export const redirect = async (
  shell: Shell,
  process: Process,
  redirections: ReadonlyArray<Redirection>,
  capture: Capture
): Promise<void> => {
  for (const { fd, operator, word } of redirections) {
    const text = await expandText(shell, word, capture)
    try {
      assign(process, fd, target(process, operator, text))
    } catch (error) {
      if (error instanceof Errno)
        error.message = `cannot ${operator.startsWith(">") ? "create" : "open"} ${text}: ${error.message}`
      throw error
    }
  }
}

/** Leads the shell's own descriptors elsewhere while something runs. */
export const redirected = async (
  shell: Shell,
  redirections: ReadonlyArray<Redirection>,
  capture: Capture,
  work: () => Promise<number>
): Promise<number> => {
  if (redirections.length === 0) return work()
  const { process } = shell
  const before = redirections.map(({ fd }) => [fd, process.open.get(fd) ?? null] as const)
  for (const [, old] of before) if (old !== null) share(old)
  try {
    await redirect(shell, process, redirections, capture)
    return await work()
  } finally {
    if (process.ended === null) for (const [fd, old] of before.toReversed()) assign(process, fd, old)
    for (const [, old] of before) if (old !== null) release(old)
  }
}
