import { type Request, send } from "./call.ts"

/** One event of a stream. */
export interface StreamEvent {
  readonly id: string | null
  readonly name: string
  readonly data: unknown
}

const parse = (block: string): StreamEvent | null => {
  const fields = block.split("\n").map((line) => {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    return { field, value }
  })
  const data = fields.flatMap(({ field, value }) => (field === "data" ? [value] : [])).join("\n")
  if (data === "") return null
  const last = (name: string) => fields.findLast(({ field }) => field === name)?.value
  return { id: last("id") ?? null, name: last("event") ?? "message", data: JSON.parse(data) }
}

/** No byte for so long, in milliseconds: the connection is dead. */
const silence = 40_000

/**
 * Reads server-sent events by `fetch`, which sends the token in a header; it ends when the server ends it.
 *
 * - Throws `Failure` when it is refused, and the error of the connection when that breaks or is silent for 40 seconds.
 */
export const readStream = async (
  path: string,
  request: Request,
  onEvent: (event: StreamEvent) => void
): Promise<void> => {
  const dead = new AbortController()
  const signal = request.signal ? AbortSignal.any([request.signal, dead.signal]) : dead.signal
  let watch = setTimeout(() => dead.abort(), silence)
  try {
    const response = await send(path, { ...request, signal })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let rest = ""
    for (;;) {
      const { done = true, value = "" } = (await reader?.read()) ?? {}
      if (done) return
      clearTimeout(watch)
      watch = setTimeout(() => dead.abort(), silence)
      const blocks = (rest + value.replaceAll("\r", "")).split("\n\n")
      rest = blocks.pop() ?? ""
      for (const block of blocks) {
        const event = parse(block)
        if (event !== null) onEvent(event)
      }
    }
  } finally {
    clearTimeout(watch)
  }
}
