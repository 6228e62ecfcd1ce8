import type { ServerResponse } from "node:http"
import { visibleJson } from "anygpu"
import { safeHeaders } from "./answer.ts"

/** One event of a stream. */
export interface StreamEvent {
  readonly event: string
  readonly data: object
  /** What a reader gives back to go on from here. */
  readonly id?: string
}

/** What a reader of a stream has not had yet. It keeps a place in what there is, and no copy of it. */
export interface Reader {
  /** The next event; null while there is none. */
  readonly next: () => StreamEvent | null
  /** Whether nothing follows, once `next` answers null. */
  readonly isOver?: () => boolean
}

/** Times of a stream, in milliseconds. */
const [heartbeatEvery, mostPatience] = [15_000, 120_000]

const textOf = ({ event, data, id }: StreamEvent): string =>
  `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${visibleJson(JSON.stringify(data))}\n\n`

/** Where the events of a stream go, and what they are. */
export interface EventStream {
  readonly response: ServerResponse
  /** Cuts the stream when it is aborted. */
  readonly signal: AbortSignal
  readonly reader: Reader
  /** Hears of news by calling what it is given; what it answers ends that. */
  readonly listen: (wake: () => void) => () => void
}

/**
 * Answers with server-sent events until the reader goes away, or there are no more.
 *
 * - A reader that is slower than what happens is not written to until it has read: what is next is asked for only then, so
 *   that it costs no more memory than one event. One that reads nothing for two minutes is cut off.
 */
export const sendEvents = async ({ response, signal, reader, listen }: EventStream): Promise<void> => {
  if (signal.aborted || response.destroyed) return
  response.writeHead(200, {
    ...safeHeaders,
    ...{ "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" }
  })
  response.flushHeaders()
  let blockedSince: number | null = null
  const write = (text: string): void => {
    if (!response.write(text)) blockedSince = performance.now()
  }
  const pump = (): void => {
    while (blockedSince === null && !response.destroyed) {
      const event = reader.next()
      if (event === null) {
        if (reader.isOver?.()) response.end()
        return
      }
      write(textOf(event))
    }
  }
  const beat = setInterval(() => {
    if (blockedSince === null) write(": \n\n")
    else if (performance.now() - blockedSince > mostPatience) response.destroy()
  }, heartbeatEvery)
  response.on("drain", () => {
    blockedSince = null
    pump()
  })
  const cut = () => response.destroy()
  signal.addEventListener("abort", cut)
  const stop = listen(pump)
  pump()
  await new Promise<void>((resolve) => response.once("close", resolve))
  clearInterval(beat)
  stop()
  signal.removeEventListener("abort", cut)
}
