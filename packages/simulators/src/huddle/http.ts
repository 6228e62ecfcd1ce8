import { isObject, ok, type Reply, type Sent } from "../kit/http.ts"
import type { World } from "./world.ts"

/** One request as a handler sees it: routed, authorized, its body parsed. */
export interface Call extends Sent {
  readonly world: World
  readonly params: Readonly<Record<string, string>>
}

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

/** A field that must be a text with something in it. */
export const textIn = (body: Call["body"], name: string): string | undefined => {
  const value = body[name]
  return typeof value === "string" && value !== "" ? value : undefined
}

/** A list of texts, or undefined when it's something else. */
export const textsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.every((one): one is string => typeof one === "string" && one !== "") ? value : undefined

/** A whole number of at least one, as sizes in GB are. */
export const isSize = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 1

/** The objects of a list, or undefined when it's something else. */
export const objectsIn = (value: unknown): ReadonlyArray<Readonly<Record<string, unknown>>> | undefined =>
  Array.isArray(value) && value.every(isObject) ? value : undefined

/** A moment as the documents show them, in UTC and whole seconds. */
export const timestamp = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, "Z")

/** A number in the query, or the default when it's none or too small. */
export const numberIn = (query: URLSearchParams, name: string, fallback: number, most: number): number => {
  const given = Number(query.get(name) ?? "")
  return Number.isInteger(given) && given >= 1 ? Math.min(given, most) : fallback
}
