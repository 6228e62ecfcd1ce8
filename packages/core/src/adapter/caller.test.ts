import { inspect } from "node:util"
import * as Duration from "effect/Duration"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import { describe, expect, test } from "vitest"
import * as z from "zod"
import { NoCapacity, NotFound } from "../errors.ts"
import { cloud, create, failure, image, key, run, show } from "./fake-cloud.test-support.ts"

test("sends headers, query and body, and decodes the answer", async () => {
  const { caller, sent } = cloud([{ text: '{"new_contract":5}' }])
  const exit = await run(caller.call(create, { params: { id: 3 }, body: image, headers: { "Idempotency-Key": "m1" } }))
  expect(exit).toEqual(Exit.succeed({ new_contract: 5 }))
  expect(sent).toEqual([
    {
      method: "PUT",
      url: "https://cloud.test/api/v0/asks/3/",
      headers: {
        accept: "application/json",
        "user-agent": "anygpu",
        "content-type": "application/json",
        authorization: `Bearer ${key}`,
        "idempotency-key": "m1"
      },
      timeout: Duration.seconds(30),
      body: '{"image":"ubuntu"}'
    }
  ])
})

test("an empty answer is undefined to the schema", async () => {
  const { caller } = cloud([{ status: 204 }])
  expect(await run(caller.call(create, { params: { id: 3 }, body: image }))).toEqual(Exit.succeed(undefined))
})

test("a wrong request names its fields, and nothing is sent", async () => {
  const { caller, sent } = cloud([{}])
  const body = { image: "a", onstrat: "x" }
  const error = await failure(caller.call(create, { params: { id: "" }, body, kind: "container" }))
  expect(error).toMatchObject({ _tag: "InvalidRequest", provider: "vast", operation: "launch", kind: "container" })
  expect(error.message).toBe('params.id: is missing; body: Unrecognized key: "onstrat"')
  expect(sent).toEqual([])
})

test("a key with a line break is refused before it is sent", async () => {
  const { caller, sent } = cloud([{}], { headers: () => ({ "x-api-key": Redacted.make(`${key}\n`) }) })
  const error = await failure(caller.call(show, { params: { id: 1 } }))
  expect(error.message).toMatch(/^headers.x-api-key: has a line break/)
  expect(sent).toEqual([])
})

describe("errors by status", () => {
  test.each([
    [400, "InvalidRequest", "permanent"],
    [401, "Unauthenticated", "permanent"],
    [402, "OutOfFunds", "permanent"],
    [403, "PermissionDenied", "permanent"],
    [404, "BadResponse", "temporary"],
    [405, "Unsupported", "permanent"],
    [408, "ProviderFault", "temporary"],
    [409, "Conflict", "temporary"],
    [410, "Unsupported", "permanent"],
    [422, "InvalidRequest", "permanent"],
    [500, "ProviderFault", "temporary"],
    [501, "Unsupported", "permanent"],
    [504, "ProviderFault", "temporary"]
  ])("%i is %s", async (status, tag, retry) => {
    const { caller, sent } = cloud([{ status, text: '{"msg":"because"}', headers: { "x-request-id": "r1" } }])
    const error = await failure(caller.call(create, { params: { id: 3 }, body: image, kind: "vm" }))
    expect(error).toMatchObject({
      _tag: tag,
      retry,
      provider: "vast",
      operation: "launch",
      kind: "vm",
      requestId: "r1",
      http: { method: "PUT", url: "https://cloud.test/api/v0/asks/3/", status }
    })
    expect(error.message).toContain(`launch: the cloud answered ${status} (because)`)
    expect(sent).toHaveLength(1)
  })

  test("a redirect names its target without a query", async () => {
    const { caller } = cloud([{ status: 301, headers: { location: "https://x.test/a/?api_key=s" } }])
    const error = await failure(caller.call(show, { params: { id: 1 } }))
    expect(error).toMatchObject({ _tag: "BadResponse", retry: "permanent" })
    expect(error.message).toContain("redirect to https://x.test/a/: check baseUrl")
  })

  test("the URL of an error has the names of the query and not the values", async () => {
    const { caller } = cloud([{ status: 404 }])
    const error = await failure(caller.call(show, { params: { id: 1 }, query: { owner: "me" } }))
    expect(error.http?.url).toBe("https://cloud.test/api/v0/instances/1/?owner")
  })
})

describe("the adapter's word", () => {
  test("is asked about a 200 as well, and its error keeps its data", async () => {
    const { caller } = cloud([{ text: '{"success":false,"msg":"no_such_ask"}' }], {
      classify: ({ json }) =>
        typeof json === "object" && json !== null && "success" in json && json.success === false
          ? new NoCapacity({ message: "gone", retry: "permanent", requestId: "own" })
          : null
    })
    const error = await failure(caller.call(create, { params: { id: 3 }, body: image }))
    expect(error).toMatchObject({ _tag: "NoCapacity", message: "gone", requestId: "own", http: { status: 200 } })
  })

  test("rests on the answer as it came even when a sensitive value equals the cloud's code", async () => {
    const { caller } = cloud([{ status: 400, text: '{"error":"no_such_instance"}' }], {
      classify: ({ json }) =>
        (json as { error: string }).error === "no_such_instance"
          ? new NotFound({ message: "no_such_instance", retry: "permanent" })
          : null
    })
    const body = { image: "a", env: { MODE: "no_such_instance" } }
    const error = await failure(caller.call(create, { params: { id: 3 }, body }))
    expect(error._tag).toBe("NotFound")
    expect(inspect(error)).not.toContain("no_such_instance")
  })

  test("may cut an echoed secret short without giving away half of it", async () => {
    const secret = "hunter2".repeat(20)
    const { caller } = cloud([{ status: 400, text: `{"error":"bad env ${secret}"}` }], {
      classify: ({ json }) =>
        new NotFound({ message: (json as { error: string }).error.slice(0, 40), retry: "permanent" })
    })
    const error = await failure(caller.call(create, { params: { id: 3 }, body: { image: "a", env: { A: secret } } }))
    expect(error.message).toBe("bad env <redacted>")
  })

  test("failing is a BadResponse and not a crash", async () => {
    const { caller } = cloud([{ text: "null" }], { classify: ({ json }) => (json as { error: null }).error })
    expect(await failure(caller.call(create, { params: { id: 3 }, body: image }))).toMatchObject({
      _tag: "BadResponse"
    })
  })
})

describe("answers that are not what the documents say", () => {
  test.each([
    ["HTML", "<!doctype html><title>Sign in</title>", 'text/html, 37 characters, starts with "<!doctype html>'],
    ["a cut-off answer", '{"instances":[{"id":1', 'starts with "{\\"instances\\":[{\\"id\\":1"']
  ])("%s is quoted in part", async (_, text, quoted) => {
    const { caller, sent } = cloud([{ text, headers: { "content-type": "text/html" } }])
    const error = await failure(caller.call(show, { params: { id: 1 } }))
    expect(error).toMatchObject({ _tag: "BadResponse", path: "", retry: "exhausted" })
    expect(error.message).toContain(quoted)
    expect(sent).toHaveLength(2)
  })

  test("drift names the field and the types, never the value", async () => {
    const { caller, sent } = cloud([{ text: '{"instances":[{"id":1},{"id":"hello"}]}' }])
    const error = await failure(caller.call(show, { params: { id: 1 } }))
    expect(error).toMatchObject({ _tag: "BadResponse", path: "instances[1].id", retry: "permanent" })
    expect(error.message).toContain("at instances[1].id: expected number, received string")
    expect(inspect(error)).not.toContain("hello")
    expect(sent).toHaveLength(1)
  })
})

test.each([
  "nonsense",
  "ftp://cloud.test",
  "http://cloud.test",
  "http://localhost.evil.test",
  "https://user:pw@cloud.test",
  "https://cloud.test/?api_key=x"
])("baseUrl %s is refused at construction", (baseUrl) => {
  expect(() => cloud([{}], { baseUrl })).toThrow(/^baseUrl: /)
  expect(() => cloud([{}], { baseUrl })).not.toThrow(/pw|api_key=x/)
})

test.each(["http://127.0.0.1:8080/api/v1/", "http://localhost:1", "http://[::1]:1/", "https://cloud.test/api/v1"])(
  "baseUrl %s is fine, with or without a slash at its end",
  async (baseUrl) => {
    const { caller, sent } = cloud([{ status: 404 }], { baseUrl })
    await failure(caller.call(show, { params: { id: 1 } }))
    expect(sent[0]?.url).toBe(`${baseUrl.replace(/\/$/, "")}/api/v0/instances/1/`)
  }
)

test("an answer in bare text is one where the endpoint says so, and a page is still none", async () => {
  const id = z.string().regex(/^[a-z]+-\d+$/)
  const strict = {
    ...create,
    bareText: true,
    answer: z.union([id, z.object({ id }).transform((one) => one.id)])
  } as const
  const input = { params: { id: 1 }, body: image }
  for (const text of ["m-4711\n", '"m-4711"', '{"id":"m-4711"}']) {
    expect(await run(cloud([{ text }]).caller.call(strict, input))).toEqual(Exit.succeed("m-4711"))
  }
  for (const text of ["<html>", "", "m-4711 m-4712"]) {
    expect((await failure(cloud([{ text }]).caller.call(strict, input)))._tag).toBe("BadResponse")
  }
  const { bareText: _, ...plain } = strict
  expect((await failure(cloud([{ text: "m-4711" }]).caller.call(plain, input)))._tag).toBe("BadResponse")
})
