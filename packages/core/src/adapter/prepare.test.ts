import * as Result from "effect/Result"
import fc from "fast-check"
import { expect, test } from "vitest"
import * as z from "zod"
import { endpoint } from "./endpoint.ts"
import { type LooseInput, prepare } from "./prepare.ts"

const search = endpoint({
  operation: "offers",
  method: "POST",
  path: "/api/v0/asks/{id}/keys/{key}/",
  query: z.strictObject({ limit: z.number().optional(), filter: z.unknown().optional(), all: z.boolean().optional() }),
  body: z.strictObject({ label: z.string().max(5) }),
  answer: z.unknown(),
  repeat: "safe",
  source: "test"
})

const params = { id: 1, key: "a" }
const body = { label: "x" }

const issues = (input: LooseInput) => {
  const result = prepare(search, input)
  return Result.isFailure(result) ? result.failure.issues : []
}

test("writes out the path, the query and the body", () => {
  const query = { limit: 3, filter: { label: { eq: "a b" } }, all: true }
  expect(Result.getOrThrow(prepare(search, { params, query, body }))).toEqual({
    path: "/api/v0/asks/1/keys/a/",
    shownPath: "/api/v0/asks/1/keys/a/?limit&filter&all",
    search: "?limit=3&filter=%7B%22label%22%3A%7B%22eq%22%3A%22a+b%22%7D%7D&all=true",
    body: '{"label":"x"}'
  })
})

test("any parameter arrives as one segment of the path", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (key) => {
      fc.pre(key !== "." && key !== "..")
      const { path } = Result.getOrThrow(prepare(search, { params: { id: 1, key }, body }))
      const segments = new URL(`https://cloud.test${path}`).pathname.split("/")
      expect(segments).toHaveLength(8)
      expect(decodeURIComponent(segments[6] ?? "")).toBe(key)
    })
  )
})

test.each<[string, LooseInput, string]>([
  ["a missing parameter", { params: { id: 1 }, body }, "params.key"],
  ["an empty parameter", { params: { id: 1, key: "" }, body }, "params.key"],
  ["a step up in the path", { params: { id: 1, key: ".." }, body }, "params.key"],
  ["a number that is NaN", { params: { id: Number.NaN, key: "a" }, body }, "params.id"],
  ["an unknown parameter", { params: { ...params, other: 1 }, body }, "params.other"],
  ["a wrong query value", { params, query: { limit: "3" }, body }, "query.limit"],
  ["an unknown query value", { params, query: { limt: 3 }, body }, "query"],
  ["a wrong body", { params, body: { label: "too long" } }, "body.label"],
  ["no body", { params }, "body.label"]
])("%s is an issue with its path", (_, input, path) => {
  expect(issues(input).map((issue) => issue.path)).toEqual([path])
})

test("a body or query for a route that takes none is refused, not dropped", () => {
  const bare = endpoint({
    operation: "x",
    method: "GET",
    path: "/x",
    answer: z.unknown(),
    repeat: "safe",
    source: "test"
  })
  const result = prepare(bare, { body: {}, query: { a: 1 } })
  expect(Result.isFailure(result) && result.failure.issues.map(({ path }) => path)).toEqual(["query", "body"])
})

test("a body of nothing but optional fields is sent even when it is left out", () => {
  const reboot = endpoint({
    operation: "restart",
    method: "PUT",
    path: "/x",
    body: z.strictObject({ force: z.boolean().optional() }),
    answer: z.unknown(),
    repeat: "never",
    source: "test"
  })
  expect(Result.getOrThrow(prepare(reboot, {})).body).toBe("{}")
})
