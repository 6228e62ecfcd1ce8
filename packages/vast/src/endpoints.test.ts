import type { Reply } from "@anygpu/conformance"
import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import type * as z from "zod"
import { apiKey, publicKey, scripted } from "./cloud.test-support.ts"
import requests from "./fixtures/search-requests.json" with { type: "json" }
import { endpoints, type Vast } from "./index.ts"
import type { SearchBody } from "./wire.ts"

type Native = Vast["native"]
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const ok: Reply = { json: { success: true } }
const key = { id: 123, user_id: 456, public_key: publicKey, created_at: "2023-01-01T12:00:00Z", deleted_at: null }
const full = {
  image: "vllm/vllm-openai:latest",
  label: "vllm-inference-server",
  disk: 50,
  runtype: "ssh_direct",
  env: { MODEL_ID: "deepseek-ai/DeepSeek-R1-Distill-Llama-8B", HF_TOKEN: "hf_xxxYourTokenHere", "-p 8000:8000": "1" },
  onstart: "vllm serve $MODEL_ID --port 8000"
} as const

/** From the vendor's documents: operation, call, method, path with query, body, and an answer it documents. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: keyof Native, call: Call, method: string, path: string, body: unknown, reply: Reply]> = [
  ["searchOffers", (n) => n.searchOffers({ body: { type: "on-demand", limit: 100, verified: { eq: true } } }), "POST", "/api/v0/bundles/", { type: "on-demand", limit: 100, verified: { eq: true } }, { json: { offers: [] } }],
  ["createInstance", (n) => n.createInstance({ params: { id: 123 }, body: full }), "PUT", "/api/v0/asks/123/", full, { json: { success: true, new_contract: 1234568 } }],
  ["listInstances", (n) => n.listInstances({ query: { limit: 25, after_token: "eyJ2YWx1ZXMiOiB7ImlkIjogMTIzfX0=", order_by: [{ col: "id", dir: "asc" }], select_cols: ["id", "label"], select_filters: { label: { eq: "a b" } } } }), "GET", "/api/v1/instances/?limit=25&after_token=eyJ2YWx1ZXMiOiB7ImlkIjogMTIzfX0%3D&order_by=%5B%7B%22col%22%3A%22id%22%2C%22dir%22%3A%22asc%22%7D%5D&select_cols=%5B%22id%22%2C%22label%22%5D&select_filters=%7B%22label%22%3A%7B%22eq%22%3A%22a+b%22%7D%7D", undefined, { json: { success: true, instances: [], next_token: null } }],
  ["showInstance", (n) => n.showInstance({ params: { id: 883 } }), "GET", "/api/v0/instances/883/", undefined, { json: { instances: null } }],
  ["manageInstance", (n) => n.manageInstance({ params: { id: 1234 }, body: { state: "stopped" } }), "PUT", "/api/v0/instances/1234/", { state: "stopped" }, ok],
  ["destroyInstance", (n) => n.destroyInstance({ params: { id: 5 }, body: {} }), "DELETE", "/api/v0/instances/5/", {}, { json: { success: true, msg: "Instance destroyed successfully" } }],
  ["rebootInstance", (n) => n.rebootInstance({ params: { id: 5 }, body: {} }), "PUT", "/api/v0/instances/reboot/5/", {}, ok],
  ["recycleInstance", (n) => n.recycleInstance({ params: { id: 5 }, body: {} }), "PUT", "/api/v0/instances/recycle/5/", {}, ok],
  ["changeBid", (n) => n.changeBid({ params: { id: 5 }, body: { client_id: "me", price: 0.17 } }), "PUT", "/api/v0/instances/bid_price/5/", { client_id: "me", price: 0.17 }, ok],
  ["prepayInstance", (n) => n.prepayInstance({ params: { id: 5 }, body: { amount: 500 } }), "PUT", "/api/v0/instances/prepay/5/", { amount: 500 }, { json: { success: true, timescale: 3.5, discount_rate: 0.3 } }],
  ["showDeposit", (n) => n.showDeposit({ params: { id: 5 } }), "GET", "/api/v0/instances/balance/5/", undefined, { json: { success: true, refundable_deposit: 100, total_discount: 10, discount_months: 3 } }],
  ["requestLogs", (n) => n.requestLogs({ params: { id: 5 }, body: { tail: "1000", filter: "x", daemon_logs: "true" } }), "PUT", "/api/v0/instances/request_logs/5/", { tail: "1000", filter: "x", daemon_logs: "true" }, { json: { success: true, result_url: "https://s3.amazonaws.com/vast.ai/instance_logs/a.log" } }],
  ["execute", (n) => n.execute({ params: { id: 5 }, body: { command: "ls -l" } }), "PUT", "/api/v0/instances/command/5/", { command: "ls -l" }, { json: { success: true, writeable_path: "/workspace", result_url: "https://s3.amazonaws.com/a", msg: "" } }],
  ["listSshKeys", (n) => n.listSshKeys(), "GET", "/api/v0/ssh/", undefined, { json: [] }],
  ["createSshKey", (n) => n.createSshKey({ body: { ssh_key: publicKey } }), "POST", "/api/v0/ssh/", { ssh_key: publicKey }, { json: { success: true, key } }],
  ["updateSshKey", (n) => n.updateSshKey({ params: { id: 123 }, body: { ssh_key: publicKey } }), "PUT", "/api/v0/ssh/123/", { ssh_key: publicKey }, ok],
  ["deleteSshKey", (n) => n.deleteSshKey({ params: { id: 123 }, body: {} }), "DELETE", "/api/v0/ssh/123/", {}, ok],
  ["listInstanceSshKeys", (n) => n.listInstanceSshKeys({ params: { id: 5 } }), "GET", "/api/v0/instances/5/ssh/", undefined, { json: { success: true, ssh_keys: '[{"id": 1, "name": "my-key", "public_key": "ssh-rsa AAAA..."}]' } }],
  ["attachSshKey", (n) => n.attachSshKey({ params: { id: 5 }, body: { ssh_key: publicKey } }), "POST", "/api/v0/instances/5/ssh/", { ssh_key: publicKey }, { json: { success: true, msg: "SSH key attached successfully" } }],
  ["detachSshKey", (n) => n.detachSshKey({ params: { id: 5, key: 123 }, body: {} }), "DELETE", "/api/v0/instances/5/ssh/123/", {}, { json: { success: true, msg: "SSH key removed from instance." } }],
  ["listPriceIncreases", (n) => n.listPriceIncreases(), "GET", "/api/v0/instances/pending-price-increases/", undefined, { json: { success: true, count: 0, truncated: false, pending_price_increases: [] } }],
  ["acceptPriceIncrease", (n) => n.acceptPriceIncrease({ body: { pending_price_increase_id: 999 } }), "PUT", "/api/v0/instances/accept-price-increase/", { pending_price_increase_id: 999 }, { json: { success: true, pending_price_increase_id: 999, contract_id: 123 } }],
  ["rejectPriceIncrease", (n) => n.rejectPriceIncrease({ body: { pending_price_increase_id: 999 } }), "PUT", "/api/v0/instances/reject-price-increase/", { pending_price_increase_id: 999 }, { json: { success: true, pending_price_increase_id: 999, contract_id: 123 } }],
  ["currentUser", (n) => n.currentUser(), "GET", "/api/v0/users/current/", undefined, { json: { id: 123456, email: "you@example.com", credit: 25, ssh_key: "ssh-rsa AAAAB3..." } }]
]

describe("every endpoint is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, body, reply) => {
    const { cloud, run, sent } = scripted(reply)
    await run(call(cloud.native))
    const [request] = sent
    expect(sent).toHaveLength(1)
    expect(request?.method).toBe(method)
    expect(request?.url).toBe(`https://console.vast.ai${path}`)
    expect(request?.body === undefined ? undefined : JSON.parse(request.body)).toEqual(body)
    expect(request?.headers).toEqual({
      accept: "application/json",
      authorization: `Bearer ${apiKey}`,
      "user-agent": "anygpu",
      ...(body !== undefined && { "content-type": "application/json" })
    })
    expect(request?.url.split("?")[0]).toMatch(/\/$/)
    expect(endpoints[name].operation).toBe(name)
  })

  it("and there is no other one", () => {
    expect(table.map(([name]) => name).sort()).toEqual(Object.keys(endpoints).sort())
  })
})

/** Seconds between two calls of a route, and what may be repeated. */
// biome-ignore format: a table reads best with one row a line
const care: ReadonlyArray<readonly [keyof Native, seconds: number | null, repeat: string]> = [
  ["searchOffers", 6, "safe"], ["createInstance", 4.5, "refused-only"], ["listInstances", 1, "safe"],
  ["showInstance", 2, "safe"], ["manageInstance", 1, "safe"], ["destroyInstance", 3, "safe"],
  ["rebootInstance", 1, "refused-only"], ["recycleInstance", 1, "refused-only"], ["changeBid", 5.5, "safe"],
  ["prepayInstance", 2, "never"], ["showDeposit", 3, "safe"], ["requestLogs", null, "safe"],
  ["execute", 1.5, "refused-only"], ["listSshKeys", 1, "safe"], ["createSshKey", 1, "refused-only"],
  ["updateSshKey", 1, "safe"], ["deleteSshKey", null, "safe"], ["listInstanceSshKeys", null, "safe"],
  ["attachSshKey", null, "refused-only"], ["detachSshKey", 2, "safe"], ["currentUser", null, "safe"],
  ["listPriceIncreases", null, "safe"], ["acceptPriceIncrease", null, "refused-only"], ["rejectPriceIncrease", null, "refused-only"]
]

test.each(care)("%s has its threshold (%s s) and is repeated as is %s", (name, seconds, repeat) => {
  const [limit] = [endpoints[name].limit ?? []].flat()
  expect(limit ? limit.perSeconds / limit.calls : null).toBe(seconds)
  expect(endpoints[name].repeat).toBe(repeat)
})

test.each([
  [{ state: "stopped", label: "My ML Training Job" }],
  [{ state: "running" }],
  [{ label: "My ML Training Job" }]
] as const)("PUT /api/v0/instances/{id}/ takes the reference page's %j", async (body) => {
  const { cloud, run, sent } = scripted(ok)
  await run(cloud.native.manageInstance({ params: { id: 1234 }, body }))
  expect(sent[0]?.body).toBe(JSON.stringify(body))
})

test.each(requests.map((body) => [JSON.stringify(body).slice(0, 60), body] as const))(
  "the vendor's search %s… is sent as it is",
  async (_, body) => {
    const { cloud, run, sent } = scripted({ json: { offers: [] } })
    await run(cloud.native.searchOffers({ body: body as z.input<typeof SearchBody> }))
    expect(JSON.parse(sent[0]?.body ?? "")).toEqual(body)
  }
)

test.each([
  { image: "vastai/base-image:@vastai-automatic-tag" },
  { image: "pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime", disk: 20, onstart: "echo hello && nvidia-smi" },
  { image: "ubuntu:22.04", disk: 16, runtype: "ssh_direct", price: 0.2 },
  {
    template_hash_id: "4e17788f74f075dd9aab7d0d4427968f",
    label: "custom-inference-server",
    disk: 100,
    env: { A: "b" }
  },
  { image: "vllm/vllm-openai:latest", disk: 50, runtype: "args", args_str: "deepseek-ai/R1 --port 8000" },
  {
    image: "ubuntu:22.04",
    disk: 16,
    runtype: "ssh_direct",
    volume_info: { volume_id: 12345, mount_path: "/workspace" }
  },
  {
    image: "registry.example.com/my-image:latest",
    image_login: "-u username -p access_token docker.io",
    runtype: "ssh_direct"
  }
] as const)("the vendor's create %j is sent as it is", async (body) => {
  const { cloud, run, sent } = scripted({ json: { success: true, new_contract: 12345678, instance_api_key: "d15a" } })
  expect(await run(cloud.native.createInstance({ params: { id: 1 }, body }))).toEqual({ new_contract: 12345678 })
  expect(JSON.parse(sent[0]?.body ?? "")).toEqual(body)
})

/** Wrong on purpose: the types refuse these. */
const wrong = (
  call: (
    native: Record<string, (input: unknown) => Effect.Effect<unknown, GpuError>>
  ) => Effect.Effect<unknown, GpuError> | undefined
) => call as unknown as Call

describe("nothing undocumented is sent", () => {
  it.each([
    ["an unknown field", wrong((n) => n.createInstance?.({ params: { id: 1 }, body: { image: "a", onstrat: "x" } }))],
    [
      "env as a string of flags",
      wrong((n) => n.createInstance?.({ params: { id: 1 }, body: { image: "a", env: "-e A=b" } }))
    ],
    ["a create of nothing", wrong((n) => n.createInstance?.({ params: { id: 1 }, body: { disk: 10 } }))],
    [
      "less disk than Vast rents",
      wrong((n) => n.createInstance?.({ params: { id: 1 }, body: { image: "a", disk: 7 } }))
    ],
    ["a bid of nothing", wrong((n) => n.changeBid?.({ params: { id: 1 }, body: { client_id: "me", price: 0 } }))],
    ["a change of nothing", wrong((n) => n.manageInstance?.({ params: { id: 1 }, body: {} }))],
    ["a state that is not offered", wrong((n) => n.manageInstance?.({ params: { id: 1 }, body: { state: "frozen" } }))],
    [
      "a label that is too long",
      wrong((n) => n.manageInstance?.({ params: { id: 1 }, body: { label: "x".repeat(1025) } }))
    ],
    ["a search key that is no filter", wrong((n) => n.searchOffers?.({ body: { gpu_name: "RTX 4090" } }))],
    ["an unknown search operator", wrong((n) => n.searchOffers?.({ body: { gpu_name: { like: "RTX" } } }))],
    ["a page of more than 25", wrong((n) => n.listInstances?.({ query: { limit: 26 } }))],
    ["a number for tail", wrong((n) => n.requestLogs?.({ params: { id: 1 }, body: { tail: 5 } }))],
    [
      "a command that is too long",
      wrong((n) => n.execute?.({ params: { id: 1 }, body: { command: "l".repeat(513) } }))
    ],
    [
      "a field in a body that has none",
      wrong((n) => n.destroyInstance?.({ params: { id: 1 }, body: { force: true } }))
    ],
    ["a body on a route without one", wrong((n) => n.showInstance?.({ params: { id: 1 }, body: {} }))],
    ["no id", wrong((n) => n.destroyInstance?.({ params: { id: "" }, body: {} }))],
    ["an id that is a step in the path", wrong((n) => n.destroyInstance?.({ params: { id: ".." }, body: {} }))]
  ])("%s is InvalidRequest", async (_, call) => {
    const { cloud, fails, sent } = scripted(ok)
    expect((await fails(call(cloud.native)))._tag).toBe("InvalidRequest")
    expect(sent).toEqual([])
  })
})
