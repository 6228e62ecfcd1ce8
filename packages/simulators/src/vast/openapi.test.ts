import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { afterAll, describe, expect, it } from "vitest"
import { parse } from "yaml"
import { type Answer, createClient, publicKey } from "../testing/client.ts"

interface Operation {
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema?: Json }> }>>
}
type Json = Record<string, unknown>

const source = readFileSync(new URL("../fixtures/vast-openapi.yaml", import.meta.url), "utf8")
const published = parse(source) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { properties: Json }> }
}

/** Where the published document is wrong about answers, and what is true. Everything else is validated as published. */
const corrections: ReadonlyArray<{
  readonly operation: string
  readonly reason: string
  readonly correct: (document: typeof published) => void
}> = [
  {
    operation: "GET /api/v0/instances/{id}/",
    reason: "an unknown id answers null: the official client's code and tests",
    correct: ({ paths }) => {
      const content = paths["/api/v0/instances/{id}/"]?.get?.responses["200"]?.content?.["application/json"]
      if (content === undefined) throw new Error("the document has changed")
      const instance = { oneOf: [{ $ref: "#/components/schemas/Instance" }, { type: "null" }] }
      content.schema = { type: "object", required: ["instances"], properties: { instances: instance } }
    }
  },
  {
    operation: "GET /api/v0/instances/{id}/",
    reason: "`ports` is a map or null, as the v1 list's schema and the client say",
    correct: ({ components }) => {
      Object.assign(components.schemas.Instance?.properties ?? {}, { ports: { type: ["object", "null"] } })
    }
  },
  {
    operation: "GET /api/v0/instances/{id}/",
    reason: "`extra_env` holds pairs, as the v1 list's schema and the client say",
    correct: ({ components }) => {
      const pairs = { type: "array", items: { type: "array", items: { type: "string" } } }
      Object.assign(components.schemas.Instance?.properties ?? {}, { extra_env: pairs })
    }
  },
  {
    operation: "GET /api/v1/instances/",
    reason: "`onstart` is null without a script: the same column is nullable, with null as example, in the show schema",
    correct: ({ paths }) => {
      const schema = paths["/api/v1/instances/"]?.get?.responses["200"]?.content?.["application/json"]?.schema
      const list = schema as { properties: { instances: { items: { properties: Json } } } } | undefined
      if (list === undefined) throw new Error("the document has changed")
      list.properties.instances.items.properties.onstart = { type: ["string", "null"] }
    }
  }
]

const document = structuredClone(published)
for (const { correct } of corrections) correct(document)

const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  formats: { float: true, int64: true, "date-time": (text: string) => !Number.isNaN(Date.parse(text)) }
})

/** Answers of which the document says nothing: the status isn't listed, or has no schema. */
const unpublished: Readonly<Record<string, string>> = {
  "POST /api/v0/bundles/ 403": "no header: published for charges only",
  "DELETE /api/v0/instances/{id}/ 401": "the destroy page lists no 401",
  "GET /api/v0/ssh/ 404": "listed without a schema",
  "GET /api/v0/ssh/ 401": "listed without a schema"
}

const seen = new Set<string>()

const check = (operation: string, { status, body }: Answer) => {
  const name = `${operation} ${status}`
  const [method = "", path = ""] = operation.split(" ")
  const schema = document.paths[path]?.[method.toLowerCase()]?.responses[status]?.content?.["application/json"]?.schema
  if (schema === undefined) {
    expect(unpublished, name).toHaveProperty([name])
    return
  }
  const validate = ajv.compile({ ...schema, components: document.components })
  expect(validate(body) ? [] : validate.errors, `${name} ${JSON.stringify(body).slice(0, 300)}`).toEqual([])
  seen.add(name)
}

describe("every published operation", () => {
  const fill = (path: string, id: number, key: number) =>
    path.replace("{id}", String(path.startsWith("/api/v0/ssh/") ? key : id)).replace("{ssh_key_id}", String(key))

  const open = async (options = {}) => {
    const client = createClient({ credit: 1000, ...options })
    const id = client.simulator.addMachine({ label: "contract", env: { A: "b" }, bid: 3 })
    const ask = async (operation: string, body?: unknown, at = id, key = 5001) => {
      const [method = "", path = ""] = operation.split(" ")
      const answer = await client.call(method, fill(path, at, key), body)
      check(operation, answer)
      return answer.status
    }
    const offer = (await client.call("POST", "/api/v0/bundles/", { limit: 1 })).body.offers[0].id
    return { ...client, ask, id, offer }
  }

  it("succeeds in the published form", async () => {
    const { ask, offer, simulator } = await open()
    expect(await ask("POST /api/v0/bundles/", { limit: 20 })).toBe(200)
    expect(await ask("PUT /api/v0/asks/{id}/", { image: "a", onstart: "x" }, offer)).toBe(200)
    for (let phase = 0; phase < 5; phase++) {
      expect(await ask("GET /api/v1/instances/")).toBe(200)
      expect(await ask("GET /api/v0/instances/{id}/")).toBe(200)
      expect(await ask("GET /api/v0/instances/{id}/", undefined, simulator.machines().at(-1)?.id)).toBe(200)
      await simulator.clock.sleep(25_000)
    }
    expect(await ask("GET /api/v0/instances/{id}/", undefined, 1)).toBe(200)
    expect(await ask("PUT /api/v0/instances/{id}/", { label: "x" })).toBe(200)
    expect(await ask("PUT /api/v0/instances/reboot/{id}/", {})).toBe(200)
    expect(await ask("PUT /api/v0/instances/recycle/{id}/", {})).toBe(200)
    expect(await ask("PUT /api/v0/instances/bid_price/{id}/", { client_id: "me", price: 4 })).toBe(200)
    expect(await ask("PUT /api/v0/instances/prepay/{id}/", { amount: 5 })).toBe(200)
    expect(await ask("GET /api/v0/instances/balance/{id}/")).toBe(200)
    expect(await ask("PUT /api/v0/instances/request_logs/{id}/", { tail: "10" })).toBe(200)
    expect(await ask("PUT /api/v0/instances/command/{id}/", { command: "ls" })).toBe(200)
    expect(await ask("POST /api/v0/ssh/", { ssh_key: publicKey })).toBe(200)
    expect(await ask("GET /api/v0/ssh/")).toBe(200)
    expect(await ask("PUT /api/v0/ssh/{id}/", { ssh_key: publicKey })).toBe(200)
    expect(await ask("POST /api/v0/instances/{id}/ssh/", { ssh_key: publicKey })).toBe(200)
    expect(await ask("GET /api/v0/instances/{id}/ssh/")).toBe(200)
    expect(await ask("DELETE /api/v0/instances/{id}/ssh/{ssh_key_id}/")).toBe(200)
    expect(await ask("DELETE /api/v0/ssh/{id}/")).toBe(200)
    expect(await ask("GET /api/v0/users/current/")).toBe(200)
    expect(await ask("DELETE /api/v0/instances/{id}/", {})).toBe(200)
  })

  it("fails in the published form", async () => {
    const { ask, offer, simulator, call } = await open()
    simulator.takeOffer(offer)
    expect(await ask("POST /api/v0/bundles/", "{")).toBe(400)
    expect(await ask("PUT /api/v0/asks/{id}/", { image: "a" }, offer)).toBe(410)
    expect(await ask("PUT /api/v0/asks/{id}/", { image: "a" }, 1)).toBe(404)
    const free = (await call("POST", "/api/v0/bundles/", { limit: 1 })).body.offers[0].id
    expect(await ask("PUT /api/v0/asks/{id}/", { image: "a", price: 999 }, free)).toBe(400)
    check("GET /api/v1/instances/", await call("GET", '/api/v1/instances/?select_filters={"x":{"eq":1}}'))
    check("GET /api/v1/instances/", await call("GET", "/api/v1/instances/?after_token=x"))
    check("GET /api/v0/instances/{id}/", await call("GET", "/api/v0/instances/x/"))
    check("DELETE /api/v0/instances/{id}/", await call("DELETE", "/api/v0/instances/x/"))
    check("GET /api/v0/instances/{id}/ssh/", await call("GET", "/api/v0/instances/x/ssh/"))
    check("DELETE /api/v0/ssh/{id}/", await call("DELETE", "/api/v0/ssh/x/"))
    check("DELETE /api/v0/instances/{id}/ssh/{ssh_key_id}/", await call("DELETE", "/api/v0/instances/x/ssh/1/"))
    expect(await ask("PUT /api/v0/instances/{id}/", {})).toBe(400)
    expect(await ask("PUT /api/v0/instances/command/{id}/", { command: "cat" })).toBe(400)
    expect(await ask("PUT /api/v0/instances/command/{id}/", "{")).toBe(483)
    expect(await ask("PUT /api/v0/instances/command/{id}/", { command: "ls" }, 1)).toBe(400)
    expect(await ask("PUT /api/v0/instances/bid_price/{id}/", { price: 0 })).toBe(400)
    expect(await ask("PUT /api/v0/instances/prepay/{id}/", { amount: 9999 })).toBe(411)
    expect(await ask("POST /api/v0/ssh/", {})).toBe(400)
    expect(await ask("PUT /api/v0/ssh/{id}/", {})).toBe(400)
    expect(await ask("POST /api/v0/instances/{id}/ssh/", {})).toBe(400)
    expect(await ask("DELETE /api/v0/instances/{id}/ssh/{ssh_key_id}/", {}, undefined, 1)).toBe(404)
    for (const [operation, status] of [
      ["PUT /api/v0/instances/{id}/", 404],
      ["DELETE /api/v0/instances/{id}/", 404],
      ["PUT /api/v0/instances/reboot/{id}/", 400],
      ["PUT /api/v0/instances/recycle/{id}/", 400],
      ["PUT /api/v0/instances/bid_price/{id}/", 404],
      ["PUT /api/v0/instances/prepay/{id}/", 400],
      ["GET /api/v0/instances/balance/{id}/", 404],
      ["PUT /api/v0/instances/request_logs/{id}/", 404],
      ["GET /api/v0/instances/{id}/ssh/", 404],
      ["POST /api/v0/instances/{id}/ssh/", 404],
      ["DELETE /api/v0/instances/{id}/ssh/{ssh_key_id}/", 404]
    ] as const)
      expect(await ask(operation, operation.startsWith("GET") ? undefined : { state: "stopped" }, 1)).toBe(status)
  })

  it("limits in the published form, and reports keys", async () => {
    const { ask } = await open({ rateLimits: true })
    const { simulator } = await open()
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const method of Object.keys(methods)) {
        const operation = `${method.toUpperCase()} ${path}`
        const body = method === "get" ? undefined : {}
        await ask(operation, body, 1)
        if ("429" in (document.paths[path]?.[method]?.responses ?? {})) expect(await ask(operation, body, 1)).toBe(429)
        if (!("401" in (document.paths[path]?.[method]?.responses ?? {})) && !path.includes("bundles")) continue
        const response = await simulator.fetch(simulator.origin + fill(path, 1, 1), {
          method,
          headers: { authorization: "Bearer wrong" }
        })
        check(operation, { status: response.status, body: await response.json() })
      }
    }
  })
})

afterAll(() => {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses }]) =>
      Object.entries(responses)
        .filter(([, response]) => response.content?.["application/json"]?.schema !== undefined)
        .map(([status]) => `${method.toUpperCase()} ${path} ${status}`)
    )
  )
  // Never answered: foreign instances and offers, blacklists, failures inside the vendor, and what other pages contradict.
  expect(all.filter((name) => !seen.has(name))).toEqual([
    "PUT /api/v0/asks/{id}/ 403",
    "DELETE /api/v0/instances/{id}/ssh/{ssh_key_id}/ 500",
    "PUT /api/v0/instances/request_logs/{id}/ 403",
    "PUT /api/v0/instances/command/{id}/ 403",
    "GET /api/v0/users/current/ 500"
  ])
})
