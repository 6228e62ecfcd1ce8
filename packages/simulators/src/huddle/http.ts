import type * as door from "../kit/door.ts"
import { ok, type Reply } from "../kit/http.ts"
import type { World } from "./world.ts"

/** One request as a handler sees it. */
export type Call = door.Call<World>

/** The codes of errors, by status. Source: Huddle01 docs, Deployments, Error Handling. */
const codes = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  402: "INSUFFICIENT_CREDITS",
  404: "NOT_FOUND",
  409: "CONFLICT",
  500: "INTERNAL"
} as const

/** A status with a documented code. */
export type ErrorStatus = keyof typeof codes

/** `{ code: "OK", data }`. Source: Huddle01 docs, Deployments. Which 2xx an answer has is undocumented: 200. */
export const answer = (data: unknown): Reply => ok({ code: "OK", data })

/** A list as `{ code, data: { data, meta } }`. Source: Huddle01 docs, List available GPUs, List volumes. */
export const page = (rows: readonly unknown[], meta: Readonly<Record<string, unknown>>): Reply =>
  answer({ data: rows, meta })

/** What a delete answers is undocumented: nothing, which the official client takes for done. */
export const done: Reply = { status: 204 }

/** `{ code, error }`. Source: Huddle01 docs, GPU Billing. The texts are placeholders there, so nobody may read them. */
export const refusal = (status: ErrorStatus, error: string): Reply => ({
  status,
  json: { code: codes[status], error }
})

/** The 400 of a field that isn't there. Source: Huddle01 docs, Deploy cluster. */
export const missing = (field: string): Reply => refusal(400, `Missing required field: ${field}`)

/** The 400 of a field that can't be; its words are undocumented. */
export const invalid = (field: string): Reply => refusal(400, `Invalid field: ${field}`)

/** The 404 of anything that isn't there. */
export const notFound = (what: string): Reply => refusal(404, `${what} not found`)
