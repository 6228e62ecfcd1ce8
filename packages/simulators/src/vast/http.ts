import type * as door from "../kit/door.ts"
import { ok, type Reply } from "../kit/http.ts"
import type { World } from "./world.ts"

/** One request as a handler sees it. */
export type Call = door.Call<World>

/** `{ success: true }` with whatever else the route adds. */
export const success = (more: Readonly<Record<string, unknown>> = {}): Reply => ok({ success: true, ...more })

/** The usual error body `{ success: false, error, msg }`. Source: Vast docs, rate limits and errors. */
export const failure = (
  status: number,
  error: string,
  msg: string,
  more: Readonly<Record<string, unknown>> = {}
): Reply => ({ status, json: { success: false, error, msg, ...more } })

/** The error body of the routes that omit `success`: search, list and logs. Source: Vast docs, their 400, 403 and 404. */
export const bareFailure = (status: number, error: string, msg: string): Reply => ({ status, json: { error, msg } })

/** An XML answer of the storage service that keeps uploaded logs. */
export const xmlFailure = (status: number, code: string, message: string): Reply => ({
  status,
  text: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  contentType: "application/xml"
})

/** The number in a path, or undefined when it isn't one. */
export const idIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined

/** An invalid JSON body. Source: Vast docs, GET /api/v0/instances/{id}/, component of the 400 answer. */
export const invalidJson = (): Reply => failure(400, "invalid_args", "error 400/1782: Invalid args: invalid json: {}")
