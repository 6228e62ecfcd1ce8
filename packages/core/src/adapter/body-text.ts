import { oneByteText } from "./one-byte-text.ts"

/** Shorter bodies are not worth the care, and longer ones are no string. */
const long = 1_000_000
const longest = 500_000_000

const hasMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

const textOf = (bytes: Buffer): string => bytes.toString("utf8", hasMark(bytes) ? 3 : 0)

/** The body of an answer while it comes. */
export interface Body {
  readonly add: (chunk: Buffer) => void
  /** The UTF-8 text of everything, without a byte order mark; asked for once. */
  readonly text: () => string
}

/** A body that is put together while it comes, and whose bytes are given back as soon as they are text. */
const longBody = (announced: number): Body => {
  const bytes = Buffer.allocUnsafeSlow(announced)
  let length = 0
  return {
    add: (chunk) => {
      length += chunk.copy(bytes, length)
    },
    text: () => {
      const whole = bytes.subarray(0, length)
      const text = oneByteText(whole) ?? textOf(whole)
      bytes.buffer.transfer(0)
      return text
    }
  }
}

/**
 * Collects the body of an answer.
 *
 * - A long one whose length was announced would otherwise be in memory three times at once, and twice while it is parsed.
 */
export const makeBody = (announced: number): Body => {
  if (announced >= long && announced <= longest) return longBody(announced)
  const chunks: Buffer[] = []
  return {
    add: (chunk) => void chunks.push(chunk),
    text: () => {
      const [only] = chunks
      return textOf(only && chunks.length === 1 ? only : Buffer.concat(chunks))
    }
  }
}
