/** How much a line of the log matters. */
export type LogLevel = "info" | "warn" | "error"

/** Writes a line: what happened, and the fields that belong to it. No secret is among them. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void

/** A log of one JSON object a line. `now` is in epoch milliseconds. */
export const jsonLog =
  (write: (line: string) => void, now: () => number = Date.now): Log =>
  (level, event, fields = {}) =>
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, event, ...fields })}\n`)

/** What an error says, for the log. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
