import { Transform } from "node:stream"

/** What writes the code of a script behind its errors, for a client that cannot be asked for it. */
export const withExitMark = (script: string, mark: string): string =>
  `(\n${script}\n)\nprintf '\\n#anygpu-exit %s %s\\n' ${mark} $? >&2`

/** The longest end of some bytes that may be the begin of the mark. */
const heldBack = (bytes: Buffer, mark: Buffer): number => {
  for (let length = Math.min(bytes.length, mark.length - 1); length > 0; length--) {
    if (bytes.subarray(bytes.length - length).equals(mark.subarray(0, length))) return length
  }
  return 0
}

/** A stream of errors without its mark; `code` is what the mark said, null while it did not come whole. */
export interface ExitFilter {
  readonly stream: Transform
  readonly code: () => number | null
}

/** Takes the mark of {@link withExitMark} out of a stream, wherever it is cut; all else comes through at once. */
export const exitFilter = (name: string): ExitFilter => {
  const mark = Buffer.from(`\n#anygpu-exit ${name} `)
  let held = Buffer.alloc(0)
  let code: number | null = null
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      if (code !== null) return done(null, chunk)
      const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk
      const at = bytes.indexOf(mark)
      const end = at < 0 ? -1 : bytes.indexOf("\n", at + mark.length)
      const keep = at >= 0 ? at : bytes.length - heldBack(bytes, mark)
      if (end < 0) {
        held = Buffer.from(bytes.subarray(keep))
        return done(null, bytes.subarray(0, keep))
      }
      code = Number(bytes.toString("latin1", at + mark.length, end))
      held = Buffer.alloc(0)
      done(null, Buffer.concat([bytes.subarray(0, at), bytes.subarray(end + 1)]))
    },
    flush: (done) => done(null, held)
  })
  return { stream, code: () => code }
}
