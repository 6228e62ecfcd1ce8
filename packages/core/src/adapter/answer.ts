import type { WireResponse } from "./transport.ts"

/** One answer of a cloud as an adapter classifies it. */
export interface Answer extends WireResponse {
  readonly operation: string
  /** The parsed body; `undefined` when it is empty or not JSON. */
  readonly json: unknown
}

/** Reads the body once. */
export const readAnswer = (operation: string, response: WireResponse): Answer => {
  let json: unknown
  try {
    json = JSON.parse(response.text)
  } catch {
    json = undefined
  }
  const { status, headers, text } = response
  return { operation, json, status, headers, text }
}
