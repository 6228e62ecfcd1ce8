/** Text with more of other characters than one in so many bytes is not worth moving about. */
const rare = 64

/** Where the two-byte characters up to U+00FF begin; undefined when there are other ones, or too many. */
const twoByteStarts = (bytes: Buffer): ReadonlyArray<number> | undefined => {
  const starts: number[] = []
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
  const most = bytes.length / rare
  for (let at = 0; at < bytes.length; ) {
    if ((at & 3) === 0 && ((words[at >> 2] ?? 0x80) & 0x80808080) === 0) {
      at += 4
      continue
    }
    const byte = bytes[at] ?? 0
    if (byte < 0x80) {
      at += 1
      continue
    }
    const isShort = (byte === 0xc2 || byte === 0xc3) && ((bytes[at + 1] ?? 0) & 0xc0) === 0x80
    if (!isShort || starts.length >= most) return undefined
    starts.push(at)
    at += 2
  }
  return starts
}

/**
 * The text of UTF-8 bytes whose characters all fit into one byte each, such as "Xeon®"; undefined for other text.
 *
 * - Node makes a text of two bytes a character of anything but ASCII: twice the memory, and slower to parse.
 * - Overwrites the bytes when it answers a text, and leaves them alone when it does not.
 * - The bytes must begin at a multiple of four.
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
