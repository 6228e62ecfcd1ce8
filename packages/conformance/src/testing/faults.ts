/** What comes back: a status and a text, or nothing at all. */
export interface Reply {
  readonly status: number
  readonly text: string
}

/** The connection broke. */
export class Reset extends Error {
  readonly sent: boolean
  constructor(sent: boolean) {
    super("connection reset")
    this.sent = sent
  }
}

/** What happens to a request instead of, or after, its effect. */
export type Fault =
  | "reset"
  | "500"
  | "429"
  | "401"
  | "html"
  | "cut"
  | "malformed"
  | "hang"
  | "capacity"
  | "funds"
  | "quota"

/** A reply in JSON. */
export const json = (body: unknown, status = 200): Reply => ({ status, text: JSON.stringify(body) })

/** How a faulty answer looks; the effect took place or not, whatever it says. */
export const spoil = (fault: Fault, reply: Reply, signal: AbortSignal): Reply | Promise<Reply> => {
  switch (fault) {
    case "reset":
      throw new Reset(true)
    case "500":
      return json({ error: "internal" }, 500)
    case "429":
      return json({ error: "slow down" }, 429)
    case "401":
      return json({ error: "who are you" }, 401)
    case "html":
      return { status: 200, text: "<html><body>Bad gateway</body></html>" }
    case "cut":
      return { status: 200, text: reply.text.slice(0, reply.text.length >> 1) }
    case "malformed":
      return { status: 200, text: "{'items': ]" }
    case "capacity":
      return json({ error: "gone" }, 410)
    case "quota":
      return json({ error: "the quota of the account is used up" }, 403)
    case "funds":
      return json({ error: "no money" }, 402)
    case "hang":
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }))
  }
}
