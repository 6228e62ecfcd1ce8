import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { apiKey, publicKey, world } from "./cloud.test-support.ts"
import billing from "./fixtures/billing.json" with { type: "json" }
import createRequest from "./fixtures/create.json" with { type: "json" }
import datacenters from "./fixtures/datacenters.json" with { type: "json" }
import gpus from "./fixtures/gpus.json" with { type: "json" }
import keys from "./fixtures/keys.json" with { type: "json" }
import myself from "./fixtures/myself.json" with { type: "json" }
import pods from "./fixtures/pods.json" with { type: "json" }
import pod from "./fixtures/provisioning.json" with { type: "json" }
import secrets from "./fixtures/secrets.json" with { type: "json" }
import templates from "./fixtures/templates.json" with { type: "json" }
import { endpoints, type Runpod } from "./index.ts"
import { question } from "./wire.ts"

type Native = Runpod["native"]
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const id = { params: { id: "a b/c" } }
const made = { id: "6n2k8v4d", name: "dockerhub-private" }
const volume = { name: "training-dataset", dataCenter: "US-KS-2", size: 50, type: "HIGH_PERFORMANCE" } as const
const login = { name: "dockerhub-private", username: "runpod-user", password: "correct-horse-battery-staple" }
const secret = { name: "hf-token", value: "hf_1", description: "Hugging Face read token" }
const template = { name: "PyTorch", image: "runpod/pytorch", mounts: { persistent: { size: 20, path: "/workspace" } } }
const spend = { startTime: "2026-05-01T00:00:00Z", bucketSize: "day" } as const
/** Source: Runpod API reference v2, getPodLogs: the published sample. */
const logs = `id: 2026-06-01T12:02:03Z/000000000001\ndata: {"ts":"2026-06-01T12:02:03Z","source":"container","line":"Model loaded."}\n\n`
const stock = { include: "AVAILABILITY", product: "POD" } as const

/** From the OpenAPI document: operation, call, method, path with query, body, and an answer. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: keyof Native, call: Call, method: string, path: string, body: unknown, answer: unknown]> = [
  ["listPods", (n) => n.listPods({ query: { cursor: "Y3=", limit: 50 } }), "GET", "/v2/pods?cursor=Y3%3D&limit=50", undefined, pods],
  ["createPod", (n) => n.createPod({ body: createRequest }), "POST", "/v2/pods", createRequest, pod],
  ["getPod", (n) => n.getPod(id), "GET", "/v2/pods/a%20b%2Fc", undefined, pod],
  ["updatePod", (n) => n.updatePod({ ...id, body: { name: "renamed-training-pod" } }), "PATCH", "/v2/pods/a%20b%2Fc", { name: "renamed-training-pod" }, pod],
  ["deletePod", (n) => n.deletePod(id), "DELETE", "/v2/pods/a%20b%2Fc", undefined, ""],
  ["podAction", (n) => n.podAction({ ...id, body: { action: "start" } }), "POST", "/v2/pods/a%20b%2Fc/action", { action: "start" }, pod],
  ["getPodLogs", (n) => n.getPodLogs({ ...id, query: { source: "system", tail: 50 }, events: 1, headers: { "Last-Event-ID": "2026-06-01T12:02:03Z/000000000001" } }), "GET", "/v2/pods/a%20b%2Fc/logs?source=system&tail=50", undefined, logs],
  ["listGpuTypes", (n) => n.listGpuTypes({ query: { ...stock, count: 2, cloud: "COMMUNITY", countryCodes: "FR,DE", minCudaVersion: "12.1" } }), "GET", "/v2/catalog/gpus?include=AVAILABILITY&product=POD&count=2&cloud=COMMUNITY&countryCodes=FR%2CDE&minCudaVersion=12.1", undefined, gpus],
  ["getGpuType", (n) => n.getGpuType({ params: { id: "NVIDIA GeForce RTX 4090" } }), "GET", "/v2/catalog/gpus/NVIDIA%20GeForce%20RTX%204090", undefined, gpus.gpus[0]],
  ["listCpuTypes", (n) => n.listCpuTypes({ query: { ...stock, vcpuCount: 4 } }), "GET", "/v2/catalog/cpus?include=AVAILABILITY&product=POD&vcpuCount=4", undefined, { cpus: [] }],
  ["getCpuType", (n) => n.getCpuType({ params: { id: "cpu5c" } }), "GET", "/v2/catalog/cpus/cpu5c", undefined, { id: "cpu5c" }],
  ["listDataCenters", (n) => n.listDataCenters(), "GET", "/v2/catalog/datacenters", undefined, datacenters],
  ["getDataCenter", (n) => n.getDataCenter({ params: { id: "US-KS-2" } }), "GET", "/v2/catalog/datacenters/US-KS-2", undefined, datacenters.dataCenters[0]],
  ["listPublicTemplates", (n) => n.listPublicTemplates({ query: { source: "official" } }), "GET", "/v2/catalog/templates?source=official", undefined, templates],
  ["getSshKeys", (n) => n.getSshKeys(), "GET", "/v2/account/ssh-keys", undefined, keys],
  ["updateSshKeys", (n) => n.updateSshKeys({ body: { keys: [publicKey] } }), "PUT", "/v2/account/ssh-keys", { keys: [publicKey] }, keys],
  ["listSecrets", (n) => n.listSecrets({ query: { name: "hf-token" } }), "GET", "/v2/account/secrets?name=hf-token", undefined, secrets],
  ["createSecret", (n) => n.createSecret({ body: secret }), "POST", "/v2/account/secrets", secret, made],
  ["getSecret", (n) => n.getSecret(id), "GET", "/v2/account/secrets/a%20b%2Fc", undefined, made],
  ["updateSecret", (n) => n.updateSecret({ ...id, body: { value: "hf_2" } }), "PATCH", "/v2/account/secrets/a%20b%2Fc", { value: "hf_2" }, made],
  ["deleteSecret", (n) => n.deleteSecret(id), "DELETE", "/v2/account/secrets/a%20b%2Fc", undefined, ""],
  ["myself", (n) => n.myself({ body: { query: question } }), "POST", "/graphql", { query: question }, myself],
  ["listTemplates", (n) => n.listTemplates({ query: { limit: 5 } }), "GET", "/v2/templates?limit=5", undefined, templates],
  ["createTemplate", (n) => n.createTemplate({ body: template }), "POST", "/v2/templates", template, made],
  ["getTemplate", (n) => n.getTemplate(id), "GET", "/v2/templates/a%20b%2Fc", undefined, made],
  ["updateTemplate", (n) => n.updateTemplate({ ...id, body: { public: false } }), "PATCH", "/v2/templates/a%20b%2Fc", { public: false }, made],
  ["deleteTemplate", (n) => n.deleteTemplate(id), "DELETE", "/v2/templates/a%20b%2Fc", undefined, ""],
  ["listNetworkVolumes", (n) => n.listNetworkVolumes(), "GET", "/v2/network-volumes", undefined, { networkVolumes: [] }],
  ["createNetworkVolume", (n) => n.createNetworkVolume({ body: volume }), "POST", "/v2/network-volumes", volume, made],
  ["getNetworkVolume", (n) => n.getNetworkVolume(id), "GET", "/v2/network-volumes/a%20b%2Fc", undefined, made],
  ["updateNetworkVolume", (n) => n.updateNetworkVolume({ ...id, body: { size: 60 } }), "PATCH", "/v2/network-volumes/a%20b%2Fc", { size: 60 }, made],
  ["deleteNetworkVolume", (n) => n.deleteNetworkVolume(id), "DELETE", "/v2/network-volumes/a%20b%2Fc", undefined, ""],
  ["listRegistries", (n) => n.listRegistries(), "GET", "/v2/registries", undefined, { registries: [made] }],
  ["createRegistry", (n) => n.createRegistry({ body: login }), "POST", "/v2/registries", login, made],
  ["getRegistry", (n) => n.getRegistry(id), "GET", "/v2/registries/a%20b%2Fc", undefined, made],
  ["deleteRegistry", (n) => n.deleteRegistry(id), "DELETE", "/v2/registries/a%20b%2Fc", undefined, ""],
  ["listDelegations", (n) => n.listDelegations(), "GET", "/v2/registries/delegations", undefined, { delegations: [] }],
  ["createDelegation", (n) => n.createDelegation({ body: { resource: "arn:aws:ecr:x", name: null } }), "POST", "/v2/registries/delegations", { resource: "arn:aws:ecr:x", name: null }, made],
  ["revokeDelegation", (n) => n.revokeDelegation(id), "DELETE", "/v2/registries/delegations/a%20b%2Fc", undefined, ""],
  ["listBilling", (n) => n.listBilling({ query: { lastN: 30 } }), "GET", "/v2/billing?lastN=30", undefined, billing],
  ["listPodBilling", (n) => n.listPodBilling({ query: { ...spend, podId: "7h9k2m4n6p" } }), "GET", "/v2/billing/pods?startTime=2026-05-01T00%3A00%3A00Z&bucketSize=day&podId=7h9k2m4n6p", undefined, billing],
  ["listNetworkVolumeBilling", (n) => n.listNetworkVolumeBilling({ query: { ...spend, networkVolumeId: "2q9m7x4c" } }), "GET", "/v2/billing/network-volumes?startTime=2026-05-01T00%3A00%3A00Z&bucketSize=day&networkVolumeId=2q9m7x4c", undefined, billing]
]

const replyWith = (name: keyof Native, answer: unknown) => {
  if (typeof answer !== "string") return { json: answer }
  return "stream" in endpoints[name] ? { text: answer, type: "text/event-stream" } : { text: answer }
}

describe("every endpoint is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, body, answer) => {
    const route = `${method} ${decodeURIComponent(path.split("?")[0] ?? "")}`
    const { cloud, run, sent } = world({ [route]: replyWith(name, answer) })
    await run(call(cloud.native))
    const [request] = sent
    expect(sent).toHaveLength(1)
    expect(request?.method).toBe(method)
    expect(request?.url).toBe(`https://api.runpod.io${path}`)
    expect(request?.body === undefined ? undefined : JSON.parse(request.body)).toEqual(body)
    const isStream = "stream" in endpoints[name]
    expect(request?.headers).toEqual({
      accept: isStream ? "text/event-stream, application/json" : "application/json",
      ...(isStream && { "last-event-id": "2026-06-01T12:02:03Z/000000000001" }),
      authorization: `Bearer ${apiKey}`,
      "user-agent": "anygpu",
      ...(body !== undefined && { "content-type": "application/json" })
    })
    expect(endpoints[name].operation).toBe(name)
    expect(endpoints[name].source).not.toBe("")
  })

  it("and there is no other one", () => {
    expect(table.map(([name]) => name).sort()).toEqual(Object.keys(endpoints).sort())
  })
})

test("no create and no change is sent again once it may have taken place; reads and ends are", () => {
  for (const [name, , method] of table) {
    const isSafe = method === "GET" || method === "DELETE" || name === "myself"
    expect(endpoints[name].repeat, name).toBe(isSafe ? "safe" : "refused-only")
  }
})

test("what was spent is typed, and what is not documented stays", async () => {
  const { cloud, run } = world({ "GET /v2/billing/pods": { json: billing } })
  const { records, metadata } = await run(cloud.native.listPodBilling({ query: { lastN: 1 } }))
  const [record] = records
  expect([record?.podId, record?.totalAmount, record?.gpuAmount, record?.diskAmount]).toEqual([
    "7h9k2m4n6p",
    12.34,
    11.1,
    1.24
  ])
  expect(metadata?.totals?.totalAmount).toBe(12.34)
  expect(metadata).toMatchObject({ uniquePodCount: 1 })
})
