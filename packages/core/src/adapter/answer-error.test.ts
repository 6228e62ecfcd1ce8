import * as Exit from "effect/Exit"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { endpoint } from "./endpoint.ts"
import { cloud, failure, key, run } from "./fake-cloud.test-support.ts"

/** A list whose null is an empty one. */
const list = endpoint({
  operation: "list",
  method: "GET",
  path: "/machines",
  answer: z.object({ data: z.array(z.unknown()).nullable() }),
  repeat: "never",
  source: "test"
})

describe("a 200 that carries an error holds no list, also where there is an empty one", () => {
  test.each([
    [{ data: [], error: "the backend is down" }, "ProviderFault", "the backend is down"],
    [{ data: null, error: { message: "the backend is down" } }, "ProviderFault", "the backend is down"],
    [{ data: null, errors: [{ message: "x" }] }, "ProviderFault", "whether it took effect"],
    [{ data: [], success: false, msg: "try later" }, "ProviderFault", "try later"],
    [{ data: null, error: "Unauthorized" }, "Unauthenticated", "check the API key"],
    [{ data: null, error: "nope", statusCode: 401 }, "Unauthenticated", "check the API key"],
    [{ data: [], error: { code: 403, message: "not yours" } }, "PermissionDenied", "not yours"]
  ])("%j", async (body, tag, words) => {
    const { caller } = cloud([{ text: JSON.stringify(body) }])
    const error = await failure(caller.call(list))
    expect(error).toMatchObject({ _tag: tag, provider: "vast", operation: "list", http: { status: 200 } })
    expect(error.message).toContain(words)
  })

  test("the key that it repeats is not shown", async () => {
    const { caller } = cloud([{ text: JSON.stringify({ data: null, error: `invalid key ${key}` }) }])
    const error = await failure(caller.call(list))
    expect(error._tag).toBe("Unauthenticated")
    expect(error.message).not.toContain(key)
  })
})

test.each([
  { data: [] },
  { data: [1], error: null },
  { data: [1], error: "", errors: [] },
  { data: [1], success: true, error: false },
  { data: null, error: {} }
])("%j is a list", async (body) => {
  const { caller } = cloud([{ text: JSON.stringify(body) }])
  expect(await run(caller.call(list))).toEqual(Exit.succeed({ data: body.data }))
})
