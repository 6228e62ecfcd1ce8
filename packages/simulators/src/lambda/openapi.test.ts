import { readFileSync } from "node:fs"
import { Ajv2020 } from "ajv/dist/2020.js"
import { afterAll, describe, expect, it } from "vitest"
import { createLambdaSimulator, type LambdaSimulatorOptions } from "../index.ts"

type Json = Record<string, unknown>
interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Record<string, { readonly schema?: Json }> }>>
}

interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read untyped wire data
  readonly data: any
}

/** Lambda Cloud API 1.10.0 as published, but for the routes about fabrics and tickets. */
const document = JSON.parse(readFileSync(new URL("../fixtures/lambda-openapi.json", import.meta.url), "utf8")) as {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: Json
}

const isTime = (text: string) => !Number.isNaN(Date.parse(text))
const ajv = new Ajv2020({
  ...{ strict: false, allErrors: true },
  formats: { "date-time": isTime, ipv4network: /^[\d.]+\/\d+$/, password: true }
})

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@laptop"
const order = { region_name: "us-west-1", instance_type_name: "gpu_1x_a10", ssh_key_names: ["laptop"] }
const rule = { protocol: "tcp", port_range: [80, 80], source_network: "0.0.0.0/0", description: "" }

const seen = new Set<string>()

/** The template in the document that a path is of; one without parameters goes before one with. */
const templateOf = (path: string): string => {
  const fits = Object.keys(document.paths).filter((one) =>
    new RegExp(`^${one.replace(/\{\w+\}/g, "[^/]+")}$`).test(path)
  )
  return fits.find((one) => !one.includes("{")) ?? fits[0] ?? ""
}

/** A simulated Lambda whose every answer is held to the document. */
const open = (options: LambdaSimulatorOptions = {}) => {
  const { choices, ...more } = options
  const simulator = createLambdaSimulator({ timeline: { jitter: 0 }, ...more, choices: { limits: false, ...choices } })
  const ask = async (operation: string, body?: unknown, key = simulator.apiKey): Promise<Answer> => {
    const [method = "", below = ""] = operation.split(" ")
    const response = await simulator.fetch(`${simulator.origin}/api/v1${below}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    const { status } = response
    const answer = await response.json()
    const path = templateOf(`/api/v1${below}`)
    const published = document.paths[path]?.[method.toLowerCase()]?.responses[status]?.content?.["application/json"]
    const name = `${method} ${path} ${status}`
    expect(published?.schema, `${name} is not published`).toBeDefined()
    const validate = ajv.compile({ ...published?.schema, components: document.components })
    expect(validate(answer) ? [] : validate.errors, `${name} ${JSON.stringify(answer).slice(0, 300)}`).toEqual([])
    seen.add(name)
    return { status, data: answer.data ?? answer.error.code }
  }
  const code = async (operation: string, body?: unknown) => {
    const { status, data } = await ask(operation, body)
    return `${status} ${data}`
  }
  return { simulator, ask, code, sleep: simulator.clock.sleep }
}

describe("answers have the published form", () => {
  it("of an instance in each of its phases", async () => {
    const { ask, sleep } = open({ choices: { listsTerminated: true } })
    await ask("POST /ssh-keys", { name: "laptop", public_key: publicKey })
    const { data: file } = await ask("POST /filesystems", { name: "data", region: "us-west-1" })
    const { data: rules } = await ask("POST /firewall-rulesets", { name: "web", region: "us-west-1", rules: [rule] })
    const { data: image } = await ask("GET /images")
    const whole = {
      ...{ ...order, name: "job", hostname: "job", tags: [{ key: "anygpu", value: "x" }], user_data: "#!/bin/sh" },
      image: { id: image.find((one: { region: { name: string } }) => one.region.name === "us-west-1").id },
      file_system_mounts: [{ mount_point: "/data/x", file_system_id: file.id }],
      firewall_rulesets: [{ id: rules.id }]
    }
    const [id] = (await ask("POST /instance-operations/launch", whole)).data.instance_ids
    const words = []
    for (const ms of [0, 30_000, 130_000]) {
      await sleep(ms)
      words.push((await ask(`GET /instances/${id}`)).data.status)
      await ask("GET /instances")
    }
    await ask("GET /file-systems")
    await ask("GET /firewall-rulesets")
    await ask(`POST /instances/${id}`, { name: "other" })
    await ask("POST /instance-operations/restart", { instance_ids: [id] })
    words.push(
      (await ask("POST /instance-operations/terminate", { instance_ids: [id] })).data.terminated_instances[0].status
    )
    await sleep(60_000)
    words.push((await ask("GET /instances")).data[0].status)
    expect(words).toEqual(["booting", "booting", "active", "terminating", "terminated"])
    await ask(`DELETE /filesystems/${file.id}`)
    await ask(`DELETE /firewall-rulesets/${rules.id}`)
  })

  it("of what an account has", async () => {
    const { ask } = open()
    const { data: key } = await ask("POST /ssh-keys", { name: "laptop", public_key: publicKey })
    const { data: rules } = await ask("POST /firewall-rulesets", { name: "web", region: "us-west-1", rules: [rule] })
    for (const path of ["instance-types", "regions", "images", "ssh-keys", "firewall-rules"]) await ask(`GET /${path}`)
    await ask("PUT /firewall-rules", { data: [rule] })
    await ask("GET /firewall-rulesets/global")
    await ask("PATCH /firewall-rulesets/global", { rules: [rule] })
    await ask(`GET /firewall-rulesets/${rules.id}`)
    await ask(`PATCH /firewall-rulesets/${rules.id}`, { name: "other" })
    await ask(`DELETE /ssh-keys/${key.id}`)
  })

  it("of refusals", async () => {
    const { simulator, ask, code } = open({ quota: 2 })
    await ask("POST /ssh-keys", { name: "laptop", public_key: publicKey })
    const { data: file } = await ask("POST /filesystems", { name: "data", region: "us-east-1" })
    const launch = (more: object) => code("POST /instance-operations/launch", { ...order, ...more })
    const missing = "400 global/object-does-not-exist"
    const invalid = "400 global/invalid-parameters"
    expect(await launch({ ssh_key_names: ["laptop", "other"] })).toBe(invalid)
    expect(await launch({ ssh_key_names: ["other"] })).toBe(missing)
    expect(await launch({ region_name: "us-moon-1" })).toBe(invalid)
    expect(await launch({ instance_type_name: "gpu_1x_x" })).toBe(missing)
    expect(await launch({ image: { family: "windows" } })).toBe(missing)
    expect(await launch({ tags: [{ key: "Key", value: "" }] })).toBe(invalid)
    expect(await launch({ quantity: 2 })).toBe(invalid)
    const wrongRegion = "400 instance-operations/launch/file-system-in-wrong-region"
    expect(await launch({ file_system_names: ["data"] })).toBe(wrongRegion)
    simulator.takeCapacity("gpu_1x_a10")
    expect(await launch({})).toBe("400 instance-operations/launch/insufficient-capacity")
    const booting = simulator.addMachine({ state: "booting" })
    simulator.addMachine()
    expect(await launch({})).toBe("400 global/quota-exceeded")
    expect(await code("POST /instance-operations/restart", { instance_ids: [booting] })).toBe("409 global/conflict")
    for (const operation of ["restart", "terminate"]) {
      const none = await code(`POST /instance-operations/${operation}`, { instance_ids: ["none"] })
      expect(none).toBe("404 global/object-does-not-exist")
      expect(await code(`POST /instance-operations/${operation}`, {})).toBe(invalid)
    }
    expect(await code("GET /instances/none")).toBe("404 global/object-does-not-exist")
    expect(await code("POST /instances/none", { name: "a" })).toBe("404 global/object-does-not-exist")
    expect(await code("POST /ssh-keys", { name: "laptop", public_key: publicKey })).toBe(invalid)
    expect(await code("DELETE /ssh-keys/none")).toBe("404 global/not-found")
    expect(await code("POST /filesystems", { name: "data", region: "us-east-1" })).toBe("400 global/duplicate")
    expect(await code("POST /filesystems", { name: "1", region: "us-east-1" })).toBe(invalid)
    expect(await code("DELETE /filesystems/none")).toBe("404 global/object-does-not-exist")
    expect(await code("GET /firewall-rulesets/none")).toBe("404 global/object-does-not-exist")
    expect(await code("POST /firewall-rulesets", { name: "a", region: "us-east-1" })).toBe(invalid)
    expect(await ask("GET /instances", undefined, "wrong")).toMatchObject({ data: "global/invalid-api-key" })
    expect(file.is_in_use).toBe(false)
  })
})

describe("what is charged", () => {
  it("is begun minutes from active to the end, and nothing of a boot", async () => {
    const { simulator, ask, sleep } = open({ timeline: { jitter: 0, boot: 150_000 } })
    await ask("POST /ssh-keys", { name: "laptop", public_key: publicKey })
    const [id] = (await ask("POST /instance-operations/launch", order)).data.instance_ids
    await sleep(150_000)
    expect(simulator.spent()).toBe(0)
    await sleep(61_000)
    expect(simulator.spent()).toBeCloseTo(0.025, 9)
    await ask("POST /instance-operations/terminate", { instance_ids: [id] })
    await sleep(3_600_000)
    expect(simulator.spent()).toBeCloseTo(0.025, 9)
    expect(simulator.balance()).toBeCloseTo(10_000 - 0.025, 6)
  })
})

describe("limits", () => {
  it("are one request a second, and one launch in 12", async () => {
    const simulator = createLambdaSimulator()
    const ask = async (path: string, body?: unknown) => {
      const init = {
        headers: { authorization: `Bearer ${simulator.apiKey}` },
        ...(body !== undefined && { method: "POST", body: JSON.stringify(body) })
      }
      return (await simulator.fetch(`${simulator.origin}/api/v1${path}`, init)).status
    }
    expect([await ask("/regions"), await ask("/images")]).toEqual([200, 429])
    await simulator.clock.sleep(1000)
    expect(await ask("/instance-operations/launch", {})).toBe(400)
    await simulator.clock.sleep(2000)
    expect(await ask("/instance-operations/launch", {})).toBe(429)
  })
})

afterAll(() => {
  const successes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path} 200`)
  )
  expect(successes.filter((name) => !seen.has(name))).toEqual(["GET /api/v1/audit-events 200"])
})
