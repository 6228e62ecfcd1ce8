import { Transform } from "node:stream"

/** The most bytes of one message: far more than any call of these tools needs. */
export const longestMessage = 4 * 1024 * 1024

/** So much of a message's beginning and of its end is kept, to find the id of a call that is refused. */
const kept = 1024

const newline = 0x0a
const id = String.raw`"id"\s*:\s*(\d{1,15}|"[^"\\]{1,200}")`
const idAtStart = new RegExp(String.raw`^\s*\{[^{}[\]]*?${id}`)
const idAtEnd = new RegExp(String.raw`${id}\s*\}\s*$`)

/** The answer to a message that is too long: an error for the call with its id, where that can be read. */
const refusalOf = (start: string, end: string): string => {
  const [, found = "null"] = idAtStart.exec(start) ?? idAtEnd.exec(end) ?? []
  const message = `The message has more than ${longestMessage} bytes, which no tool here needs: it was not read`
  return `{"jsonrpc":"2.0","id":${found},"error":{"code":-32600,"message":${JSON.stringify(message)}}}\n`
}

/**
 * Passes lines on, up to {@link longestMessage} bytes each; a longer one is left out and answered by `refuse`.
 *
 * - Holds at most one line in memory. The server itself would end at such a message.
 */
export const limitLines = (refuse: (answer: string) => void): Transform => {
  let line: Buffer[] = []
  let length = 0
  let start = ""
  let end = ""

  const add = (part: Buffer): void => {
    if (length === 0) start = ""
    if (start.length < kept) start += part.subarray(0, kept).toString("latin1")
    end = (end + part.subarray(-kept).toString("latin1")).slice(-kept)
    length += part.length
    if (length <= longestMessage) line.push(part)
    else line = []
  }
  const finish = (stream: Transform): void => {
    if (length > longestMessage) refuse(refusalOf(start, end))
    else for (const part of line) stream.push(part)
    line = []
    length = 0
  }

  return new Transform({
    transform(chunk: Buffer, _, done) {
      let from = 0
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        add(chunk.subarray(from, at + 1))
        finish(this)
        from = at + 1
      }
      if (from < chunk.length) add(chunk.subarray(from))
      done()
    },
    flush(done) {
      finish(this)
      done()
    }
  })
}
