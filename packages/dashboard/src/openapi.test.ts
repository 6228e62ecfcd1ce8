import { beforeAll, expect, test } from "vitest"
import { remoteOperations } from "./calls.ts"
import { openApi } from "./openapi.ts"

// biome-ignore lint/suspicious/noExplicitAny: a test looks into what it expects
let document: any
beforeAll(async () => {
  document = JSON.parse(JSON.stringify(await openApi()))
})

/** Every reference in a part of the document. */
const refsIn = (part: unknown): ReadonlyArray<string> => {
  if (typeof part !== "object" || part === null) return []
  return Object.entries(part).flatMap(([name, value]) =>
    name === "$ref" && typeof value === "string" ? [value] : refsIn(value)
  )
}

const at = (ref: string): unknown =>
  ref
    .replace(/^#\//, "")
    .split("/")
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce(
      (part: unknown, name) => (typeof part === "object" && part !== null ? Reflect.get(part, name) : undefined),
      document
    )

test("the document has each operation that can be called from elsewhere, with its input and its answer", () => {
  for (const [name, { effect }] of remoteOperations) {
    const { post } = document.paths[`/api/v1/${name}`]
    expect(post).toMatchObject({ operationId: name, tags: [effect] })
    expect(post.requestBody.content["application/json"].schema).toMatchObject({ type: "object" })
    expect(post.responses["200"].content["application/json"].schema).toBeTypeOf("object")
    expect(`/api/v1/${name}/follow` in document.paths).toBe(effect === "read")
  }
  expect(document.paths["/api/v1/copy"]).toBeUndefined()
})

test("every reference in it leads somewhere", () => {
  const refs = new Set(refsIn(document))
  expect(refs.size).toBeGreaterThan(20)
  expect([...refs].filter((ref) => at(ref) === undefined)).toEqual([])
})

test("what rents needs a key in it, and a quote does not", () => {
  const required = (name: string): ReadonlyArray<string> =>
    document.paths[`/api/v1/${name}`].post.requestBody.content["application/json"].schema.required
  expect(required("launch")).toContain("key")
  expect(required("quote")).not.toContain("key")
})
