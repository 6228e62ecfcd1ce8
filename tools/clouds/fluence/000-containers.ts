import { InstanceRef } from "../../../packages/core/src/index.ts"
import instances from "../../../packages/fluence/src/gpu/fixtures/instances.json" with { type: "json" }
import plans from "../../../packages/fluence/src/gpu/fixtures/plans.json" with { type: "json" }
import requests from "../../../packages/fluence/src/gpu/fixtures/requests.json" with { type: "json" }
import { containerLifecycle } from "../../../packages/fluence/src/index.ts"
import { answers, declares, means, once, type Row, reads, sends } from "../../documents/item.ts"
import { errorOf, got } from "../../documents/worlds.ts"
import { onFluence, onSimulatedFluence } from "./world.ts"

const active = instances.activeContainer
const id = active.id
const ref = new InstanceRef("fluence", "container", id)
const path = `/gpu/instances/${id}`
const at = { params: { id } } as const
const shown = { [`GET ${path}`]: { json: active } }

const running = once(() => got(onFluence, "containers", id, `GET ${path}`, active))
const ended = once(() =>
  got(
    onFluence,
    "containers",
    instances.endedContainer.id,
    `GET /gpu/instances/${instances.endedContainer.id}`,
    instances.endedContainer
  )
)
const unnamed = once(() =>
  got(onFluence, "containers", id, `GET ${path}`, { ...active, network: { ...active.network, domain: null } })
)
const web = once(() =>
  got(onFluence, "containers", id, `GET ${path}`, {
    ...active,
    network: { ...active.network, uri: "http://a.example" }
  })
)
const listed = once(async () => {
  const { run, cloud } = onFluence({ "GET /gpu/instances/": { json: instances.containers } })
  return (await run(cloud.containers.list())).items
})
const facts = (instance: string, container: string | null = null) => ({ instance, container, asked: "other" }) as const
const updating = {
  image: active.container_info.image,
  env: { MODEL_PATH: "/models/llama-v2" },
  command: ["python3", "serve.py", "--port", "8000"]
}
const registry = { host: "ghcr.io", username: "u", password: "p" }
const [first] = instances.containers

const exposing: Parameters<ReturnType<typeof onFluence>["cloud"]["native"]["deployContainer"]>[0]["body"] = {
  ...requests.deployContainerCurl,
  container_settings: {
    image: active.container_info.image,
    expose: [
      { port: "22", protocol: "tcp" },
      { port: "53", protocol: "udp" },
      { port: "80", protocol: "http" }
    ]
  }
}

const put = (expected: unknown, changes: object = {}) =>
  sends(
    "update",
    onFluence,
    ({ cloud }) => cloud.containers.update(ref, { ...updating, registry: null, ...changes }),
    `PUT ${path}`,
    { json: expected },
    shown
  )
const variables = active.container_info.environment
const settings = requests.updateContainer.container_settings
const ownKey = { ssh_key: variables[0]?.value }

// biome-ignore format: a table reads best with one row a line
export const containerRows: ReadonlyArray<Row> = [
  ["status `INITIALIZED`", means(containerLifecycle, facts("INITIALIZED"), { status: "provisioning" })],
  ["status `ACTIVE`", means(containerLifecycle, facts("ACTIVE", "STARTED"), { status: "running", billing: "compute" })],
  ["status `FAILED`", means(containerLifecycle, facts("FAILED"), { status: "failed", billing: "none" })],
  ["status `ENDED`", means(containerLifecycle, facts("ENDED"), { status: "terminated", billing: "none" })],
  ["only `ACTIVE` ones can be terminated: while `INITIALIZED` it is refused", answers("terminate, ifBusy: fail", async () => (await errorOf(onFluence({ [`GET ${path}`]: { json: { ...active, instance_status: "INITIALIZED" } }, [`DELETE ${path}`]: { status: 400, json: { detail: "Only active instances can be terminated" } }, "GET /gpu/instances/": { json: [{ ...first, instance_status: "INITIALIZED" }] } }), ({ cloud }) => cloud.containers.terminate(ref, { ifBusy: "fail" }))).tag, "Conflict")],
  ["ended and failed ones cannot be deleted", declares("actions", () => ["ENDED", "FAILED"].map((word) => containerLifecycle.rows.find(({ when }) => when.instance === word)?.actions), [[], []])],
  ["`container_status` `NOT_STARTED`", means(containerLifecycle, facts("ACTIVE", "NOT_STARTED"), { status: "starting" })],
  ["`container_status` `STARTED`", means(containerLifecycle, facts("ACTIVE", "STARTED"), { status: "running" })],
  ["`GET /gpu/instances/` lists containers", sends("list", onFluence, ({ cloud }) => cloud.containers.list(), "GET /gpu/instances/")],
  ["list: `id`", reads(listed, "0.ref.id", first?.id, "ref.id")],
  ["list: `name`", reads(listed, "0.name", first?.name, "name")],
  ["list: `instance_status`", reads(listed, "0.native.instance_status", "ACTIVE", "native.instance_status")],
  ["list: `resources.supply.vcpu.count`", reads(listed, "0.vcpus", 1, "vcpus")],
  ["list: `resources.supply.memory` with its unit", reads(listed, "0.memoryMiB", 1024, "memoryMiB")],
  ["list: `resources.supply.storage` with its unit", reads(listed, "0.storageMiB", 1024, "storageMiB")],
  ["list: `resources.supply.gpu_count`", reads(listed, "0.gpu.count", 1, "gpu.count")],
  ["list: `gpu_model.vendor`", reads(listed, "0.gpu.vendor", "nvidia", "gpu.vendor")],
  ["list: `gpu_model.model`", reads(listed, "0.gpu.model", "A100 SXM4", "gpu.model")],
  ["list: `gpu_model.vram`", reads(listed, "0.gpu.vramMiB", 81_920, "gpu.vramMiB")],
  ["list: `gpu_model.interface`", reads(listed, "0.gpu.interface", "sxm", "gpu.interface")],
  ["list: `domain`", reads(listed, "0.native.domain", first?.domain, "native.domain")],
  ["list: `domain` null for non-active instances", reads(listed, "1.native.domain", null, "native.domain")],
  ["list: `location`", reads(listed, "0.location.country", "US", "location.country")],
  ["list: `created_at`", reads(listed, "0.createdAt", "2026-02-07T14:42:29.472Z", "createdAt")],
  ["list: `updated_at`", reads(listed, "0.native.updated_at", first?.updated_at, "native.updated_at")],
  ["list: ended instances stay in it", reads(listed, "1.status", "terminated", "status")],
  ["`GET /gpu/instances/{instance_id}` shows one", sends("get", onFluence, ({ cloud }) => cloud.containers.get(ref), `GET ${path}`)],
  ["detail: all fields of the list", reads(running, "native.resources", active.resources)],
  ["detail: `container_status`", reads(running, "native.container_status", "STARTED")],
  ["detail: `container_info.image`", reads(running, "native.container_info.image", active.container_info.image)],
  ["detail: `container_info.expose`: `port`", reads(running, "native.container_info.expose.0.port", "22")],
  ["detail: `container_info.expose`: `protocol`", reads(running, "native.container_info.expose.0.protocol", "tcp")],
  ["ports are exposed as `tcp`, `udp` or `http`", sends("launch, ports", onFluence, ({ cloud }) => cloud.native.deployContainer({ body: exposing }), "POST /gpu/instances/", { json: exposing })],
  ["detail: `container_info.environment`: `name`", reads(running, "native.container_info.environment.0.name", "SSH_PUBKEY")],
  ["detail: `container_info.environment`: `value`", reads(running, "native.container_info.environment.0.value", undefined), "0040"],
  ["detail: `container_info.startup_command` null", reads(running, "native.container_info.startup_command", null)],
  ["detail: `container_info.startup_command` a text", reads(() => got(onFluence, "containers", id, `GET ${path}`, { ...active, container_info: { ...active.container_info, startup_command: "serve" } }), "native.container_info.startup_command", "<redacted>"), "0040"],
  ["detail: `network.domain`", reads(running, "native.network.domain", active.network.domain)],
  ["detail: `network.domain` null on an active one: running, no way in yet", reads(unnamed, "endpoints.ssh", [])],
  ["detail: `network` null when it is not active", reads(ended, "native.network", null)],
  ["detail: `forwarded_ports`: `port`", reads(running, "native.network.forwarded_ports.0.port", "22")],
  ["detail: `forwarded_ports`: `external_port`", reads(running, "endpoints.ssh.0.port", 32_345)],
  ["detail: `forwarded_ports`: `protocol`", reads(running, "native.network.forwarded_ports.0.protocol", "tcp")],
  ["detail: connect with domain and external port, as `root`", reads(running, "endpoints.ssh.0.command", "ssh -p 32345 root@provider.a100.kci.val.akash.pub")],
  ["detail: `uri`", reads(web, "endpoints.urls", ["http://a.example"])],
  ["detail: `uri` null", reads(running, "endpoints.urls", [])],
  ["detail: `uri` for port 80 exposed with `http` alone", answers("launch, ports", async () => (await errorOf(onFluence(), ({ cloud }) => cloud.native.deployContainer({ body: { ...requests.deployContainerCurl, container_settings: { ...requests.deployContainerCurl.container_settings, expose: [{ port: "81", protocol: "http" }] } } }))).tag, "InvalidRequest")],
  ["billing: `hourly_usage`, in USDC", reads(running, "pricePerHour", { micros: 1_220_000, currency: "USDC" })],
  ["billing: `total_spendings`", reads(running, "native.billing.total_spendings", 1.22)],
  ["billing: `reserved_amount`", reads(running, "native.billing.reserved_amount", 2.44)],
  ["billing: `next_billing_period`", reads(running, "native.billing.next_billing_period", "2026-02-07T15:00:00Z")],
  ["billing: `next_billing_period` null when not active", reads(ended, "native.billing.next_billing_period", null)],
  ["billing: nothing is reserved or paid when ended", reads(ended, "billing", "none")],
  ["detail: `created_at`", reads(running, "native.created_at", active.created_at)],
  ["detail: `updated_at`", reads(running, "native.updated_at", active.updated_at)],
  ["ended: `container_status` `NOT_STARTED`", reads(ended, "native.container_status", "NOT_STARTED")],
  ["ended: `total_spendings` stays", reads(ended, "native.billing.total_spendings", 26.8)],
  ["`PUT /gpu/instances/{instance_id}` replaces the whole deployment", put({ name: active.name, container_settings: { ...settings, image: active.container_info.image }, ...ownKey })],
  ["update: `name`, of the documents' own example", sends("update", onFluence, ({ cloud }) => cloud.containers.update(ref, { name: "my-updated-container", registry: null }), `PUT ${path}`, { json: { name: "my-updated-container", container_settings: { image: active.container_info.image, environment: [] }, ...ownKey } }, shown), "0041"],
  ["update: `image`", put({ name: active.name, container_settings: { ...settings, image: "a:1" }, ...ownKey }, { image: "a:1" })],
  ["update: `credentials`: `host`, `username`, `password`", put({ name: active.name, container_settings: { ...settings, credentials: registry }, ...ownKey }, { registry }), "0019"],
  ["update: `environment`", put({ name: active.name, container_settings: { ...settings, environment: [{ name: "A", value: "1" }] }, ...ownKey }, { env: { A: "1" } })],
  ["update: `startup_command`", put({ name: active.name, container_settings: { ...settings, startup_command: "a 'b c'" }, ...ownKey }, { command: ["a", "b c"] })],
  ["update: `ssh_key`", put({ name: active.name, container_settings: settings, ...ownKey })],
  ["update: ports cannot be changed", answers("update, ports", async () => (await errorOf(onFluence(shown), ({ cloud }) => cloud.containers.update(ref, { ports: [{ port: 1 }] } as object))).tag, "Unsupported")],
  ["update: refused while another one is applied", answers("update", async () => (await errorOf(onFluence({ ...shown, [`PUT ${path}`]: { status: 400, json: { detail: "Previous update is still being applied" } } }), ({ cloud }) => cloud.containers.update(ref, { ...updating, registry: null }))).tag, "Conflict")],
  ["update: 204 without a body", answers("native.updateContainer", async () => { const world = onFluence({ [`PUT ${path}`]: { status: 204 } }); return world.run(world.cloud.native.updateContainer({ ...at, body: requests.updateContainer })) }, undefined)],
  ["update: the details show it once it is applied", answers("update", async () => { const { run, pass, cloud } = onSimulatedFluence(); const [offer] = (await run(cloud.containers.offers())).items; if (!offer) throw new Error("the market is empty"); const { ref: made } = await run(cloud.containers.launch({ offer, name: "job", image: "a:1", ports: [{ port: 22 }] })); await pass(600_000); await run(cloud.containers.update(made, { image: "a:2" })); await pass(600_000); return (await run(cloud.containers.get(made))).native.container_info?.image }, "a:2", "simulated cloud")],
  ["`GET .../logs` answers the output", answers("logs", async () => { const world = onFluence({ ...shown, [`GET ${path}/logs`]: { json: instances.logs } }); return (await world.run(world.cloud.containers.logs(ref))).lines }, instances.logs)],
  ["logs: `last`, the last N lines", sends("logs, tail", onFluence, ({ cloud }) => cloud.containers.logs(ref, { tail: 50 }), `GET ${path}/logs`, { query: "?last=50" }, shown)],
  ["logs: all of them without `last`", sends("logs", onFluence, ({ cloud }) => cloud.containers.logs(ref), `GET ${path}/logs`, { query: "" }, shown)],
  ["`GET .../events` answers the cluster's events", answers("events", async () => { const world = onFluence({ ...shown, [`GET ${path}/events`]: { json: instances.events } }); return (await world.run(world.cloud.containers.events(ref))).lines }, instances.events)],
  ["events: they say why a container does not start", answers("said", async () => { const world = onFluence({ [`GET ${path}`]: { json: { ...active, container_status: "NOT_STARTED" } }, [`GET ${path}/events`]: { json: ["[service-1]: [Warning] [Failed] Failed to pull image: not found"] } }); return (await world.run(world.cloud.containers.get(ref))).said?.includes("Failed to pull image") }, true)],
  ["events: `last`, the last N", sends("events, tail", onFluence, ({ cloud }) => cloud.containers.events(ref, { tail: 10 }), `GET ${path}/events`, { query: "?last=10" }, shown)],
  ["events: all of them without `last`", sends("events", onFluence, ({ cloud }) => cloud.containers.events(ref), `GET ${path}/events`, { query: "" }, shown)],
  ["`DELETE /gpu/instances/{instance_id}` terminates", sends("terminate", onFluence, ({ cloud }) => cloud.containers.terminate(ref, { within: "1 second" }), `DELETE ${path}`, {}, shown)],
  ["terminate: 204 without a body", answers("native.terminateContainer", async () => { const world = onFluence({ [`DELETE ${path}`]: { status: 204 } }); return world.run(world.cloud.native.terminateContainer(at)) }, undefined)],
  ["terminate: unused funds come back", answers("terms.upfront of an offer", async () => { const world = onFluence({ "GET /gpu/plans/": { json: plans.containers } }); const { items } = await world.run(world.cloud.containers.offers()); return items.every(({ terms }) => (terms?.upfront?.refundableSeconds ?? 0) > 0) }, true)],
]
