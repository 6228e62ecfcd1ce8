import * as Duration from "effect/Duration"
import type { Answer } from "./answer.ts"
import { type Limit, longestHold } from "./limit.ts"

const threshold = /threshold\s*=\s*([\d.]+)/i

const seconds = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : undefined
}

/**
 * Seconds, or the time until a date on the cloud's own clock.
 *
 * - Where the cloud does not say what time it is there, ours may be wrong by days: then no route rests longer than anybody
 *   waits unawares.
 */
const retryAfterHeader = ({ headers }: Answer, nowMillis: number): number | undefined => {
  const value = headers["retry-after"]
  const number = seconds(value)
  if (number !== undefined || value === undefined) return number
  const theirs = Date.parse(headers.date ?? "")
  if (!Number.isNaN(theirs)) return seconds(Math.max(0, (Date.parse(value) - theirs) / 1000))
  return seconds(Math.min(Duration.toSeconds(longestHold), Math.max(0, (Date.parse(value) - nowMillis) / 1000)))
}

/** What a refusal for calling too often says about when to call again. */
export interface BackoffHint {
  /** The least time to wait: the longest of what the header, the body and the route's limit say. */
  readonly wait: Duration.Duration | undefined
  /** The least time between two calls of the route, as Vast writes it: `threshold=4.5`, in seconds. */
  readonly interval: Duration.Duration | undefined
}

/** Reads `Retry-After` (seconds or a date), `retry_after` in the body and `threshold=` anywhere in it. */
export const backoffHint = (answer: Answer, limit: Limit | undefined, nowMillis: number): BackoffHint => {
  const { json, text } = answer
  const body =
    typeof json === "object" && json !== null && "retry_after" in json ? seconds(json.retry_after) : undefined
  const interval = seconds(threshold.exec(text)?.[1])
  const known = [retryAfterHeader(answer, nowMillis), body, interval, limit && limit.perSeconds / limit.calls].filter(
    (value) => value !== undefined
  )
  return {
    wait: known.length > 0 ? Duration.seconds(Math.max(...known)) : undefined,
    interval: interval === undefined ? undefined : Duration.seconds(interval)
  }
}
