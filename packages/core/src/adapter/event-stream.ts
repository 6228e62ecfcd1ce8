/** One event of a stream of server-sent events. */
export interface ServerEvent {
  /** Where the stream can be taken up again; null while it has named no place. */
  readonly id: string | null
  /** Its type; `message` where it names none. */
  readonly event: string
  /** Its data: JSON where it is, else text. */
  readonly data: unknown
}

const dataOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * Reads a stream of server-sent events piece by piece; answers the events that each piece completes.
 *
 * - Comments, keep-alives and an event that the stream's end cuts off are none.
 *
 * Source: WHATWG HTML, server-sent events, "interpreting an event stream".
 */
export const eventReader = (): ((piece: string) => ReadonlyArray<ServerEvent>) => {
  let rest = ""
  let isFirst = true
  let id: string | null = null
  let event = ""
  let data: string[] = []
  const events: ServerEvent[] = []

  const take = (line: string): void => {
    if (line === "") {
      if (data.length > 0) events.push({ id, event: event || "message", data: dataOf(data.join("\n")) })
      event = ""
      data = []
      return
    }
    const colon = line.indexOf(":")
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "")
    if (field === "data") data.push(value)
    if (field === "event") event = value
    if (field === "id" && !value.includes("\0")) id = value
  }

  return (piece) => {
    rest += isFirst ? piece.replace(/^\uFEFF/, "") : piece
    if (piece !== "") isFirst = false
    // A carriage return at the very end may be the first half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ""
    for (const line of lines) take(line)
    return events.splice(0)
  }
}
