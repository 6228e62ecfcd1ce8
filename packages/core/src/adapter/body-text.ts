import type { Dispatcher } from "undici"
import { oneByteText } from "./one-byte-text.ts"

/** Shorter bodies are not worth the care, and longer ones are no string. */
const long = 1_000_000
const longest = 500_000_000

const hasMark = (bytes: Buffer): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf

/**
 * The text of an answer's body, as undici's `text()` reads it.
 *
 * - A long body whose length was announced is put together while it comes, and its bytes are given back as soon as they
 *   are text: otherwise it would be in memory three times at once, and twice while it is parsed.
 */
export const bodyText = async ({ body, headers }: Dispatcher.ResponseData): Promise<string> => {
  const announced = Number(headers["content-length"])
  if (!(announced >= long && announced <= longest)) return body.text()
  const bytes = Buffer.allocUnsafeSlow(announced)
  let length = 0
  for await (const chunk of body) length += (chunk as Buffer).copy(bytes, length)
  const text = oneByteText(bytes.subarray(0, length)) ?? bytes.toString("utf8", hasMark(bytes) ? 3 : 0, length)
  bytes.buffer.transfer(0)
  return text
}
