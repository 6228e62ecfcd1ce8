import type { ServerResponse } from "node:http"
import { visibleJson } from "anygpu"
import { failureJson, Refused, statusOf } from "./failure.ts"

/** What every answer says, whatever it is. */
export const safeHeaders: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin"
}

/** Answers with JSON, which nobody else keeps. */
export const sendJson = (
  response: ServerResponse,
  status: number,
  json: object,
  headers: Readonly<Record<string, string>> = {}
): void => {
  const own = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" }
  response.writeHead(status, { ...safeHeaders, ...own, ...headers }).end(`${visibleJson(JSON.stringify(json))}\n`)
}

/** Answers with what was thrown; a stream that has begun is cut. */
export const sendFailure = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent) response.destroy()
  else sendJson(response, statusOf(error), failureJson(error), error instanceof Refused ? error.headers : {})
}
