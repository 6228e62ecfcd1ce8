import { readFileSync } from "node:fs"
import { Ajv } from "ajv"
import { expect, test } from "vitest"
import { parse } from "yaml"
import { createVerdaSimulator, type VerdaSimulator } from "../index.ts"
import { typeOf } from "./catalogue.ts"

type Json = Record<string, unknown>
interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly $ref?: string; readonly content?: Record<string, { schema?: Json }> }>
  >
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly responses: Record<string, { content?: Record<string, { schema?: Json }> }> }
}

/**
 * The published contract, rebuilt as facts: OpenAPI of Verda's API v1, its compute part.
 *
 * - Its corrections are in it, with their reasons: `x-observed` and `x-note` say what clients and live answers show beyond it.
 */
const document = parse(readFileSync(new URL("../fixtures/verda-openapi.yaml", import.meta.url), "utf8")) as Document

const any = () => true
const ajv = new Ajv({ strict: false, allErrors: true, formats: { uuid: true, "date-time": any, float: true } })

const templates = Object.keys(document.paths).map((path) => ({
  path,
  pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`)
}))

/** The documented schema of an answer: null where it has no body, undefined where the document knows no such answer. */
const schemaOf = (method: string, pathname: string, status: number): Json | null | undefined => {
  const path = (templates.find((one) => one.path === pathname) ?? templates.find((one) => one.pattern.test(pathname)))
    ?.path
  const answer = document.paths[path ?? ""]?.[method.toLowerCase()]?.responses[String(status)]
  if (answer === undefined) return undefined
  const { content } = answer.$ref ? (document.components.responses[answer.$ref.split("/").at(-1) ?? ""] ?? {}) : answer
  return content?.["application/json"]?.schema ?? null
}

const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"

const clientOf = async (simulator: VerdaSimulator) => {
  const checked = new Map<string, number>()
  let token = ""
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await simulator.fetch(`https://api.verda.com/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    const text = await response.text()
    const { pathname } = new URL(`https://x/v1${path}`)
    const schema = schemaOf(method, pathname, response.status)
    const what = `${method} ${path} ${response.status}`
    expect(schema, `${what} is documented: ${text}`).toBeDefined()
    const json: unknown = text === "" ? undefined : JSON.parse(text)
    if (schema) {
      const validate = ajv.compile({ ...schema, components: document.components })
      expect(validate(json), `${what}: ${ajv.errorsText(validate.errors)}: ${text}`).toBe(true)
    }
    checked.set(what.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "{id}"), (checked.get(what) ?? 0) + 1)
    return { status: response.status, json }
  }
  const login = async () => {
    const { apiKey } = simulator
    const keys = { grant_type: "client_credentials", client_id: apiKey, client_secret: apiKey }
    const { json } = await ask("POST", "/oauth2/token", keys)
    token = (json as { access_token: string }).access_token
    return json as { refresh_token: string }
  }
  return { ask, login, checked }
}

const machine = (keyId: unknown, more: Json = {}) => ({
  ...{ instance_type: "1A100.22V", image: "ubuntu-24.04", hostname: "test", location_code: "FIN-01" },
  ...{ ssh_key_ids: [keyId], os_volume: { name: "test-os", size: 55 }, tags: [{ key: "Anygpu", value: "x" }], ...more }
})

test("every answer is one of the published document", async () => {
  const simulator = createVerdaSimulator({ seed: 5, credit: 50 })
  const { ask, login, checked } = await clientOf(simulator)
  await ask("GET", "/instances")
  await ask("POST", "/oauth2/token", { grant_type: "client_credentials", client_id: "x", client_secret: "y" })
  await ask("POST", "/oauth2/token", { grant_type: "password" })
  const { refresh_token } = await login()
  await ask("POST", "/oauth2/token", { grant_type: "refresh_token", refresh_token })
  await ask("POST", "/oauth2/token", { grant_type: "refresh_token", refresh_token })
  for (const path of [
    "/balance",
    "/instance-types?currency=usd",
    "/volume-types?currency=usd",
    "/locations",
    "/images"
  ])
    await ask("GET", path)
  for (const path of [
    "/images?instance_type=1A100.22V",
    "/images?instance_type=none",
    "/instance-availability?is_spot=true"
  ])
    await ask("GET", path)
  await ask("POST", "/ssh-keys", { name: "mine", key: "none" }).catch(() => null)
  const { json: keyId } = await ask("POST", "/ssh-keys", { name: "mine", key })
  await ask("GET", "/ssh-keys")
  await ask("GET", `/ssh-keys/${keyId}`)
  const { json: scriptId } = await ask("POST", "/scripts", { name: "s", script: "#!/bin/bash" })
  await ask("GET", "/scripts")
  await ask("GET", `/scripts/${scriptId}`)
  await ask("DELETE", `/scripts/${scriptId}`)
  await ask("DELETE", `/scripts/${scriptId}`)
  const { json: volumeId } = await ask("POST", "/volumes", {
    name: "v",
    type: "NVMe",
    size: 10,
    location_code: "FIN-01"
  })
  await ask("POST", "/volumes", { name: "v", type: "HDD", size: 10, location_code: "FIN-01" })

  for (const wrong of [{ image: "none" }, { location_code: undefined }, { ssh_key_ids: ["none"] }, { hostname: "-" }])
    await ask("POST", "/instances", machine(keyId, wrong))
  simulator.takeCapacity("1V100.6V")
  await ask("POST", "/instances", machine(keyId, { instance_type: "1V100.6V" }))
  const { json: id } = await ask("POST", "/instances", machine(keyId, { existing_volumes: [volumeId] }))
  await ask("PUT", "/instances", { action: "delete", id })
  await ask("GET", "/instances")
  await simulator.clock.sleep(600_000)
  const { json: shown } = await ask("GET", `/instances/${id}`)
  expect(shown).toMatchObject({ status: "running", tags: [{ key: "anygpu", value: "x" }] })
  await ask("GET", "/instances?tag=anygpu%3Dx&status=running")
  await ask("GET", "/volumes")
  await ask("GET", `/volumes/${volumeId}`)
  const { json: tag } = await ask("POST", `/instances/${id}/tags`, { key: "environment", value: "p" })
  await ask("POST", `/instances/${id}/tags`, { key: "environment", value: "p" })
  await ask("DELETE", `/instances/${id}/tags/${(tag as { id: string }).id}`)
  await ask("DELETE", `/instances/${id}/tags/${(tag as { id: string }).id}`)
  await ask("PUT", "/instances", { action: "shutdown", id })
  await simulator.clock.sleep(60_000)
  await ask("PUT", "/instances", { action: "shutdown", id })
  await ask("PUT", "/instances", { action: "start", id: [id, volumeId] })
  await ask("PUT", "/instances", { action: "delete", id: [id], volume_ids: [], delete_permanently: true })
  await simulator.clock.sleep(60_000)
  await ask("PUT", "/instances", { action: "delete", id })
  await ask("GET", `/instances/${id}`)
  const { json: volumes } = await ask("GET", "/volumes")
  const left = (volumes as { id: string; is_os_volume: boolean; status: string }[]).map((one) => [
    one.is_os_volume,
    one.status
  ])
  expect(left).toEqual([
    [false, "detached"],
    [true, "detached"]
  ])
  await ask("DELETE", `/volumes/${volumeId}`, { is_permanent: false })
  await ask("GET", "/volumes/trash")
  await ask("GET", `/volumes/${volumeId}`)
  await ask("DELETE", `/volumes/${volumeId}`, { is_permanent: true })
  await ask("DELETE", `/volumes/${volumeId}`, { is_permanent: true })
  await ask("GET", "/journal?pageSize=2")
  await ask("GET", `/journal/compute/${id}?pageSize=100`)
  await ask("GET", `/journal/volume/${volumeId}`)
  await ask("DELETE", `/ssh-keys/${keyId}`)
  await ask("DELETE", `/ssh-keys/${keyId}`)
  simulator.addCredit(-50)
  const { json: again } = await ask("POST", "/ssh-keys", { name: "mine", key })
  await ask("POST", "/instances", machine(again))
  simulator.revokeTokens()
  await ask("GET", "/balance")
  expect(checked.size).toBeGreaterThanOrEqual(50)
})

test("what came of an action for several machines is said of each", async () => {
  const simulator = createVerdaSimulator()
  const { ask, login } = await clientOf(simulator)
  await login()
  const [up, young] = [simulator.addMachine(), simulator.addMachine({ state: "ordered" })]
  const { status, json } = await ask("PUT", "/instances", { action: "delete", id: [up, young], volume_ids: [] })
  expect([status, json]).toEqual([
    207,
    [
      { instanceId: up, action: "delete", status: "success" },
      {
        ...{ instanceId: young, action: "delete", status: "error" },
        ...{ error: "Can't discontinue a provisioning instance", statusCode: 400 }
      }
    ]
  ])
})

test("an end without a word puts the OS volume into the trash, which costs nothing and is empty after 96 hours", async () => {
  const simulator = createVerdaSimulator()
  const { ask, login } = await clientOf(simulator)
  await login()
  await ask("PUT", "/instances", { action: "delete", id: simulator.addMachine() })
  await simulator.clock.sleep(60_000)
  expect((await ask("GET", "/volumes")).json).toEqual([])
  expect((await ask("GET", "/volumes/trash")).json).toHaveLength(1)
  const before = simulator.balance()
  await simulator.clock.sleep(97 * 3_600_000)
  await login()
  expect((await ask("GET", "/volumes/trash")).json).toEqual([])
  expect(simulator.balance()).toBe(before)
})

test("a machine that is shut down costs its full price, and a detached volume costs by itself", async () => {
  const simulator = createVerdaSimulator({ credit: 100 })
  const { ask, login } = await clientOf(simulator)
  await login()
  const id = simulator.addMachine({ state: "offline" })
  const price = typeOf("1A100.22V")?.price ?? 0
  await simulator.clock.sleep(3_600_000)
  expect(simulator.balance()).toBeCloseTo(100 - price - (50 * 0.2) / 730, 6)
  await login()
  await ask("PUT", "/instances", { action: "delete", id, volume_ids: [] })
  await simulator.clock.sleep(60_000)
  const before = simulator.balance()
  await simulator.clock.sleep(3_600_000)
  expect(before - simulator.balance()).toBeCloseTo((50 * 0.2) / 730, 6)
})

test("calls are counted, and one too many says when to come back; a token ends after an hour", async () => {
  const simulator = createVerdaSimulator()
  const { ask, login } = await clientOf(simulator)
  await login()
  for (let count = 0; count < 60; count++) expect((await ask("GET", "/locations")).status).toBe(200)
  expect((await ask("GET", "/locations")).status).toBe(429)
  expect((await ask("GET", "/images")).status).toBe(200)
  await simulator.clock.sleep(3_599_000)
  expect((await ask("GET", "/balance")).status).toBe(200)
  await simulator.clock.sleep(2_000)
  expect((await ask("GET", "/balance")).status).toBe(401)
})
