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

/** Reads the body once: as a stream of events where the endpoint answers one, and the cloud did. */
export const readAnswer = (operation: string, response: WireResponse, stream = false): Answer => {
  const { status, headers, text, endedBy = "cloud" } = response
  const json = stream && isEventStream(response) ? { events: eventReader()(text), endedBy } : parsed(text)
  return { operation, json, status, headers, text }
}
