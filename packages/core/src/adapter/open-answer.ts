import type * as Duration from "effect/Duration"
import type { WireResponse } from "./transport.ts"

/** How an answer that may stay open for ever is read: whatever comes first ends it, and its connection is closed. */
export interface OpenAnswer {
  /** The longest that it is read, from its headers on. */
  readonly within: Duration.Duration
  /** The longest that nothing may come, once something has. */
  readonly quiet: Duration.Duration
  /** At most so many bytes; the last part that came is kept whole. */
  readonly bytes: number
  /** Makes a judge of one answer: given each part of the text as it comes, it says whether all is there that is wanted. */
  readonly hasAll: () => (text: string) => boolean
}

/** Who hears of an answer while it comes. */
export interface AnswerListener {
  readonly head: (status: number, headers: Readonly<Record<string, string>>) => void
  readonly part: (bytes: Uint8Array) => void
}

/** Calls back after a time, unless what it answers is called before. */
type After = (duration: Duration.Duration, run: () => void) => () => void

/** A reader of one open answer; `stop` ends its waits. */
export interface OpenReader extends AnswerListener {
  readonly stop: () => void
}

/**
 * Puts an open answer together while it comes, and ends it by its limits.
 *
 * - `end` hears of it once. An answer that ends by itself, or fails, before that is its transport's to report.
 */
export const openReader = (
  { within, quiet, bytes, hasAll }: OpenAnswer,
  after: After,
  end: (response: WireResponse) => void
): OpenReader => {
  const decoder = new TextDecoder()
  const isAll = hasAll()
  let head: Pick<WireResponse, "status" | "headers"> = { status: 0, headers: {} }
  let text = ""
  let length = 0
  let stopWithin = () => {}
  let stopQuiet = () => {}
  const stop = () => {
    stopWithin()
    stopQuiet()
  }
  const endBy = (endedBy: WireResponse["endedBy"]) => () => {
    stop()
    end({ ...head, text, endedBy })
  }
  return {
    stop,
    head: (status, headers) => {
      stop()
      head = { status, headers }
      stopWithin = after(within, endBy("time"))
    },
    part: (chunk) => {
      const piece = decoder.decode(chunk, { stream: true })
      text += piece
      length += chunk.length
      stopQuiet()
      if (isAll(piece)) return endBy("enough")()
      if (length >= bytes) return endBy("bytes")()
      stopQuiet = after(quiet, endBy("quiet"))
    }
  }
}
