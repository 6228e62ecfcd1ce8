import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { createClient } from "../client.test-support.ts"

const settings = { image: "docker.io/library/nginx:1", expose: [{ port: "80", protocol: "http" }] }
const valid = { plan_id: "00000000-0000-4000-a000-000000000000", name: "my-container", container_settings: settings }
const within = (more: object) => ({ ...valid, container_settings: { ...settings, ...more } })
const variables = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `A${index}`, value: "" }))
const ports = (count: number) => Array.from({ length: count }, (_, index) => ({ port: String(index + 1) }))
const credentials = { host: "ghcr.io", username: "u", password: "p" }

/** Where each wrong body is wrong. */
const wrong: Array<[called: string, body: unknown, where: string, type?: string]> = [
  ["no body at all", {}, "container_settings plan_id name", "missing"],
  ["no JSON", "{", "0", "json_invalid"],
  ["no name", { ...valid, name: undefined }, "name", "missing"],
  ["an empty name", { ...valid, name: "" }, "name"],
  ["a long name", { ...valid, name: "a".repeat(26) }, "name"],
  ["an upper-case name", { ...valid, name: "My-Container" }, "name"],
  ["a hyphen at the end of a name", { ...valid, name: "my-" }, "name"],
  ["a number as name", { ...valid, name: 7 }, "name", "string_type"],
  ["an upper-case image", within({ image: "Nginx" }), "container_settings.image"],
  ["a long image", within({ image: "a".repeat(256) }), "container_settings.image"],
  ["no ports", within({ expose: [] }), "container_settings.expose"],
  ["no list of ports", within({ expose: undefined }), "container_settings.expose", "missing"],
  ["eleven ports", within({ expose: ports(11) }), "container_settings.expose"],
  ["a number as port", within({ expose: [{ port: 80 }] }), "container_settings.expose.0.port", "string_type"],
  ["port 0", within({ expose: [{ port: "0" }] }), "container_settings.expose.0.port"],
  ["http on 8080", within({ expose: [{ port: "8080", protocol: "http" }] }), "container_settings.expose.0.protocol"],
  ["sctp", within({ expose: [{ port: "80", protocol: "sctp" }] }), "container_settings.expose.0.protocol"],
  ["65 variables", within({ environment: variables(65) }), "container_settings.environment"],
  [
    "a lower-case variable",
    within({ environment: [{ name: "a", value: "" }] }),
    "container_settings.environment.0.name"
  ],
  ["a long command", within({ startup_command: "a".repeat(2049) }), "container_settings.startup_command"],
  [
    "another registry",
    within({ credentials: { ...credentials, host: "quay.io" } }),
    "container_settings.credentials.host"
  ],
  [
    "half credentials",
    within({ credentials: { host: "docker.io" } }),
    "container_settings.credentials.username container_settings.credentials.password",
    "missing"
  ],
  [
    "the reserved variable with a key",
    { ...within({ environment: [{ name: "SSH_PUBKEY", value: "k" }] }), ssh_key: "ssh-ed25519 AAAA" },
    "container_settings.environment.0.name"
  ],
  ["constraints of another form", { ...valid, constraints: "US" }, "constraints", "model_attributes_type"]
]

describe("a deployment of a container", () => {
  it.each(wrong)("with %s is a 422 that says where", async (_, body, where, type = "value_error") => {
    const { call, simulator } = createClient()
    const answer = await call("POST", "/gpu/instances/", body)
    expect(answer.status).toBe(422)
    const issues: Array<{ loc: unknown[]; type: string }> = answer.body.detail
    expect(issues.map(({ loc }) => loc.join("."))).toEqual(where.split(" ").map((path) => `body.${path}`))
    expect(issues.map((issue) => issue.type)).toEqual(issues.map(() => type))
    expect(simulator.machines()).toEqual([])
  })

  it.each([
    ["64 variables", within({ environment: variables(64) })],
    ["ten ports", within({ expose: ports(10) })],
    ["a name of 25", { ...valid, name: `${"a".repeat(24)}1` }],
    ["what may be null", { ...within({ startup_command: null, environment: null, credentials: null }), ssh_key: null }],
    ["the reserved variable alone", within({ environment: [{ name: "SSH_PUBKEY", value: "k" }] })]
  ])("with %s is only too late for its plan", async (_, body) => {
    const { call } = createClient()
    const { status, body: answer } = await call("POST", "/gpu/instances/", body)
    expect([status, answer.detail]).toEqual([400, "Selected plan is no longer available"])
  })

  it("never breaks on any JSON", async () => {
    const { call } = createClient()
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (value, other) => {
        for (const body of [
          value,
          { ...valid, container_settings: value, constraints: other },
          within({ expose: value, environment: other })
        ])
          expect([400, 422]).toContain((await call("POST", "/gpu/instances/", JSON.stringify(body))).status)
        for (const path of ["/vms/v3", "/marketplace/offers", "/vms/v3/estimate"])
          expect([200, 400, 422]).toContain(
            (await call("POST", path, JSON.stringify({ constraints: value, hardware: other }))).status
          )
      }),
      { numRuns: 60 }
    )
  })
})

describe("other requests", () => {
  it("of a VM: a key and an image are required", async () => {
    const { call } = createClient()
    const { status, body } = await call("POST", "/gpu/instances/vms", { plan_id: "x", name: "my-vm" })
    expect(status).toBe(422)
    expect(body.detail.map(({ loc }: { loc: unknown[] }) => loc.at(-1))).toEqual(["ssh_key", "os_image"])
  })

  it("of an option of the other kind, of what nobody has, and of the wrong collection", async () => {
    const { call, get, simulator } = createClient()
    const option = (await get("/gpu/plans/vms")).data[0].availability_by_number[0].options[0]
    const order = { plan_id: option.id, name: "a", ssh_key: "k", os_image: option.os_options[0] }
    expect((await call("POST", "/gpu/instances/baremetal", order)).status).toBe(400)
    const vm = simulator.addMachine({ kind: "vm" })
    for (const method of ["GET", "DELETE"])
      for (const path of [`/gpu/instances/${vm}`, `/gpu/instances/baremetal/${vm}`])
        expect((await call(method, path)).status).toBe(404)
    expect((await call("GET", "/gpu/instances/not-a-uuid")).body.detail[0]).toMatchObject({
      ...{ type: "uuid_parsing", loc: ["path", "instance_id"], input: "not-a-uuid" }
    })
    expect((await call("GET", `/gpu/instances/${simulator.addMachine()}/logs?last=x`)).status).toBe(422)
  })

  it("of an image that needs a key without one", async () => {
    const { deploy } = createClient()
    await expect(deploy({}, { ssh_key: undefined })).rejects.toThrow("SSH key")
  })
})
