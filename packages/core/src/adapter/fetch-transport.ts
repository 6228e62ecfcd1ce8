import { type AnswerLimit, type AnswerSize, answerSize } from "./answer-size.ts"
import { bySignal, transportOver } from "./exchange.ts"
import type { AnswerListener } from "./open-answer.ts"
import type { Transport } from "./transport.ts"

/** As much of `fetch` as the transport needs, so that a simulator's or a worker's own fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** The text of a response, as long as it keeps within its limit. */
const readText = async (response: Response, size: AnswerSize, listener?: AnswerListener): Promise<string> => {
  const length = response.headers.get("content-length")
  const isTooLarge = size.announced(length)
  if (isTooLarge) {
    await response.body?.cancel(isTooLarge)
    throw isTooLarge
  }
  if (response.body === null) return ""
  const counted = size.counter()
  const decoder = new TextDecoder()
  let text = ""
  // Not `for await`: not every browser has it for bodies.
  const reader = response.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    const error = counted(value.length)
    if (error) {
      await reader.cancel(error)
      throw error
    }
    text += decoder.decode(value, { stream: true })
    listener?.part(value)
  }
}

/**
 * A transport over any `fetch`: browsers, workers, a simulator in process.
 *
 * - Without an argument it is the global `fetch` of the moment of the call.
 * - Throws `InvalidRequest` for a limit that is not understood.
 * - A browser hides where a redirect leads: it is reported as a 302 without `location`.
 * - A browser hides why a connection failed as well: then the failure counts as `sent: "maybe"`.
 */
export const fetchTransport = (
  fetch: Fetch = (url, init) => globalThis.fetch(url, init),
  limit: AnswerLimit = {}
): Transport => {
  const size = answerSize(limit, fetchTransport)
  return transportOver(
    bySignal(async ({ url, method, headers, body }, signal, listener) => {
      const response = await fetch(url, {
        method,
        headers,
        signal,
        redirect: "manual",
        ...(body === undefined ? {} : { body })
      })
      const status = response.type === "opaqueredirect" ? 302 : response.status
      const answered = Object.fromEntries(response.headers)
      listener?.head(status, answered)
      return { status, headers: answered, text: await readText(response, size, listener) }
    })
  )
}
