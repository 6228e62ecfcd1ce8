import type { IncomingMessage } from "node:http"
import { Refused } from "./failure.ts"

/** The most bytes of one body: far more than any operation needs. */
export const longestBody = 1024 * 1024

const tooLong = () =>
  new Refused(413, "InvalidRequest", `The body has more than ${longestBody} bytes: it was not read`, {
    connection: "close"
  })

/**
 * The body of a request, read as JSON.
 *
 * - Refused before it is read: another type than JSON (415), which a form of another site could send, and a body that is
 *   compressed or longer than {@link longestBody} (413).
 */
export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const { "content-type": type = "", "content-encoding": coding, "content-length": length } = request.headers
  if (!/^application\/json(?:;\s*charset="?utf-8"?)?$/i.test(type.trim()) || coding !== undefined) {
    throw new Refused(415, "InvalidRequest", "The body must be JSON: send content-type: application/json", {
      connection: "close"
    })
  }
  if (Number(length ?? 0) > longestBody) throw tooLong()
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length
    if (size > longestBody) throw tooLong()
    parts.push(part)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"))
  } catch {
    throw new Refused(400, "InvalidRequest", "The body is not JSON")
  }
}
