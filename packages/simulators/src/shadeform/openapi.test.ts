import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { afterAll, describe, expect, it } from "vitest"
import { parse } from "yaml"
import type { Answer } from "../testing/client.ts"
import { createShadeformClient, publicKey } from "../testing/shadeform.ts"

type Json = Record<string, unknown>
interface Operation {
  readonly responses: Readonly<Record<string, { content?: Record<string, { schema?: Json }> }>>
  readonly requestBody?: { content: Record<string, { schema: Json }> }
}

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** OpenAPI 3.0 as JSON Schema: `nullable` becomes a choice, and an object has no field that is not declared. */
const asSchema = (value: unknown, isPart = false): unknown => {
  if (Array.isArray(value)) return value.map((one: unknown) => asSchema(one, isPart))
  if (!isJson(value)) return value
  const { nullable, example: _, ...rest } = value
  const inner = Object.fromEntries(
    Object.entries(rest).map(([name, one]) => [name, name === "enum" ? one : asSchema(one, name === "allOf")])
  )
  const isClosed = !isPart && ("allOf" in rest || (rest.type === "object" && "properties" in rest))
  const schema = isClosed ? { ...inner, unevaluatedProperties: false } : inner
  return nullable === true ? { anyOf: [schema, { type: "null" }] } : schema
}

const source = readFileSync(new URL("../fixtures/shadeform-openapi.yaml", import.meta.url), "utf8")
const published = parse(source) as {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
}

/** Parts of another schema stay open: what holds them is closed. */
const open = { InstanceConfiguration: true, Cluster: true } as Readonly<Record<string, true>>
const schemas = Object.fromEntries(
  Object.entries(published.components.schemas).map(([name, schema]) => [name, asSchema(schema, open[name] === true)])
)

const ajv = new Ajv2020({
  strict: false,
  allErrors: true,
  formats: {
    uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "date-time": (text) => !Number.isNaN(Date.parse(text))
  }
})

const seen = new Set<string>()

/** Checks an answer, and the body that was sent where it was taken, by the published contract. */
const check = (operation: string, { status, body }: Answer, sent?: unknown) => {
  const [method = "", path = ""] = operation.split(" ")
  const route = published.paths[path]?.[method.toLowerCase()]
  const answer = route?.responses[status] ?? route?.responses.default
  expect(answer, `${operation} ${status} is not published`).toBeDefined()
  const asked = status === 200 ? route?.requestBody?.content["application/json"]?.schema : undefined
  const parts: ReadonlyArray<readonly [Json | undefined, unknown]> = [
    [answer?.content?.["application/json"]?.schema, body],
    [asked, sent]
  ]
  for (const [schema, value] of parts) {
    if (schema === undefined) continue
    const validate = ajv.compile({ ...(asSchema(schema) as Json), components: { schemas } })
    const shown = `${operation} ${status} ${JSON.stringify(value)?.slice(0, 300)}`
    expect(validate(value) ? [] : validate.errors, shown).toEqual([])
  }
  if (answer?.content === undefined && status === 200) expect(body, `${operation} has an empty body`).toBeUndefined()
  seen.add(operation)
}

const openClient = (options = {}) => {
  const client = createShadeformClient({ credit: 1000, ...options })
  const ask = async (operation: string, body?: unknown, id = "") => {
    const [method = "", path = ""] = operation.split(" ")
    const answer = await client.call(method, path.replace(/\{\w+\}/, id), body)
    check(operation, answer, body)
    return answer
  }
  return { ...client, ask }
}

const docker = {
  type: "docker",
  docker_configuration: {
    ...{ image: "vllm/vllm-openai:latest", args: "--model x", envs: [{ name: "A", value: "b" }] },
    port_mappings: [{ host_port: 80, container_port: 8000 }]
  }
}
const until = { date_threshold: "2027-11-29T18:30:00Z", spend_threshold: "5.00" }

describe("every published operation of what is simulated", () => {
  it.each([{}, { containerStatus: true, deletedShown: true }])("machines, in each phase: %j", async (choices) => {
    const { ask, order, sleep } = openClient({ choices })
    await ask("GET /instances/types")
    const key = (await ask("POST /sshkeys/add", { name: "My ssh key", public_key: publicKey })).body.id
    const spot = {
      ...order({ cloud: "nebius", region: "eu-north1", shade_instance_type: "H100_sxm5" }),
      rental_type: "spot"
    }
    const more = {
      ssh_key_id: key,
      tags: ["anygpu"],
      auto_delete: until,
      alert: until,
      envs: [{ name: "A", value: "b" }]
    }
    const bodies = [order({ ...more, launch_configuration: docker, os: "ubuntu22.04" }), { ...spot, ssh_key_id: key }]
    for (const body of bodies) {
      const { id } = (await ask("POST /instances/create", body)).body
      for (let phase = 0; phase < 6; phase++) {
        await ask("GET /instances")
        await ask("GET /instances/{id}/info", undefined, id)
        await sleep(60_000)
      }
      await ask("POST /instances/{id}/update", { name: "other", tags: ["b"], auto_delete: null }, id)
      await ask("POST /instances/{id}/restart", undefined, id)
      await ask("POST /instances/{id}/delete", undefined, id)
      await sleep(15_000)
      await ask("GET /instances")
      await ask("GET /instances/{id}/info", undefined, id)
      await sleep(60_000)
      await ask("GET /instances/{id}/info", undefined, id)
    }
  })

  it("keys, volumes, templates and clusters", async () => {
    const { ask } = openClient()
    const { id } = (await ask("POST /sshkeys/add", { name: "a", public_key: publicKey })).body
    for (const operation of ["GET /sshkeys/{id}/info", "POST /sshkeys/{id}/setdefault", "POST /sshkeys/{id}/delete"]) {
      await ask(operation, undefined, id)
    }
    await ask("GET /sshkeys")
    await ask("GET /volumes/types")
    const disk = { cloud: "digitalocean", region: "tor1", size_in_gb: 100, name: "mystoragevolume" }
    const volume = (await ask("POST /volumes/create", disk)).body.id
    await ask("GET /volumes")
    await ask("GET /volumes/{id}/info", undefined, volume)
    await ask("POST /volumes/{id}/delete", undefined, volume)
    const save = { name: "vLLM", public: false, launch_configuration: docker, tags: ["a"] }
    const template = (await ask("POST /templates/save", save)).body.id
    for (const path of ["/templates", "/templates/featured", "/clusters", "/clusters/types"]) await ask(`GET ${path}`)
    await ask("GET /templates/{template_id}/info", undefined, template)
    await ask("POST /templates/{template_id}/update", save, template)
    await ask("POST /templates/{template_id}/delete", undefined, template)
  })

  it.each(["error", "message", "coded"] as const)(
    "fails in the published form, where what is missing is said as %s",
    async (missing) => {
      const { ask, order, call, simulator } = openClient({ choices: { missing } })
      const statuses = [
        await ask("POST /instances/create", { ...order(), region: "nowhere" }),
        await ask("POST /instances/create", { ...order(), os: "windows" }),
        await ask("GET /instances/{id}/info", undefined, "x"),
        await ask("POST /instances/{id}/update", {}, "x"),
        await ask("POST /instances/{id}/delete", undefined, "x"),
        await ask("GET /sshkeys/{id}/info", undefined, "x"),
        await ask("GET /volumes/{id}/info", undefined, "x")
      ]
      expect(statuses.map(({ status }) => status)).toEqual([400, 400, 404, 404, 404, 404, 404])
      simulator.takeCapacity("massedcompute", "A6000")
      expect((await ask("POST /instances/create", order())).body.error_code).toBe("OUT_OF_STOCK")
      const poor = openClient({ credit: 4.99 })
      expect((await poor.ask("POST /instances/create", order())).body.error_code).toBe("INSUFFICIENT_FUNDS")
      check("GET /instances", await call("GET", "/instances", undefined, "wrong"))
      expect((await call("DELETE", "/instances/x/delete")).status).toBe(405)
    }
  )
})

afterAll(() => {
  const all = Object.entries(published.paths).flatMap(([path, methods]) =>
    Object.keys(methods).flatMap((method) => (method === "parameters" ? [] : [`${method.toUpperCase()} ${path}`]))
  )
  // Clusters are listed, and none is there.
  expect(all.filter((name) => !seen.has(name)).sort()).toEqual([
    "GET /clusters/{id}/info",
    "POST /clusters/create",
    "POST /clusters/{id}/delete"
  ])
})
