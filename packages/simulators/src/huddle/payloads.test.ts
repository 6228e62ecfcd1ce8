import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { createHuddleClient, publicKey } from "../testing/huddle.ts"

interface Example {
  readonly source: string
  readonly answer: unknown
}

const examples: Readonly<Record<string, Example>> = JSON.parse(
  readFileSync(new URL("../fixtures/huddle-payloads.json", import.meta.url), "utf8")
)

/** Every path in a JSON value with the type at its end; items of a list share one path. */
const shapeOf = (value: unknown, path = ""): ReadonlySet<string> => {
  if (Array.isArray(value)) return new Set([`${path}[]`, ...value.flatMap((one) => [...shapeOf(one, `${path}[]`)])])
  if (typeof value !== "object" || value === null)
    return new Set([`${path}: ${value === null ? "null" : typeof value}`])
  return new Set(Object.entries(value).flatMap(([name, one]) => [...shapeOf(one, `${path}.${name}`)]))
}

/** The JSON of an example, to be compared field by field. */
// biome-ignore lint/suspicious/noExplicitAny: tests read untyped wire data
const documented = (name: string): any => examples[name]?.answer

const sorted = (value: unknown) => [...shapeOf(value)].sort()

/** Holds an answer to an example: the same fields of the same types, no more and no fewer. */
const expectShape = (body: unknown, name: string) => expect(sorted(body)).toEqual(sorted(documented(name)))

describe("answers have exactly the documented fields", () => {
  it("balance, availability and errors", async () => {
    const { call, order, deploy } = createHuddleClient({ credit: 50 })
    expect((await call("GET", "/billing/balance")).body).toEqual(documented("balance"))
    expect((await call("GET", "/deployments/availability/1A100.22V")).body).toEqual(documented("availability"))
    const { hostname: _, ...incomplete } = await order()
    expect(await call("POST", "/deployments/clusters", incomplete)).toEqual({
      status: 400,
      body: documented("missingField")
    })
    const poor = createHuddleClient({ credit: 12.5 })
    expect(await poor.deploy()).toEqual({ status: 402, body: documented("tooPoor") })
    expect((await deploy()).status).toBe(200)
  })

  it("a deployment as on the Deployments page", async () => {
    const { deploy, show, sleep } = createHuddleClient()
    const { body } = await deploy()
    expectShape(body, "deploy")
    expect(body.data.specs).toEqual(documented("deploy").data.specs)
    await sleep(135_000)
    const { ip, ...rest } = await show(body.data.id)
    expect(ip).toMatch(/^95\.216\.\d+\.\d+$/)
    expectShape({ code: "OK", data: rest }, "deploy")
  })

  it("a running deployment as in the reference", async () => {
    const { call, simulator } = createHuddleClient({ choices: { deploymentsAs: "reference" } })
    const id = simulator.addMachine({ clusterType: "1H100.80S.30V", sshKeyIds: ["string"] })
    expectShape((await call("GET", `/deployments/${id}`)).body, "running")
  })

  it("offers in both documented forms, with the documented numbers", async () => {
    for (const [offersAs, name] of [
      ["reference", "offersReference"],
      ["guide", "offersGuide"]
    ] as const) {
      const { call } = createHuddleClient({ choices: { offersAs } })
      const { body } = await call("GET", "/gpus/available?limit=100&available_only=false")
      expectShape(body, name)
      const answer = documented(name)
      const [wanted] = answer.data.data ?? answer.data
      const rows: ReadonlyArray<Record<string, unknown>> = body.data.data ?? body.data
      const row = rows.find(({ instance_type }) => instance_type === wanted.instance_type)
      const { id: _, spot_price_per_hr: __, spot_price_per_sec: ___, ...numbers } = wanted
      expect(row).toMatchObject(numbers)
    }
  })

  it("keys, volumes, waitlist and webhooks", async () => {
    const { call } = createHuddleClient()
    await call("POST", "/ssh-keys", { name: "my-laptop", public_key: publicKey })
    expectShape((await call("GET", "/ssh-keys")).body, "sshKeys")
    const volume = { name: "training-data", size: 500, type: "NVMe", location: "FIN-01" }
    const made = await call("POST", "/volumes", volume)
    expectShape(made.body, "volumeMade")
    expect(made.body.data).toMatchObject({ ...volume, base_hourly_cost: 0.05, status: "ordered" })
    const request = { cluster_type: "8H200.141S.176V", location: "FIN-01" }
    expectShape((await call("POST", "/deployments/requests", request)).body, "waitlist")
    const hook = { url: "https://your-server.com/webhook", events: ["deployment.running"] }
    expectShape((await call("POST", "/webhooks", hook)).body, "webhook")
    expectShape((await call("POST", "/api-keys", { name: "ci-pipeline" })).body, "apiKey")
  })
})
