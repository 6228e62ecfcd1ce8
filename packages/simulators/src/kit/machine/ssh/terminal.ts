import { makeQueue, type Opened } from "../descriptor.ts"

/** What a terminal does with what is typed. */
export interface Terminal extends Opened {
  /** Takes what the client sends. */
  readonly type: (bytes: Buffer) => void
  /** Nothing more will be typed. */
  readonly end: () => void
}

/**
 * A terminal: lines are handed over when they are whole, and shown as they are typed.
 *
 * - `interrupt` is called for Ctrl-C. Backspace takes a sign back, Ctrl-D is the end of the input.
 */
export const makeTerminal = (echo: (text: string) => void, interrupt: () => void): Terminal => {
  const queue = makeQueue()
  let line = ""
  let ends = 0
  let waiting: Array<() => void> = []
  const ring = () => {
    const now = waiting
    waiting = []
    for (const wake of now) wake()
  }
  const typed = (sign: string): void => {
    if (sign === "\r" || sign === "\n") {
      queue.push(Buffer.from(`${line}\n`))
      line = ""
      echo("\r\n")
    } else if (sign === "\u0003") {
      line = ""
      echo("^C\r\n")
      interrupt()
    } else if (sign === "\u0004") {
      if (line === "") ends += 1
      queue.push(Buffer.from(line))
      line = ""
    } else if (sign === "\u007f" || sign === "\b") {
      if (line !== "") echo("\b \b")
      line = line.slice(0, -1)
    } else {
      line += sign
      echo(sign)
    }
  }
  const later = async (length: number): Promise<Buffer | null> => {
    while (queue.size() === 0 && ends === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    if (queue.size() > 0) return queue.take(length)
    if (ends < Number.POSITIVE_INFINITY) ends -= 1
    return null
  }
  return {
    isTerminal: true,
    read: later,
    write: () => {},
    unread: queue.unshift,
    seek: () => false,
    close: () => {},
    type: (bytes) => {
      for (const sign of bytes.toString("utf8")) typed(sign)
      ring()
    },
    end: () => {
      ends = Number.POSITIVE_INFINITY
      ring()
    }
  }
}

/** What a process writes to a terminal: each line begins at the left. */
export const asTerminal = (output: Opened): Opened => ({
  ...output,
  isTerminal: true,
  write: (bytes) =>
    output.write(
      Buffer.from(
        Buffer.from(bytes)
          .toString("latin1")
          .replaceAll(/(?<!\r)\n/g, "\r\n"),
        "latin1"
      )
    )
})
