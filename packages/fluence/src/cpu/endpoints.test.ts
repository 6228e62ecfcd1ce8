import type { Reply } from "@anygpu/conformance"
import type { GpuError } from "@anygpu/core"
import type { NativeClient } from "@anygpu/core/adapter"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { apiKey, cloudOf, id, image, otherId, publicKey } from "./cloud.test-support.ts"
import { cpuEndpoints } from "./endpoints.ts"
import answers from "./fixtures/answers.json" with { type: "json" }
import requests from "./fixtures/requests.json" with { type: "json" }

type Native = NativeClient<typeof cpuEndpoints>
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const ssh = { port: 22, protocol: "tcp" } as const
const vm = { name: "my-vm", hostname: "my-vm", osImage: image, openPorts: [ssh], sshKeys: [publicKey] }
const constraints = { basicConfiguration: "cpu-4-ram-8gb-storage-25gb", maxTotalPricePerEpochUsd: "1.5" }
const rename = { id, vmName: "new-vm-name" }

/** From Fluence's documents: operation, call, method, path with query, body, repeat, and an answer they document. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: keyof Native, call: Call, method: string, path: string, body: unknown, repeat: string, reply: Reply]> = [
  ["listCpuVms", (n) => n.listCpuVms(), "GET", "/vms/v2", undefined, "safe", { json: [answers.vmA] }],
  ["updateCpuVm", (n) => n.updateCpuVm({ body: rename }), "PATCH", "/vms/v2", rename, "safe", { status: 204 }],
  ["deleteCpuVms", (n) => n.deleteCpuVms({ body: { vmIds: [id, otherId] } }), "DELETE", "/vms/v3", requests.delete, "safe", { text: "" }],
  ["createCpuVms", (n) => n.createCpuVms({ body: { constraints, instances: 1, vmConfiguration: vm } }), "POST", "/vms/v3", { constraints, instances: 1, vmConfiguration: vm }, "refused-only", { json: answers.created }],
  ["searchCpuOffers", (n) => n.searchCpuOffers({ body: {} }), "POST", "/marketplace/offers", {}, "safe", { json: [answers.offer] }],
  ["cpuConfigurations", (n) => n.cpuConfigurations(), "GET", "/marketplace/basic_configurations", undefined, "safe", { json: answers.configurations }],
  ["cpuCountries", (n) => n.cpuCountries(), "GET", "/marketplace/countries", undefined, "safe", { json: answers.countries }],
  ["cpuHardware", (n) => n.cpuHardware(), "GET", "/marketplace/hardware", undefined, "safe", { json: answers.hardware }],
  ["cpuDatacenters", (n) => n.cpuDatacenters(), "GET", "/v1/marketplace/datacenters", undefined, "safe", { json: [{ id: "x", countryCode: "FR" }] }],
  ["estimateCpuVms", (n) => n.estimateCpuVms({ body: { constraints, instances: 3 } }), "POST", "/vms/v3/estimate", { constraints, instances: 3 }, "safe", { json: answers.estimate }],
  ["cpuImages", (n) => n.cpuImages(), "GET", "/vms/v3/default_images", undefined, "safe", { json: answers.images }],
  ["listCpuVmsV3", (n) => n.listCpuVmsV3(), "GET", "/vms/v3", undefined, "safe", { json: [answers.vmB] }],
  ["updateCpuVmsV3", (n) => n.updateCpuVmsV3({ body: { updates: [rename] } }), "PATCH", "/vms/v3", { updates: [rename] }, "safe", { status: 204 }],
  ["cpuVmStatuses", (n) => n.cpuVmStatuses({ query: { ids: `${id},${otherId}` } }), "GET", `/vms/v3/status?ids=${id}%2C${otherId}`, undefined, "safe", { json: [{ id, status: "Active", statusChangedAt: "2025-07-01T00:00:00Z" }] }]
]

describe("every endpoint is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, body, repeat, reply) => {
    const { native, run, sent } = cloudOf({ [`${method} ${path.split("?")[0]}`]: reply })
    await run(call(native))
    expect(sent).toHaveLength(1)
    const [request] = sent
    expect(request?.method).toBe(method)
    expect(request?.url).toBe(`https://api.fluence.dev${path}`)
    expect(request?.json).toEqual(body)
    expect(request?.headers).toEqual({
      accept: "application/json",
      "x-api-key": apiKey,
      "user-agent": "anygpu",
      ...(body !== undefined && { "content-type": "application/json" })
    })
    expect(cpuEndpoints[name].operation).toBe(name)
    expect(cpuEndpoints[name].repeat).toBe(repeat)
  })

  it("and there is no other one", () => {
    expect(table.map(([name]) => name).sort()).toEqual(Object.keys(cpuEndpoints).sort())
  })
})

describe("the documents' requests are sent as they are", () => {
  /** JSON files know no literals: what is wrong with one would be InvalidRequest, and nothing sent. */
  const documented = [
    ...requests.create.map((body) => ["createCpuVms", "POST /vms/v3", body] as const),
    ...requests.search.map((body) => ["searchCpuOffers", "POST /marketplace/offers", body] as const),
    ...requests.update.map((body) => ["updateCpuVm", "PATCH /vms/v2", body] as const),
    ["updateCpuVmsV3", "PATCH /vms/v3", requests.updates] as const,
    ["deleteCpuVms", "DELETE /vms/v3", requests.delete] as const,
    ["estimateCpuVms", "POST /vms/v3/estimate", requests.estimate] as const
  ]

  it.each(documented)("%s %s %j", async (name, route, body) => {
    const json = { createCpuVms: answers.created, searchCpuOffers: [], estimateCpuVms: answers.estimate }[
      name as string
    ]
    const { native, run, bodies } = cloudOf({ [route]: { json: json ?? [] } })
    await run((native[name] as (input: unknown) => Effect.Effect<unknown, GpuError>)({ body }))
    expect(bodies(route)).toEqual([body])
  })
})

describe("the documents' answers decode", () => {
  it("ids of an order, an estimate, hardware", async () => {
    const { native, run } = cloudOf({
      "POST /vms/v3": { json: answers.created },
      "POST /vms/v3/estimate": { json: answers.estimate },
      "GET /marketplace/hardware": { json: answers.hardware }
    })
    const made = await run(native.createCpuVms({ body: { instances: 2, vmConfiguration: vm } }))
    expect(made.map(({ vmId }) => vmId)).toEqual(["0xCbfC94101AE30f212790B6Da340fD071B5eee86D", otherId])
    expect(await run(native.estimateCpuVms({ body: { instances: 10 } }))).toEqual(answers.estimate)
    expect(await run(native.cpuHardware())).toEqual(answers.hardware)
  })

  it.each(answers.refusals)("422 %j is a lack of capacity", async (json) => {
    const { native, fails } = cloudOf({ "POST /vms/v3": { status: 422, json } })
    const error = await fails(native.createCpuVms({ body: { instances: 1, vmConfiguration: vm } }))
    expect(error).toMatchObject({ _tag: "NoCapacity", http: { status: 422 } })
  })
})

const loose = (native: Native) =>
  native as unknown as Record<string, (input: unknown) => Effect.Effect<unknown, GpuError>>

test.each([
  ["a body of generation B for A", "updateCpuVm", { body: { updates: [rename] } }],
  ["a body of generation A for B", "updateCpuVmsV3", { body: rename }],
  ["a change of nothing", "updateCpuVm", { body: { id } }],
  ["an unknown field", "updateCpuVm", { body: { ...rename, status: "Stopped" } }],
  ["an invalid id", "deleteCpuVms", { body: { vmIds: ["0x12"] } }],
  ["an end of nothing", "deleteCpuVms", { body: { vmIds: [] } }],
  ["the field of a draft", "deleteCpuVms", { body: { vmId: id } }],
  ["an invalid port", "updateCpuVm", { body: { id, openPorts: [{ port: 0, protocol: "tcp" }] } }],
  ["an unknown protocol", "updateCpuVm", { body: { id, openPorts: [{ port: 1, protocol: "http" }] } }],
  ["a price as a number", "searchCpuOffers", { body: { maxTotalPricePerEpochUsd: 12.5 } }],
  ["an invalid price", "searchCpuOffers", { body: { maxTotalPricePerEpochUsd: "." } }],
  ["an invalid image", "createCpuVms", { body: { instances: 1, vmConfiguration: { ...vm, osImage: "ubuntu" } } }],
  ["no key", "createCpuVms", { body: { instances: 1, vmConfiguration: { ...vm, sshKeys: [] } } }],
  ["a name with a dot", "createCpuVms", { body: { instances: 1, vmConfiguration: { ...vm, name: "a.b" } } }],
  ["invalid ids", "cpuVmStatuses", { query: { ids: `${id}, ${otherId}` } }]
])("%s is not sent", async (_, name, input) => {
  const { native, fails, sent } = cloudOf({})
  const call = loose(native)[name]
  expect(call && (await fails(call(input)))._tag).toBe("InvalidRequest")
  expect(sent).toEqual([])
})
