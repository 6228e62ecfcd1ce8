import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { apiKey, publicKey, world } from "./cloud.test-support.ts"
import audit from "./fixtures/audit.json" with { type: "json" }
import fileSystems from "./fixtures/file-systems.json" with { type: "json" }
import globalRuleset from "./fixtures/global-ruleset.json" with { type: "json" }
import images from "./fixtures/images.json" with { type: "json" }
import instances from "./fixtures/instances.json" with { type: "json" }
import keys from "./fixtures/keys.json" with { type: "json" }
import launched from "./fixtures/launched.json" with { type: "json" }
import madeKey from "./fixtures/made-key.json" with { type: "json" }
import regions from "./fixtures/regions.json" with { type: "json" }
import restarted from "./fixtures/restarted.json" with { type: "json" }
import rules from "./fixtures/rules.json" with { type: "json" }
import rulesets from "./fixtures/rulesets.json" with { type: "json" }
import terminated from "./fixtures/terminated.json" with { type: "json" }
import types from "./fixtures/types.json" with { type: "json" }
import { endpoints, type Lambda } from "./index.ts"

type Native = Lambda["native"]
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const id = { params: { id: "a b/c" } }
const one = { data: instances.data[0] }
const ids = { instance_ids: ["0920582c7ff041399e34823a0be62549"] }
const launch = {
  ...{ region_name: "us-west-1", instance_type_name: "gpu_8x_a100", ssh_key_names: ["my-public-key"] },
  ...{ file_system_names: ["my-filesystem"], hostname: "headnode1", name: "My Instance", user_data: "#cloud-config" },
  file_system_mounts: [{ mount_point: "/data/custom-mount-point", file_system_id: "398578a2336b49079e74043f0bd2cfe8" }],
  image: { id: "43336648-096d-4cba-9aa2-f9bb7727639d" },
  tags: [{ key: "key1", value: "value1" }],
  firewall_rulesets: [{ id: "c4d291f47f9d436fa39f58493ce3b50d" }]
}
const key = { name: "my-public-key", public_key: publicKey }
const fileSystem = { name: "my-filesystem", region: "us-west-1" }
const ssh: [number, number] = [22, 22]
const rule = {
  protocol: "tcp" as const,
  ...{ port_range: ssh, source_network: "0.0.0.0/0", description: "Allow SSH from anywhere" }
}
const ruleset = { name: "My Firewall Ruleset", region: "us-west-1", rules: [rule] }
const span = { start: "2025-09-01T10:30:45.123456Z", page_token: "abC=", resource_type: "cloud.api_key" }
const shown = { data: rulesets.data[0] }

/** From the OpenAPI document: operation, call, method, path with query below `/api/v1`, body, and an answer. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: keyof Native, call: Call, method: string, path: string, body: unknown, answer: unknown]> = [
  ["listInstanceTypes", (n) => n.listInstanceTypes(), "GET", "/instance-types", undefined, types],
  ["launchInstance", (n) => n.launchInstance({ body: launch }), "POST", "/instance-operations/launch", launch, launched],
  ["listInstances", (n) => n.listInstances({ query: { cluster_id: "dda/1" } }), "GET", "/instances?cluster_id=dda%2F1", undefined, instances],
  ["getInstance", (n) => n.getInstance(id), "GET", "/instances/a%20b%2Fc", undefined, one],
  ["postInstance", (n) => n.postInstance({ ...id, body: { name: "New name" } }), "POST", "/instances/a%20b%2Fc", { name: "New name" }, one],
  ["restartInstance", (n) => n.restartInstance({ body: ids }), "POST", "/instance-operations/restart", ids, restarted],
  ["terminateInstance", (n) => n.terminateInstance({ body: ids }), "POST", "/instance-operations/terminate", ids, terminated],
  ["listRegions", (n) => n.listRegions(), "GET", "/regions", undefined, regions],
  ["listImages", (n) => n.listImages(), "GET", "/images", undefined, images],
  ["listSSHKeys", (n) => n.listSSHKeys(), "GET", "/ssh-keys", undefined, keys],
  ["addSSHKey", (n) => n.addSSHKey({ body: key }), "POST", "/ssh-keys", key, madeKey],
  ["deleteSSHKey", (n) => n.deleteSSHKey(id), "DELETE", "/ssh-keys/a%20b%2Fc", undefined, { data: {} }],
  ["listFilesystems", (n) => n.listFilesystems(), "GET", "/file-systems", undefined, fileSystems],
  ["createFilesystem", (n) => n.createFilesystem({ body: fileSystem }), "POST", "/filesystems", fileSystem, { data: fileSystems.data[0] }],
  ["filesystemDelete", (n) => n.filesystemDelete(id), "DELETE", "/filesystems/a%20b%2Fc", undefined, { data: { deleted_ids: ["398578a2336b49079e74043f0bd2cfe8"] } }],
  ["getAuditEvents", (n) => n.getAuditEvents({ query: span }), "GET", "/audit-events?start=2025-09-01T10%3A30%3A45.123456Z&page_token=abC%3D&resource_type=cloud.api_key", undefined, audit],
  ["firewallRulesList", (n) => n.firewallRulesList(), "GET", "/firewall-rules", undefined, rules],
  ["firewallRulesSet", (n) => n.firewallRulesSet({ body: { data: [rule] } }), "PUT", "/firewall-rules", { data: [rule] }, rules],
  ["firewallRulesetsList", (n) => n.firewallRulesetsList(), "GET", "/firewall-rulesets", undefined, rulesets],
  ["createFirewallRuleset", (n) => n.createFirewallRuleset({ body: ruleset }), "POST", "/firewall-rulesets", ruleset, shown],
  ["getGlobalFirewallRuleset", (n) => n.getGlobalFirewallRuleset(), "GET", "/firewall-rulesets/global", undefined, globalRuleset],
  ["updateGlobalFirewallRuleset", (n) => n.updateGlobalFirewallRuleset({ body: { rules: [rule] } }), "PATCH", "/firewall-rulesets/global", { rules: [rule] }, globalRuleset],
  ["getFirewallRuleset", (n) => n.getFirewallRuleset(id), "GET", "/firewall-rulesets/a%20b%2Fc", undefined, shown],
  ["updateFirewallRuleset", (n) => n.updateFirewallRuleset({ ...id, body: { name: "My Updated Firewall Ruleset" } }), "PATCH", "/firewall-rulesets/a%20b%2Fc", { name: "My Updated Firewall Ruleset" }, shown],
  ["deleteFirewallRuleset", (n) => n.deleteFirewallRuleset(id), "DELETE", "/firewall-rulesets/a%20b%2Fc", undefined, { data: {} }]
]

describe("every endpoint is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, body, answer) => {
    const route = `${method} ${decodeURIComponent(path.split("?")[0] ?? "")}`
    const { cloud, run, sent } = world({ [route]: { json: answer } })
    await run(call(cloud.native))
    const [request] = sent
    expect(sent).toHaveLength(1)
    expect(request?.method).toBe(method)
    expect(request?.url).toBe(`https://cloud.lambda.ai/api/v1${path}`)
    expect(request?.body === undefined ? undefined : JSON.parse(request.body)).toEqual(body)
    expect(request?.headers).toEqual({
      accept: "application/json",
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

test("no create is sent again once it may have taken place; reads, names and ends are", () => {
  const again: ReadonlyArray<string> = ["postInstance", "terminateInstance"]
  for (const [name, , method] of table) {
    const isSafe = method === "GET" || method === "DELETE" || again.includes(name)
    expect(endpoints[name].repeat, name).toBe(isSafe ? "safe" : "refused-only")
  }
})

test("every call counts against one a second, and launches against one in 12 seconds", () => {
  for (const [name] of table) {
    const account = { calls: 1, perSeconds: 1, shared: "account" }
    const own = name === "launchInstance" ? [{ calls: 1, perSeconds: 12 }] : []
    expect([endpoints[name].limit].flat(), name).toEqual([account, ...own])
  }
})
