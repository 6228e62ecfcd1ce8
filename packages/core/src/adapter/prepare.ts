import * as Result from "effect/Result"
import type * as z from "zod"
import { InvalidRequest, type Issue } from "../errors.ts"
import type { Endpoint } from "./endpoint.ts"
import { pathText } from "./issue-text.ts"

/** What a call is given, its types no longer known. */
export interface LooseInput {
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: unknown
  readonly body?: unknown
}

/** A validated request, short of its host and headers. */
export interface Prepared {
  readonly path: string
  /** The same path with the names of the query and without their values, for errors. */
  readonly shownPath: string
  readonly search: string
  readonly body?: string
}

const placeholder = /\{(\w+)\}/g

const badParam = (value: string | number | undefined): string | undefined => {
  if (value === undefined || value === "") return "is missing"
  if (typeof value === "number" && !Number.isFinite(value)) return "is not a number"
  // A URL parser would take these for steps in the path and lead to another route.
  return value === "." || value === ".." ? "is not an id" : undefined
}

const fillPath = (endpoint: Endpoint, params: NonNullable<LooseInput["params"]>, issues: Array<Issue>): string => {
  const path = endpoint.path.replace(placeholder, (_, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined
    const problem = badParam(value)
    if (problem !== undefined) issues.push({ path: `params.${name}`, problem })
    return encodeURIComponent(String(value).toWellFormed())
  })
  for (const name of Object.keys(params)) {
    if (!endpoint.path.includes(`{${name}}`))
      issues.push({ path: `params.${name}`, problem: "is not part of the path" })
  }
  return path
}

const validate = (
  part: "query" | "body",
  schema: z.ZodType | undefined,
  value: unknown,
  issues: Array<Issue>
): unknown => {
  if (schema === undefined) {
    if (value !== undefined) issues.push({ path: part, problem: "this route takes none" })
    return undefined
  }
  const parsed = schema.safeParse(value === undefined ? {} : value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues)
    issues.push({ path: pathText([part, ...issue.path]), problem: issue.message })
  return undefined
}

const queryPairs = (query: unknown): ReadonlyArray<readonly [name: string, value: string]> =>
  Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === "object" ? JSON.stringify(value) : String(value)] as const]
  )

/**
 * Checks everything that is about to be sent against the endpoint, and writes it out.
 *
 * - Parameters of the path are percent-encoded; objects and arrays in the query are JSON.
 * - Fails with `InvalidRequest` that names every wrong, missing or unknown value.
 */
export const prepare = (endpoint: Endpoint, input: LooseInput): Result.Result<Prepared, InvalidRequest> => {
  const issues: Array<Issue> = []
  const path = fillPath(endpoint, input.params ?? {}, issues)
  const pairs = queryPairs(validate("query", endpoint.query, input.query, issues))
  const body = validate("body", endpoint.body, input.body, issues)
  if (issues.length > 0) return Result.fail(InvalidRequest.all(issues))
  const names = pairs.map(([name]) => encodeURIComponent(name)).join("&")
  return Result.succeed({
    path,
    shownPath: path + (names && `?${names}`),
    search: pairs.length > 0 ? `?${new URLSearchParams(pairs.map(([name, value]) => [name, value]))}` : "",
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
}
