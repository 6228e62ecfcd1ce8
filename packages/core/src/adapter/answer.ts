import type { Endpoint } from "./endpoint.ts"
import { eventReader } from "./event-stream.ts"
import type { WireResponse } from "./transport.ts"

/** One answer of a cloud as an adapter classifies it. */
export interface Answer extends WireResponse {
  readonly operation: string
  /** The parsed body; of a stream, its events and what ended it. `undefined` when it is empty or not JSON. */
  readonly json: unknown
}

const isEventStream = ({ headers }: WireResponse): boolean =>
  headers["content-type"]?.startsWith("text/event-stream") === true

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What stands in place of a text that may hold a secret. */
const unshown = "(not shown: it may hold a secret)"

/**
 * Reads the body once: as a stream of events where the endpoint answers one, and the cloud did.
 *
 * - Of an answer that holds secrets, and is no JSON, nothing is kept: no error can quote it.
 */
export const readAnswer = (
  { operation, stream, secretAnswer }: Pick<Endpoint, "operation" | "stream" | "secretAnswer">,
  response: WireResponse
): Answer => {
  const { status, headers, endedBy = "cloud" } = response
  const isStream = stream !== undefined && isEventStream(response)
  const json = isStream ? { events: eventReader()(response.text), endedBy } : parsed(response.text)
  const text = secretAnswer && json === undefined && response.text.trim() !== "" ? unshown : response.text
  return { operation, json, status, headers, text }
}
