import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { afterAll, describe, expect, it } from "vitest"
import { parse } from "yaml"
import { createRunpodSimulator } from "../index.ts"

type Json = Record<string, unknown>
type Content = Record<string, { readonly schema?: Json }>
interface Response {
  readonly $ref?: string
  readonly content?: Content
}
interface Document {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Response> }>>
  readonly components: { readonly responses: Record<string, Response>; readonly schemas: Record<string, Json> }
}

/** Runpod's REST API v2 as published, but for what pods do not need. */
const document: Document = parse(
  readFileSync(new URL("../fixtures/runpod-openapi.yaml", import.meta.url), "utf8").toString()
)

/**
 * Answers of which the document says nothing, each with its reason. A `default` covers them, so that they are held to the form of
 * all errors.
 */
const undeclared = new Set([
  "POST /v2/pods 402", // The prose of createPod.
  "GET /v2/pods 422", // The prose of listPods: a malformed cursor.
  "GET /v2/catalog/gpus 400", // The prose of listGpuTypes: include without product.
  "GET /v2/billing 400", // The prose of listBilling: lastN with a time.
  "GET /v2/billing 422" // What is malformed.
])

const ajv = new Ajv2020({
  ...{ strict: false, allErrors: true },
  formats: {
    ...{ float: true, double: true, int32: true, int64: true, uri: true, password: true },
    "date-time": (text: string) => !Number.isNaN(Date.parse(text))
  }
})

const seen = new Set<string>()

const pointer = (ref: string | undefined): Response | undefined =>
  ref === undefined ? undefined : document.components.responses[ref.split("/").at(-1) ?? ""]

/** The published content of an answer; that of `default` where its status is not declared. */
const contentOf = (method: string, path: string, status: number): Content | undefined => {
  const responses = document.paths[path]?.[method.toLowerCase()]?.responses ?? {}
  const response = responses[status] ?? responses.default
  return (pointer(response?.$ref) ?? response)?.content
}

/** The template in the document that a path is of. */
const templateOf = (path: string): string => {
  const fits = Object.keys(document.paths).filter((one) =>
    new RegExp(`^${one.replace(/\{\w+\}/g, "[^/]+")}$`).test(path)
  )
  return fits.find((one) => !one.includes("{")) ?? fits[0] ?? ""
}

const open = () => {
  const simulator = createRunpodSimulator({ credit: 1000, choices: { logsStayOpen: false } })
  const ask = async (operation: string, body?: unknown, key = simulator.apiKey) => {
    const [method = "", path = ""] = operation.split(" ")
    const response = await simulator.fetch(simulator.origin + path, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) })
    })
    const { status } = response
    const text = await response.text()
    const template = templateOf(path.split("?")[0] ?? "")
    const name = `${method} ${template} ${status}`
    const type = response.headers.get("content-type")?.split(";")[0] ?? ""
    const content = contentOf(method, template, status)
    if (text === "" && content === undefined) seen.add(name)
    else {
      const schema = content?.[type]?.schema
      expect(schema, `${name} of ${type} is not published`).toBeDefined()
      const validate = ajv.compile({ ...schema, components: document.components })
      const json: unknown = type === "text/event-stream" ? text : JSON.parse(text)
      expect(validate(json) ? [] : validate.errors, `${name} ${text.slice(0, 300)}`).toEqual([])
      const declared = document.paths[template]?.[method.toLowerCase()]?.responses[status] !== undefined
      expect(declared || undeclared.has(name), `${name} is not declared`).toBe(true)
      seen.add(name)
    }
    return { status, json: text === "" || type === "text/event-stream" ? null : JSON.parse(text) }
  }
  return { simulator, ask }
}

const gpu = { id: "NVIDIA GeForce RTX 4090", count: 1 }
const order = { name: "contract", image: "a/b", gpu, disk: 20, ports: ["22/tcp", "80/http"], env: { A: "b" } }
const stock = "include=AVAILABILITY&product=POD"
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw me@laptop"

describe("every published operation that is simulated", () => {
  it("answers in the published form, in each phase of a pod", async () => {
    const { simulator, ask } = open()
    const volume = { name: "data", size: 50, dataCenter: "US-KS-2", type: "STANDARD" }
    const { json: made } = await ask("POST /v2/network-volumes", volume)
    const registry = (await ask("POST /v2/registries", { name: "r", username: "u", password: "p" })).json.id
    const { json: pod } = await ask("POST /v2/pods", {
      ...order,
      registry,
      mounts: { network: [{ volumeId: made.id, path: "/d" }] }
    })
    const { json: cpu } = await ask("POST /v2/pods", { ...order, gpu: undefined, cpu: { id: "cpu3c", vcpuCount: 4 } })
    await ask("POST /v2/pods", { ...order, cloud: "COMMUNITY", mounts: { persistent: { size: 20, path: "/w" } } })
    for (let phase = 0; phase < 4; phase++) {
      expect((await ask("GET /v2/pods?limit=2")).json.pods).toHaveLength(2)
      for (const { id } of [pod, cpu]) await ask(`GET /v2/pods/${id}`)
      await simulator.clock.sleep(50_000)
    }
    await ask(`GET /v2/pods/${pod.id}/logs?tail=5`)
    await ask(`POST /v2/pods/${pod.id}/action`, { action: "restart" })
    await ask(`POST /v2/pods/${pod.id}/action`, { action: "stop" })
    await simulator.clock.sleep(30_000)
    await ask(`PATCH /v2/pods/${pod.id}`, { name: "renamed", env: {}, locked: true })
    await ask(`POST /v2/pods/${pod.id}/action`, { action: "start" })
    simulator.failMachine(cpu.id)
    await ask(`GET /v2/pods/${cpu.id}`)
    expect((await ask(`DELETE /v2/pods/${pod.id}`)).status).toBe(204)
    expect((await ask(`POST /v2/pods/${cpu.id}/action`, { action: "terminate" })).status).toBe(204)
    await ask("GET /v2/network-volumes")
    await ask(`GET /v2/network-volumes/${made.id}`)
    await ask(`PATCH /v2/network-volumes/${made.id}`, { size: 60 })
    expect((await ask(`DELETE /v2/network-volumes/${made.id}`)).status).toBe(204)
    await ask("GET /v2/registries")
    await ask(`GET /v2/registries/${registry}`)
    expect((await ask(`DELETE /v2/registries/${registry}`)).status).toBe(204)
  })

  it("shows what was spent in the published form", async () => {
    const { simulator, ask } = open()
    simulator.addMachine({ name: "gpu" })
    simulator.addMachine({ name: "cpu", gpu: null, cpu: { id: "cpu3c", vcpuCount: 4 } })
    simulator.addDisk("EU-RO-1")
    await simulator.clock.sleep(3 * 86_400_000)
    for (const path of ["billing", "billing/pods", "billing/network-volumes"]) {
      for (const size of ["hour", "day", "week", "month", "year"]) await ask(`GET /v2/${path}?bucketSize=${size}`)
      await ask(`GET /v2/${path}?lastN=2`)
    }
    expect((await ask("GET /v2/billing?lastN=2&startTime=2026-01-01T00:00:00Z")).status).toBe(400)
    expect((await ask("GET /v2/billing?bucketSize=century")).status).toBe(422)
  })

  it("shows catalog and keys in the published form", async () => {
    const { ask } = open()
    for (const path of ["gpus", "cpus"]) {
      await ask(`GET /v2/catalog/${path}`)
      await ask(`GET /v2/catalog/${path}?${stock}`)
    }
    await ask(`GET /v2/catalog/gpus?${stock}&cloud=COMMUNITY&count=2`)
    await ask("GET /v2/catalog/gpus/NVIDIA%20L4")
    await ask("GET /v2/catalog/cpus/cpu3c")
    await ask("GET /v2/catalog/datacenters")
    await ask("GET /v2/catalog/datacenters/US-KS-2")
    await ask("PUT /v2/account/ssh-keys", { keys: [key] })
    await ask("GET /v2/account/ssh-keys")
  })

  it("refuses in the published form", async () => {
    const { simulator, ask } = open()
    const { id } = (await ask("POST /v2/pods", order)).json
    expect((await ask("GET /v2/pods", undefined, "wrong")).status).toBe(401)
    expect((await ask("GET /v2/pods/none")).status).toBe(404)
    expect((await ask("DELETE /v2/pods/none")).status).toBe(404)
    expect((await ask("GET /v2/pods/none/logs")).status).toBe(404)
    expect((await ask("PATCH /v2/pods/none", { name: "x" })).status).toBe(404)
    expect((await ask("GET /v2/pods?cursor=x")).status).toBe(422)
    expect((await ask("POST /v2/pods", { ...order, name: undefined })).status).toBe(422)
    expect((await ask("POST /v2/pods", { ...order, cpu: { id: "cpu3c", vcpuCount: 4 } })).status).toBe(400)
    expect((await ask("POST /v2/pods", { ...order, disk: undefined })).status).toBe(400)
    expect((await ask("POST /v2/pods", "x".repeat(102_401))).status).toBe(413)
    expect((await ask(`POST /v2/pods/${id}/action`, { action: "start" })).status).toBe(409)
    expect((await ask(`POST /v2/pods/${id}/action`, { action: "reset" })).status).toBe(422)
    expect((await ask("GET /v2/catalog/gpus?include=AVAILABILITY")).status).toBe(400)
    expect((await ask("GET /v2/catalog/gpus/none")).status).toBe(404)
    expect((await ask("GET /v2/network-volumes/none")).status).toBe(404)
    expect((await ask("GET /v2/registries/none")).status).toBe(404)
    simulator.takeCapacity(gpu.id)
    expect((await ask("POST /v2/pods", order)).status).toBe(400)
    const poor = createRunpodSimulator({ credit: 0.1 })
    const answer = await poor.fetch(`${poor.origin}/v2/pods`, {
      ...{ method: "POST", body: JSON.stringify(order), headers: { authorization: `Bearer ${poor.apiKey}` } }
    })
    expect(answer.status).toBe(402)
  })
})

afterAll(() => {
  const successes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { responses = {} }]) =>
      Object.keys(responses)
        .filter((status) => status.startsWith("2"))
        .map((status) => `${method.toUpperCase()} ${path} ${status}`)
    )
  )
  // Not simulated: what the account keeps besides pods, volumes and logins, and the spend.
  const others = /secrets|templates|delegations|billing/
  expect(successes.filter((name) => !seen.has(name) && !others.test(name))).toEqual([])
})
