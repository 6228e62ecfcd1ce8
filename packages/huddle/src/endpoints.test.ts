import type { Reply } from "@anygpu/conformance"
import type { GpuError } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { describe, expect, it, test } from "vitest"
import { address, apiKey, ok, page, publicKey, world } from "./cloud.test-support.ts"
import apiKeyMade from "./fixtures/api-key.json" with { type: "json" }
import availability from "./fixtures/availability.json" with { type: "json" }
import deployed from "./fixtures/deploy.json" with { type: "json" }
import deployRequest from "./fixtures/deploy-request.json" with { type: "json" }
import volumeMade from "./fixtures/volume.json" with { type: "json" }
import volumeRequest from "./fixtures/volume-request.json" with { type: "json" }
import waitlist from "./fixtures/waitlist.json" with { type: "json" }
import webhook from "./fixtures/webhook.json" with { type: "json" }
import { endpoints, type Huddle } from "./index.ts"

type Native = Huddle["native"]
type Call = (native: Native) => Effect.Effect<unknown, GpuError>

const empty: Reply = { text: "" }
const id = { params: { id: "a/b" } }
const hook = { url: "https://your-server.com/webhook", events: ["deployment.running"] }
const wait = {
  cluster_type: "8H200.141S.176V",
  location: "FIN-01",
  auto_deploy: true,
  config: { hostname: "h", image: "i", ssh_key_ids: ["k"], location: "FIN-01" }
}

/** From the cloud's documents and official clients: operation, call, method, path with query, body, and an answer. */
// biome-ignore format: a table reads best with one row a line
const table: ReadonlyArray<readonly [name: keyof Native, call: Call, method: string, path: string, body: unknown, reply: Reply]> = [
  ["balance", (n) => n.balance(), "GET", "/billing/balance", undefined, ok({ balance_cents: 5000 })],
  ["listOffers", (n) => n.listOffers({ query: { gpu_model: "H100", available_only: false, max_price: 2.5, min_vram: 80, sort_by: "price", sort_order: "asc", limit: 100, page: 2 } }), "GET", "/gpus/available?gpu_model=H100&available_only=false&max_price=2.5&min_vram=80&sort_by=price&sort_order=asc&limit=100&page=2", undefined, page([])],
  ["offersSummary", (n) => n.offersSummary(), "GET", "/gpus/available/summary", undefined, ok({ any: 1 })],
  ["listImages", (n) => n.listImages({ query: { cluster_type: "1A100.22V", image_type: "x" } }), "GET", "/images?cluster_type=1A100.22V&image_type=x", undefined, page([])],
  ["deploy", (n) => n.deploy({ body: { ...deployRequest, description: "d" } }), "POST", "/deployments/clusters", { ...deployRequest, description: "d" }, { json: deployed }],
  ["listDeployments", (n) => n.listDeployments({ query: { status: "running", cursor: "c=1", limit: 5 } }), "GET", "/deployments?status=running&cursor=c%3D1&limit=5", undefined, page([])],
  ["showDeployment", (n) => n.showDeployment(id), "GET", "/deployments/a%2Fb", undefined, { json: deployed }],
  ["actOnDeployment", (n) => n.actOnDeployment({ ...id, body: { action: "delete" } }), "POST", "/deployments/a%2Fb/actions", { action: "delete" }, { json: deployed }],
  ["deleteDeployment", (n) => n.deleteDeployment(id), "DELETE", "/deployments/a%2Fb", undefined, empty],
  ["checkAvailability", (n) => n.checkAvailability({ params: { clusterType: "1A100.22V" } }), "GET", "/deployments/availability/1A100.22V", undefined, { json: availability }],
  ["listWaitlist", (n) => n.listWaitlist(), "GET", "/deployments/requests", undefined, ok([])],
  ["joinWaitlist", (n) => n.joinWaitlist({ body: wait }), "POST", "/deployments/requests", wait, { json: waitlist }],
  ["leaveWaitlist", (n) => n.leaveWaitlist(id), "DELETE", "/deployments/requests/a%2Fb", undefined, empty],
  ["listSshKeys", (n) => n.listSshKeys(), "GET", "/ssh-keys", undefined, ok([])],
  ["createSshKey", (n) => n.createSshKey({ body: { name: "my-laptop", public_key: publicKey } }), "POST", "/ssh-keys", { name: "my-laptop", public_key: publicKey }, ok({ id: "sk_abc123" })],
  ["deleteSshKey", (n) => n.deleteSshKey(id), "DELETE", "/ssh-keys/a%2Fb", undefined, empty],
  ["listVolumes", (n) => n.listVolumes({ query: { status: "detached" } }), "GET", "/volumes?status=detached", undefined, page([])],
  ["createVolume", (n) => n.createVolume({ body: { ...volumeRequest, instance_id: "i", instance_ids: ["i", "j"] } }), "POST", "/volumes", { ...volumeRequest, instance_id: "i", instance_ids: ["i", "j"] }, { json: volumeMade }],
  ["deleteVolume", (n) => n.deleteVolume(id), "DELETE", "/volumes/a%2Fb", undefined, empty],
  ["listRegions", (n) => n.listRegions(), "GET", "/regions", undefined, ok(["FIN-01"])],
  ["listVolumeTypes", (n) => n.listVolumeTypes(), "GET", "/volume-types", undefined, ok(["NVMe"])],
  ["listWebhooks", (n) => n.listWebhooks(), "GET", "/webhooks", undefined, ok([webhook.data])],
  ["createWebhook", (n) => n.createWebhook({ body: hook }), "POST", "/webhooks", hook, { json: webhook }],
  ["updateWebhook", (n) => n.updateWebhook({ ...id, body: { events: hook.events } }), "PUT", "/webhooks/a%2Fb", { events: hook.events }, { json: webhook }],
  ["deleteWebhook", (n) => n.deleteWebhook(id), "DELETE", "/webhooks/a%2Fb", undefined, empty],
  ["listApiKeys", (n) => n.listApiKeys(), "GET", "/api-keys", undefined, ok([])],
  ["createApiKey", (n) => n.createApiKey({ body: { name: "ci-pipeline" } }), "POST", "/api-keys", { name: "ci-pipeline" }, { json: apiKeyMade }],
  ["deleteApiKey", (n) => n.deleteApiKey(id), "DELETE", "/api-keys/a%2Fb", undefined, ok({ id: "a/b" })]
]

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const routed = (method: string, path: string, reply: Reply) =>
  world({ [`${method} ${decodeURIComponent(path.split("?")[0] ?? "")}`]: reply })

describe("every endpoint is sent as documented", () => {
  it.each(table)("%s", async (name, call, method, path, body, reply) => {
    const { cloud, run, sent } = routed(method, path, reply)
    await run(call(cloud.native))
    const [request] = sent
    expect(sent).toHaveLength(1)
    expect(request?.method).toBe(method)
    expect(request?.url).toBe(address(path))
    expect(request?.body === undefined ? undefined : JSON.parse(request.body)).toEqual(body)
    const { "idempotency-key": idempotencyKey, ...headers } = request?.headers ?? {}
    expect(headers).toEqual({
      accept: "application/json",
      "x-api-key": apiKey,
      "user-agent": "anygpu",
      ...(body !== undefined && { "content-type": "application/json" })
    })
    if (method === "GET") expect(idempotencyKey).toBeUndefined()
    else expect(idempotencyKey).toMatch(uuid)
    expect(endpoints[name].operation).toBe(name)
    expect(endpoints[name].source).not.toBe("")
  })

  it("and there is no other one", () => {
    expect(table.map(([name]) => name).sort()).toEqual(Object.keys(endpoints).sort())
  })

  it.each(table.filter(([, , method]) => method !== "GET"))(
    "%s is sent with another idempotency key by the next call, and with a given one",
    async (name, call, method, path, _, reply) => {
      const { cloud, run, sent } = routed(method, path, reply)
      await run(call(cloud.native))
      await run(call(cloud.native))
      expect(new Set(sent.map(({ headers }) => headers["idempotency-key"])).size).toBe(2)
      const given: { readonly idempotencyHeader?: string } = endpoints[name]
      expect(given.idempotencyHeader).toBe("idempotency-key")
    }
  )
})

/** What may be sent again when an answer is lost: what sets a state, and what the documents promise the key for. */
// biome-ignore format: a table reads best with one row a line
const repeats: ReadonlyArray<readonly [repeat: string, names: ReadonlyArray<keyof Native>]> = [
  ["safe", ["deploy", "actOnDeployment", "deleteDeployment", "leaveWaitlist", "deleteSshKey", "deleteVolume", "updateWebhook", "deleteWebhook", "deleteApiKey"]],
  ["refused-only", ["joinWaitlist", "createSshKey", "createVolume", "createWebhook", "createApiKey"]]
]

test("writes are repeated as far as that is safe, reads always", () => {
  const writes = repeats.flatMap(([, names]) => names)
  expect(writes.sort()).toEqual(table.flatMap(([name, , method]) => (method === "GET" ? [] : [name])).sort())
  for (const [repeat, names] of repeats) for (const name of names) expect(endpoints[name].repeat).toBe(repeat)
  for (const { method, repeat } of Object.values(endpoints)) if (method === "GET") expect(repeat).toBe("safe")
})

/** Wrong on purpose: the types refuse these. */
const wrong = (
  call: (
    native: Record<string, (input: unknown) => Effect.Effect<unknown, GpuError>>
  ) => Effect.Effect<unknown, GpuError> | undefined
) => call as unknown as Call

const deployWith = (more: object) => wrong((n) => n.deploy?.({ body: { ...deployRequest, ...more } }))

// biome-ignore format: a table reads best with one row a line
test.each([
  ["no hostname", deployWith({ hostname: "" })],
  ["a hostname of 256 characters", deployWith({ hostname: "h".repeat(256) })],
  ["no keys", deployWith({ ssh_key_ids: [] })],
  ["no place", deployWith({ location: undefined })],
  ["a boot disk of 513 GB", deployWith({ os_volume: { name: "boot", size: 513 } })],
  ["a part of a GB", deployWith({ os_volume: { name: "boot", size: 100.5 } })],
  ["the name that offers use", deployWith({ instance_type: "1A100.22V" })],
  ["spot", deployWith({ is_spot: true })],
  ["a page of more than 100 offers", wrong((n) => n.listOffers?.({ query: { limit: 101 } }))],
  ["an unknown filter", wrong((n) => n.listOffers?.({ query: { region: "FIN-01" } }))],
  ["no action", wrong((n) => n.actOnDeployment?.({ ...id, body: { action: "" } }))],
  ["a webhook's change of nothing", wrong((n) => n.updateWebhook?.({ ...id, body: {} }))],
  ["a body on a route without one", wrong((n) => n.deleteDeployment?.({ ...id, body: {} }))],
  ["an id that is a step in the path", wrong((n) => n.deleteDeployment?.({ params: { id: ".." } }))]
])("%s is InvalidRequest, and is not sent", async (_, call) => {
  const { cloud, fails, sent } = world()
  expect((await fails(call(cloud.native)))._tag).toBe("InvalidRequest")
  expect(sent).toEqual([])
})

test("secrets that are made once are answered, and by nothing but the low-level client", async () => {
  const { cloud, run } = world({ "POST /api-keys": { json: apiKeyMade }, "POST /webhooks": { json: webhook } })
  expect(await run(cloud.native.createApiKey())).toMatchObject({ secret: "mk_9f8e7d..." })
  expect(await run(cloud.native.createWebhook({ body: hook }))).toMatchObject({ secret: "whsec_..." })
})

test("the address of a webhook, which may hold a secret, is in no error", async () => {
  const url = "https://hooks.example.com/T0/secret-token-9911"
  const echo = { status: 400, json: { code: "BAD_REQUEST", error: `cannot reach ${url}` } }
  const { cloud, fails } = world({ "POST /webhooks": echo, "PUT /webhooks/a": echo })
  for (const call of [
    cloud.native.createWebhook({ body: { url, events: ["gpu.available"] } }),
    cloud.native.updateWebhook({ params: { id: "a" }, body: { url } })
  ]) {
    const error = await fails(call)
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain("secret-token-9911")
  }
})
