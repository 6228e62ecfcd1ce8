/** A request as it came in, before routing. */
export interface Incoming {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: string
  /** The origin of the loopback server through which it came; null in process. */
  readonly server: string | null
}

/** One answer: a status and either JSON or text; neither is an empty body. */
export interface Reply {
  readonly status: number
  readonly json?: unknown
  readonly text?: string
  /** Default: JSON, or plain text when there is `text`. */
  readonly contentType?: string
  /** After its text it stays open until its reader goes away, as a stream of events does. */
  readonly staysOpen?: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** What a request says beyond its route: query and body, parsed. */
export interface Sent {
  readonly query: URLSearchParams
  /** The JSON body; an empty object when there was none or it was no object (see `bodyIsJson`). */
  readonly body: Readonly<Record<string, unknown>>
  /** Whether the body was empty or a JSON object. */
  readonly bodyIsJson: boolean
}

/** Whether what a check answers is a refusal, and not what it has read. */
export const isReply = (value: unknown): value is Reply => isObject(value) && typeof value.status === "number"

/** A 200 with JSON. */
export const ok = (json: unknown): Reply => ({ status: 200, json })

/** A status with plain text. */
export const plain = (status: number, text: string): Reply => ({
  status,
  text,
  contentType: "text/plain; charset=utf-8"
})

/** Whether a value is a JSON object. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Parses what a request sent; a body that is not a JSON object gets a result of its own, and is never thrown. */
export const sentIn = ({ url, body }: Incoming): Sent => {
  const query = url.searchParams
  if (body.trim() === "") return { query, body: {}, bodyIsJson: true }
  try {
    const parsed: unknown = JSON.parse(body)
    return isObject(parsed) ? { query, body: parsed, bodyIsJson: true } : { query, body: {}, bodyIsJson: false }
  } catch {
    return { query, body: {}, bodyIsJson: false }
  }
}
