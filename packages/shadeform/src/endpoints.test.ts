import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import type * as z from "zod"
import { apiKey, publicKey, world } from "./cloud.test-support.ts"
import clusterTypes from "./fixtures/cluster-types.json" with { type: "json" }
import createRequest from "./fixtures/create-request.json" with { type: "json" }
import made from "./fixtures/created.json" with { type: "json" }
import instances from "./fixtures/instances.json" with { type: "json" }
import keys from "./fixtures/keys.json" with { type: "json" }
import pending from "./fixtures/pending.json" with { type: "json" }
import templateRequest from "./fixtures/template-request.json" with { type: "json" }
import types from "./fixtures/types.json" with { type: "json" }
import volume from "./fixtures/volume.json" with { type: "json" }
import volumeTypes from "./fixtures/volume-types.json" with { type: "json" }
import { endpoints, type Shadeform } from "./index.ts"
import type { CreateInstance, SaveTemplate } from "./wire.ts"

type Native = Shadeform["native"]
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const id = { params: { id: "a b/c" } }
const template = { params: { template_id: "template-123" } }
const key = { name: "My ssh key", public_key: publicKey }
const disk = { cloud: "digitalocean", region: "tor1", size_in_gb: 100, name: "mystoragevolume" }
const cluster = { name: "c", cloud: "denvr", region: "houston-usa-1", cluster_type: "H100_sxm5x8", num_instances: 2 }
const until = { date_threshold: "2026-11-29T19:10:00Z", spend_threshold: "5.00" }
const update = { name: "renamed", tags: ["a"], auto_delete: until, alert: null }
const create = createRequest as CreateInstance
const save = templateRequest as z.infer<typeof SaveTemplate>
const query = {
  cloud: "aws",
  region: "us-east-1a",
  num_gpus: "1",
  gpu_type: "A100_80G",
  shade_instance_type: "A100_80G",
  available: true,
  sort: "price"
} as const
const asked =
  "?cloud=aws&region=us-east-1a&num_gpus=1&gpu_type=A100_80G&shade_instance_type=A100_80G&available=true&sort=price"

/** From the OpenAPI document: operation, call, method, path with query, body, and an answer. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: keyof Native, call: Call, method: string, path: string, body: unknown, answer: unknown]> = [
  ["listInstances", (n) => n.listInstances(), "GET", "/v1/instances", undefined, instances],
  ["listInstanceTypes", (n) => n.listInstanceTypes({ query }), "GET", `/v1/instances/types${asked}`, undefined, types],
  ["createInstance", (n) => n.createInstance({ body: create }), "POST", "/v1/instances/create", createRequest, made],
  ["getInstance", (n) => n.getInstance(id), "GET", "/v1/instances/a%20b%2Fc/info", undefined, pending],
  ["updateInstance", (n) => n.updateInstance({ ...id, body: update }), "POST", "/v1/instances/a%20b%2Fc/update", update, ""],
  ["deleteInstance", (n) => n.deleteInstance(id), "POST", "/v1/instances/a%20b%2Fc/delete", undefined, ""],
  ["restartInstance", (n) => n.restartInstance(id), "POST", "/v1/instances/a%20b%2Fc/restart", undefined, ""],
  ["listSshKeys", (n) => n.listSshKeys(), "GET", "/v1/sshkeys", undefined, keys],
  ["addSshKey", (n) => n.addSshKey({ body: key }), "POST", "/v1/sshkeys/add", key, made],
  ["getSshKey", (n) => n.getSshKey(id), "GET", "/v1/sshkeys/a%20b%2Fc/info", undefined, keys.ssh_keys[0]],
  ["deleteSshKey", (n) => n.deleteSshKey(id), "POST", "/v1/sshkeys/a%20b%2Fc/delete", undefined, ""],
  ["setDefaultSshKey", (n) => n.setDefaultSshKey(id), "POST", "/v1/sshkeys/a%20b%2Fc/setdefault", undefined, ""],
  ["listVolumes", (n) => n.listVolumes(), "GET", "/v1/volumes", undefined, { volumes: [volume] }],
  ["listVolumeTypes", (n) => n.listVolumeTypes(), "GET", "/v1/volumes/types", undefined, volumeTypes],
  ["createVolume", (n) => n.createVolume({ body: disk }), "POST", "/v1/volumes/create", disk, made],
  ["getVolume", (n) => n.getVolume(id), "GET", "/v1/volumes/a%20b%2Fc/info", undefined, volume],
  ["deleteVolume", (n) => n.deleteVolume(id), "POST", "/v1/volumes/a%20b%2Fc/delete", undefined, ""],
  ["listTemplates", (n) => n.listTemplates(), "GET", "/v1/templates", undefined, { templates: [] }],
  ["listFeaturedTemplates", (n) => n.listFeaturedTemplates(), "GET", "/v1/templates/featured", undefined, { templates: [] }],
  ["saveTemplate", (n) => n.saveTemplate({ body: save }), "POST", "/v1/templates/save", templateRequest, made],
  ["getTemplate", (n) => n.getTemplate(template), "GET", "/v1/templates/template-123/info", undefined, { id: "template-123", name: "t" }],
  ["updateTemplate", (n) => n.updateTemplate({ ...template, body: save }), "POST", "/v1/templates/template-123/update", templateRequest, ""],
  ["deleteTemplate", (n) => n.deleteTemplate(template), "POST", "/v1/templates/template-123/delete", undefined, ""],
  ["listClusters", (n) => n.listClusters(), "GET", "/v1/clusters", undefined, { clusters: [] }],
  ["listClusterTypes", (n) => n.listClusterTypes(), "GET", "/v1/clusters/types", undefined, clusterTypes],
  ["createCluster", (n) => n.createCluster({ body: cluster }), "POST", "/v1/clusters/create", cluster, made],
  ["getCluster", (n) => n.getCluster(id), "GET", "/v1/clusters/a%20b%2Fc/info", undefined, made],
  ["deleteCluster", (n) => n.deleteCluster(id), "POST", "/v1/clusters/a%20b%2Fc/delete", undefined, ""]
]

describe("every endpoint is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, body, answer) => {
    const route = `${method} ${decodeURIComponent(path.split("?")[0] ?? "")}`
    const { cloud, run, sent } = world({ [route]: answer === "" ? { text: "" } : { json: answer } })
    await run(call(cloud.native))
    const [request] = sent
    expect(sent).toHaveLength(1)
    expect(request?.method).toBe(method)
    expect(request?.url).toBe(`https://api.shadeform.ai${path}`)
    expect(request?.body === undefined ? undefined : JSON.parse(request.body)).toEqual(body)
    expect(request?.headers).toEqual({
      accept: "application/json",
      "x-api-key": apiKey,
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

test("what makes something is not sent again once it may have taken place, nor is a restart", () => {
  const once = ["createInstance", "restartInstance", "addSshKey", "createVolume", "saveTemplate", "createCluster"]
  for (const [name] of table) {
    expect(endpoints[name].repeat, name).toBe(once.includes(name) ? "refused-only" : "safe")
  }
})
