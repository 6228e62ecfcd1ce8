import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { publicKey, token, world } from "./cloud.test-support.ts"
import availability from "./fixtures/availability.json" with { type: "json" }
import balance from "./fixtures/balance.json" with { type: "json" }
import create from "./fixtures/create.json" with { type: "json" }
import made from "./fixtures/created.json" with { type: "json" }
import end from "./fixtures/end.json" with { type: "json" }
import eviction from "./fixtures/eviction.json" with { type: "json" }
import image from "./fixtures/image.json" with { type: "json" }
import instance from "./fixtures/instance.json" with { type: "json" }
import key from "./fixtures/key.json" with { type: "json" }
import locations from "./fixtures/locations.json" with { type: "json" }
import script from "./fixtures/script.json" with { type: "json" }
import pair from "./fixtures/token.json" with { type: "json" }
import body from "./fixtures/token-body.json" with { type: "json" }
import types from "./fixtures/types.json" with { type: "json" }
import volume from "./fixtures/volume.json" with { type: "json" }
import volumeType from "./fixtures/volume-type.json" with { type: "json" }
import { endpoints, type Verda } from "./index.ts"

type Native = Verda["native"]
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const id = { params: { id: "a b/c" } }
const tagged = { params: { id: "a b/c", tagId: "tag_1" } }
const tag = { key: "environment", value: "production" }
const at = "a%20b%2Fc"
const usd = { query: { currency: "usd" } } as const
const [spec] = [create] as ReadonlyArray<Parameters<Native["createInstance"]>[0]["body"]>
if (!spec) throw new Error("no fixture")
const credentials = { ...body, grant_type: "client_credentials" } as const
const refresh = { grant_type: "refresh_token", refresh_token: "r-4711" } as const
const action = { ...end, action: "delete" } as const
const newVolume = { type: "NVMe", location_code: "FIN-01", size: 50, name: "my-volume" } as const
const cluster = {
  ...{ cluster_type: "16H200", image: "ubuntu-22.04-cuda-12.4-cluster", hostname: "c", location_code: "FIN-01" },
  shared_volume: { name: "SFS-1", size: 30_000 }
}
const group = {
  ...{ name: "g", location_code: "FIN-01", instance_type: "1H100.80S.30V" },
  template: { image: "ubuntu-24.04-cuda-12.8-docker", os_volume: { size: 200 } }
}
const node = { params: { clusterId: "c1", nodeId: "n1" } }
const page = { page: 2, pageSize: 100 }

/** From the OpenAPI document: operation, call, method, path with query, body, and an answer. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: keyof Native, call: Call, method: string, path: string, body: unknown, answer: unknown]> = [
  ["getToken", (n) => n.getToken({ body: credentials }), "POST", "/oauth2/token", credentials, { ...pair, access_token: "t" }],
  ["refreshToken", (n) => n.refreshToken({ body: refresh }), "POST", "/oauth2/token", refresh, { ...pair, access_token: "t" }],
  ["listInstances", (n) => n.listInstances({ query: { status: "running", tag: "anygpu=agk3f9x2m7q1" } }), "GET", "/instances?status=running&tag=anygpu%3Dagk3f9x2m7q1", undefined, [instance]],
  ["createInstance", (n) => n.createInstance({ body: spec }), "POST", "/instances", create, made],
  ["getInstance", (n) => n.getInstance(id), "GET", `/instances/${at}`, undefined, instance],
  ["instanceAction", (n) => n.instanceAction({ body: action }), "PUT", "/instances", action, ""],
  ["addInstanceTag", (n) => n.addInstanceTag({ ...id, body: tag }), "POST", `/instances/${at}/tags`, tag, instance.tags[0]],
  ["removeInstanceTag", (n) => n.removeInstanceTag(tagged), "DELETE", `/instances/${at}/tags/tag_1`, undefined, ""],
  ["listVolumes", (n) => n.listVolumes({ query: { status: "detached" } }), "GET", "/volumes?status=detached", undefined, [volume]],
  ["listTrash", (n) => n.listTrash(), "GET", "/volumes/trash", undefined, []],
  ["getVolume", (n) => n.getVolume(id), "GET", `/volumes/${at}`, undefined, volume],
  ["createVolume", (n) => n.createVolume({ body: newVolume }), "POST", "/volumes", newVolume, made],
  ["volumeAction", (n) => n.volumeAction({ body: { action: "resize", id: "v1", size: 100 } }), "PUT", "/volumes", { action: "resize", id: "v1", size: 100 }, ""],
  ["deleteVolume", (n) => n.deleteVolume({ ...id, body: { is_permanent: true } }), "DELETE", `/volumes/${at}`, { is_permanent: true }, ""],
  ["addVolumeTag", (n) => n.addVolumeTag({ ...id, body: tag }), "POST", `/volumes/${at}/tags`, tag, { id: "tag_1", ...tag }],
  ["removeVolumeTag", (n) => n.removeVolumeTag(tagged), "DELETE", `/volumes/${at}/tags/tag_1`, undefined, ""],
  ["listInstanceTypes", (n) => n.listInstanceTypes(usd), "GET", "/instance-types?currency=usd", undefined, types],
  ["listAvailability", (n) => n.listAvailability({ query: { is_spot: true, location_code: "FIN-01" } }), "GET", "/instance-availability?is_spot=true&location_code=FIN-01", undefined, availability],
  ["checkAvailability", (n) => n.checkAvailability({ params: { type: "1A100.22V" }, query: { is_spot: false } }), "GET", "/instance-availability/1A100.22V?is_spot=false", undefined, true],
  ["listLocations", (n) => n.listLocations(), "GET", "/locations", undefined, locations],
  ["listImages", (n) => n.listImages({ query: { instance_type: "1A100.22V" } }), "GET", "/images?instance_type=1A100.22V", undefined, [image]],
  ["listVolumeTypes", (n) => n.listVolumeTypes(usd), "GET", "/volume-types?currency=usd", undefined, [volumeType]],
  ["getBalance", (n) => n.getBalance(), "GET", "/balance", undefined, balance],
  ["listSshKeys", (n) => n.listSshKeys(), "GET", "/ssh-keys", undefined, [key]],
  ["createSshKey", (n) => n.createSshKey({ body: { name: "my-laptop", key: publicKey } }), "POST", "/ssh-keys", { name: "my-laptop", key: publicKey }, made],
  ["getSshKey", (n) => n.getSshKey(id), "GET", `/ssh-keys/${at}`, undefined, [key]],
  ["deleteSshKey", (n) => n.deleteSshKey(id), "DELETE", `/ssh-keys/${at}`, undefined, ""],
  ["deleteSshKeys", (n) => n.deleteSshKeys({ body: { keys: ["k1", "k2"] } }), "DELETE", "/ssh-keys", { keys: ["k1", "k2"] }, ""],
  ["listScripts", (n) => n.listScripts({ query: { ...page, name: "mine", orderBy: "created_at", orderDirection: "asc" } }), "GET", "/scripts?page=2&pageSize=100&name=mine&orderBy=created_at&orderDirection=asc", undefined, [script]],
  ["createScript", (n) => n.createScript({ body: { name: "mine", script: "#!/bin/bash" } }), "POST", "/scripts", { name: "mine", script: "#!/bin/bash" }, made],
  ["getScript", (n) => n.getScript(id), "GET", `/scripts/${at}`, undefined, script],
  ["deleteScript", (n) => n.deleteScript(id), "DELETE", `/scripts/${at}`, undefined, ""],
  ["deleteScripts", (n) => n.deleteScripts({ body: { scripts: ["s1"] } }), "DELETE", "/scripts", { scripts: ["s1"] }, ""],
  ["listJournal", (n) => n.listJournal({ query: { ...page, action_code: "delete", object_type: "compute", hydrate: true } }), "GET", "/journal?page=2&pageSize=100&hydrate=true&action_code=delete&object_type=compute", undefined, [eviction]],
  ["listInstanceJournal", (n) => n.listInstanceJournal({ ...id, query: page }), "GET", `/journal/compute/${at}?page=2&pageSize=100`, undefined, [eviction]],
  ["listVolumeJournal", (n) => n.listVolumeJournal({ ...id, query: page }), "GET", `/journal/volume/${at}?page=2&pageSize=100`, undefined, []],
  ["listClusters", (n) => n.listClusters(), "GET", "/clusters", undefined, []],
  ["createCluster", (n) => n.createCluster({ body: cluster }), "POST", "/clusters", cluster, { id: made }],
  ["getCluster", (n) => n.getCluster(id), "GET", `/clusters/${at}`, undefined, { id: made }],
  ["clusterActions", (n) => n.clusterActions({ body: { actions: [{ action: "discontinue", id: "c1" }] } }), "PUT", "/clusters", { actions: [{ action: "discontinue", id: "c1" }] }, ""],
  ["clusterNodeAction", (n) => n.clusterNodeAction({ ...node, body: { action: "boot" } }), "POST", "/clusters/c1/nodes/n1/actions", { action: "boot" }, ""],
  ["addClusterTag", (n) => n.addClusterTag({ ...id, body: tag }), "POST", `/clusters/${at}/tags`, tag, { id: "tag_1", ...tag }],
  ["removeClusterTag", (n) => n.removeClusterTag(tagged), "DELETE", `/clusters/${at}/tags/tag_1`, undefined, ""],
  ["listClusterTypes", (n) => n.listClusterTypes(usd), "GET", "/cluster-types?currency=usd", undefined, []],
  ["listClusterAvailability", (n) => n.listClusterAvailability({ query: { location_code: "FIN-03" } }), "GET", "/cluster-availability?location_code=FIN-03", undefined, []],
  ["checkClusterAvailability", (n) => n.checkClusterAvailability({ params: { type: "16B200" }, query: {} }), "GET", "/cluster-availability/16B200", undefined, false],
  ["listClusterImages", (n) => n.listClusterImages({ query: { instance_type: "16B200" } }), "GET", "/images/cluster?instance_type=16B200", undefined, []],
  ["listContainerTypes", (n) => n.listContainerTypes(usd), "GET", "/container-types?currency=usd", undefined, []],
  ["listInstancePeriods", (n) => n.listInstancePeriods(), "GET", "/long-term/periods/instances", undefined, []],
  ["listClusterPeriods", (n) => n.listClusterPeriods(), "GET", "/long-term/periods/clusters", undefined, []],
  ["listInstanceGroups", (n) => n.listInstanceGroups(), "GET", "/instance-groups", undefined, []],
  ["createInstanceGroup", (n) => n.createInstanceGroup({ body: group }), "POST", "/instance-groups", group, { id: made }],
  ["getInstanceGroup", (n) => n.getInstanceGroup(id), "GET", `/instance-groups/${at}`, undefined, { id: made }],
  ["updateInstanceGroup", (n) => n.updateInstanceGroup({ ...id, body: { name: "h" } }), "PATCH", `/instance-groups/${at}`, { name: "h" }, { id: made }],
  ["deleteInstanceGroup", (n) => n.deleteInstanceGroup(id), "DELETE", `/instance-groups/${at}`, undefined, ""],
  ["listAuditLog", (n) => n.listAuditLog({ query: { action: "create", page_size: 100, cursor: "c" } }), "GET", "/audit/log?action=create&cursor=c&page_size=100", undefined, { data: [] }],
  ["downloadAuditLog", (n) => n.downloadAuditLog({ body: { start_date: "2026-01-01T00:00:00.000Z" } }), "POST", "/audit/log/download", { start_date: "2026-01-01T00:00:00.000Z" }, { url: "https://x.test" }]
]

const isLogin = (name: keyof Native): boolean => name === "getToken" || name === "refreshToken"

describe("every endpoint is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, sentBody, answer) => {
    const route = `${method} /v1${decodeURIComponent(path.split("?")[0] ?? "")}`
    const { cloud, run, sent } = world({ [route]: answer === "" ? { text: "" } : { json: answer } })
    await run(call(cloud.native))
    const request = sent.at(-1)
    expect(sent).toHaveLength(isLogin(name) ? 1 : 2)
    expect(request?.method).toBe(method)
    expect(request?.url).toBe(`https://api.verda.com/v1${path}`)
    expect(request?.body === undefined ? undefined : JSON.parse(request.body)).toEqual(sentBody)
    expect(request?.headers).toEqual({
      accept: "application/json",
      ...(!isLogin(name) && { authorization: `Bearer ${token}` }),
      "user-agent": "anygpu",
      ...(sentBody !== undefined && { "content-type": "application/json" })
    })
    expect(endpoints[name].operation).toBe(name)
    expect(endpoints[name].source).not.toBe("")
  })

  it("and there is no other one", () => {
    expect(table.map(([name]) => name).sort()).toEqual(Object.keys(endpoints).sort())
  })
})

test("nothing that makes something is sent again once it may have taken place; reads, ends and set states are", () => {
  for (const [name, , method] of table) {
    const isSafe = method === "GET" || method === "DELETE" || name === "getToken" || name === "instanceAction"
    expect(endpoints[name].repeat, name).toBe(name === "refreshToken" ? "never" : isSafe ? "safe" : "refused-only")
  }
})
