import { isAscii } from "node:buffer"

/** Text with more of other characters than one in so many bytes is not worth moving about. */
const rare = 512

/** Where a byte comes next, or the end. */
const nextOf = (bytes: Buffer, byte: number, from: number): number => {
  const found = bytes.indexOf(byte, from)
  return found === -1 ? bytes.length : found
}

/** Where the characters from U+0080 to U+00FF begin; undefined when there are other ones, or too many. */
const twoByteStarts = (bytes: Buffer): ReadonlyArray<number> | undefined => {
  const starts: number[] = []
  const most = bytes.length / rare
  let [lower, upper, from] = [-1, -1, 0]
  while (true) {
    if (lower < from) lower = nextOf(bytes, 0xc2, from)
    if (upper < from) upper = nextOf(bytes, 0xc3, from)
    const start = Math.min(lower, upper)
    if (!isAscii(bytes.subarray(from, start))) return undefined
    if (start === bytes.length) return starts
    if (((bytes[start + 1] ?? 0) & 0xc0) !== 0x80 || starts.length >= most) return undefined
    starts.push(start)
    from = start + 2
  }
}

/**
 * The text of UTF-8 bytes whose characters all fit into one byte each, such as "Xeon®"; undefined for other text.
 *
 * - Node makes a text of two bytes a character of anything but ASCII: twice the memory, and slower to parse.
 * - Overwrites the bytes when it answers a text, and leaves them alone when it does not.
 */
export const oneByteText = (bytes: Buffer): string | undefined => {
  const starts = twoByteStarts(bytes)
  if (starts === undefined) return undefined
  let length = starts[0] ?? bytes.length
  for (const [index, start] of starts.entries()) {
    const next = starts[index + 1] ?? bytes.length
    bytes[length] = (((bytes[start] ?? 0) & 3) << 6) | ((bytes[start + 1] ?? 0) & 0x3f)
    bytes.copyWithin(length + 1, start + 2, next)
    length += next - start - 1
  }
  return bytes.toString("latin1", 0, length)
}
