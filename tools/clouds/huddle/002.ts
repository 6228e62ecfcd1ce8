import { InstanceRef } from "../../../packages/core/src/index.ts"
import availability from "../../../packages/huddle/src/fixtures/availability.json" with { type: "json" }
import badRequest from "../../../packages/huddle/src/fixtures/bad-request.json" with { type: "json" }
import balance from "../../../packages/huddle/src/fixtures/balance.json" with { type: "json" }
import deployed from "../../../packages/huddle/src/fixtures/deploy.json" with { type: "json" }
import request from "../../../packages/huddle/src/fixtures/deploy-request.json" with { type: "json" }
import noCredits from "../../../packages/huddle/src/fixtures/insufficient-credits.json" with { type: "json" }
import offers from "../../../packages/huddle/src/fixtures/offers.json" with { type: "json" }
import { huddle, lifecycle } from "../../../packages/huddle/src/index.ts"
import { answers, type Check, declares, forPeople, means, once, type Row, reads, sends } from "../../documents/item.ts"
import { errorOf, got } from "../../documents/worlds.ts"
import { onHuddle, onSimulatedHuddle } from "./world.ts"

const { data } = deployed
const { id } = data
const ref = new InstanceRef("huddle", "vm", id)
const path = `/deployments/${id}`
const shown = { [`GET ${path}`]: { json: deployed } }
const online = { ...data, status: "running", ip: "95.216.229.232" }
const ordered = once(() => got(onHuddle, "vms", id, `GET ${path}`, deployed))
const up = once(() => got(onHuddle, "vms", id, `GET ${path}`, { ...deployed, data: online }))
const market = once(async () => {
  const { run, cloud } = onHuddle({ "GET /gpus/available": { json: offers } })
  return (await run(cloud.vms.offers())).items
})
const { vms } = huddle({ apiKey: "key" })
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPRyQpp2azm5mMPCAyap8ulgPLVDbt5PyG3DZ//90V1S me@laptop"
const keyId = "your-ssh-key-id"

/** Two deploys with one key on a simulated Huddle01. */
const repeatedDeploy = answers(
  "native.deploy",
  async () => {
    const { run, cloud, simulator } = onSimulatedHuddle()
    const [offer] = (await run(cloud.vms.offers())).items
    const [image] = (await run(cloud.vms.images())).items
    const { id: keyed } = await run(cloud.vms.addSshKey(key, "k"))
    const [cluster_type = "", location = ""] = offer?.id.split("@") ?? []
    const body = { cluster_type, image: image?.id ?? "", hostname: "twice", ssh_key_ids: [keyed], location }
    const twice = () => run(cloud.native.deploy({ body, headers: { "idempotency-key": "one" } }))
    const [first, second] = [await twice(), await twice()]
    return [first.id === second.id, simulator.machines().length]
  },
  [true, 1],
  "simulated cloud"
)

/** What a launch sends of its spec: the field of the deploy's body. */
const launches = (where: string, more: object, field: string, value: unknown): Check =>
  answers(
    where,
    async () => {
      const world = onHuddle({
        "GET /gpus/available": { json: offers },
        "GET /ssh-keys": { json: { code: "OK", data: [] } },
        "POST /ssh-keys": { json: { code: "OK", data: { id: keyId, name: "k", fingerprint: "SHA256:x" } } },
        "GET /billing/balance": { json: balance },
        "POST /deployments/clusters": { status: 400, json: badRequest }
      })
      const [offer] = (await world.run(world.cloud.vms.offers())).items
      if (!offer) throw new Error("the documents' market is empty")
      await world.fails(
        world.cloud.vms.launch({ offer, name: "my-gpu-instance", os: request.image, sshKeys: [key], ...more })
      )
      const body = world.to("POST /deployments/clusters")[0]?.json as Readonly<Record<string, unknown>>
      const shownValue = body[field]
      return field === "hostname" ? String(shownValue).replace(/-ag[0-9a-z]{10}$/, "") : shownValue
    },
    value,
    "request compared"
  )
const refuses = (status: number, code: string, tag: string): Row => [
  `${status} \`${code}\``,
  answers(
    tag,
    () =>
      errorOf(onHuddle({ "POST /deployments/clusters": { status, json: { code, error: "no" } } }), ({ cloud }) =>
        cloud.native.deploy({ body: request })
      ).then((error) => error.tag),
    tag
  )
]
const status = (word: string, verdict: Readonly<Record<string, unknown>>): Row => [
  `status \`${word}\``,
  means(lifecycle, { status: word, asked: "nothing", recent: false }, verdict)
]

// biome-ignore format: a table reads best with one row a line
export const huddleRows: ReadonlyArray<Row> = [
  ["base URL `https://gpu.huddleapis.com/api/v1`", answers("native", async () => { const world = onHuddle({ "GET /billing/balance": { json: balance } }); await world.run(world.cloud.native.balance()); return world.sent[0]?.url }, "https://gpu.huddleapis.com/api/v1/billing/balance", "request compared")],
  ["header `X-API-Key`", sends("every call", onHuddle, ({ cloud }) => cloud.native.balance(), "GET /billing/balance", { header: ["x-api-key", "the-documents-key"] })],
  ["`GET /billing/balance`", sends("balance", onHuddle, ({ cloud }) => cloud.vms.balance(), "GET /billing/balance")],
  ["`GET /gpus/available`", sends("offers", onHuddle, ({ cloud }) => cloud.vms.offers(), "GET /gpus/available")],
  ["`GET /images`", sends("images", onHuddle, ({ cloud }) => cloud.vms.images(), "GET /images")],
  ["`POST /deployments/clusters`, the example's body", sends("native.deploy", onHuddle, ({ cloud }) => cloud.native.deploy({ body: request }), "POST /deployments/clusters", { json: request })],
  ["`GET /deployments/{deployment_id}`", sends("get", onHuddle, ({ cloud }) => cloud.vms.get(ref), `GET ${path}`)],
  ["request: `cluster_type`", launches("launch, offer", {}, "cluster_type", "8H200.141G")],
  ["request: `image`, an id of `/images`", launches("launch, os", {}, "image", request.image)],
  ["request: `hostname`", launches("launch, name", {}, "hostname", "my-gpu-instance")],
  ["request: `hostname` of 1 to 255 characters", answers("native.deploy", () => errorOf(onHuddle(), ({ cloud }) => cloud.native.deploy({ body: { ...request, hostname: "a".repeat(256) } })).then(({ tag }) => tag), "InvalidRequest")],
  ["request: a long name, of which `hostname` keeps one label of a DNS name", launches("launch, name", { name: "a".repeat(255) }, "hostname", "a".repeat(50)), "0041"],
  ["request: `ssh_key_ids`", launches("launch, sshKeys", {}, "ssh_key_ids", [keyId])],
  ["request: at least one SSH key", declares("launch, sshKeys", () => vms.requiredOptions.has("sshKeys"), true)],
  ["request: `location`", launches("launch, offer", {}, "location", "FIN-03")],
  ["request: `description`, optional", launches("launch, description", { description: "mine" }, "description", "mine")],
  ["request: `os_volume`: `name` and `size`", launches("launch, diskMiB", { diskMiB: 95_367 }, "os_volume", { name: "boot", size: 100 })],
  ["request: 50 GB of boot disk by default", launches("launch", {}, "os_volume", undefined)],
  ["request: at most 512 GB of boot disk", answers("native.deploy", () => errorOf(onHuddle(), ({ cloud }) => cloud.native.deploy({ body: { ...request, os_volume: { name: "boot", size: 513 } } })).then(({ tag }) => tag), "InvalidRequest")],
  ["request: `volumes`: `name`, `size`, `type` `NVMe`", launches("launch, volumes", { volumes: [{ name: "data", sizeMiB: 476_837 }], allowUnknownPrice: true }, "volumes", [{ name: "data", size: 500, type: "NVMe" }])],
  ["answer: `id`", reads(ordered, "ref.id", "dep_abc123")],
  ["answer: `provider_id`", reads(ordered, "native.provider_id", "verda-id")],
  ["answer: `hostname`", reads(ordered, "name", "my-gpu-instance")],
  ["answer: `cluster_type`", reads(ordered, "native.cluster_type", "1A100.22V")],
  ["answer: `image`", reads(ordered, "native.image", data.image)],
  ["answer: `os_name`", reads(ordered, "native.os_name", "Ubuntu 24.04")],
  ["answer: `location`", reads(ordered, "location.region", "FIN-01")],
  ["answer: `status`", reads(ordered, "native.status", "ordered")],
  ["answer: `ssh_user`", reads(ordered, "native.ssh_user", "ubuntu")],
  ["answer: `ssh_key_ids`", reads(ordered, "native.ssh_key_ids", ["key-id"])],
  ["answer: `specs.gpu_model`", reads(ordered, "gpu.model", "A100")],
  ["answer: `specs.gpu_count`", reads(ordered, "gpu.count", 1)],
  ["answer: `specs.gpu_vram_gb`", reads(ordered, "gpu.vramMiB", 81_920)],
  ["answer: `specs.total_vram_gb`", reads(ordered, "native.specs.total_vram_gb", 80)],
  ["answer: `specs.vcpu_count`", reads(ordered, "vcpus", 22)],
  ["answer: `specs.ram_gb`", reads(ordered, "memoryMiB", 114_440)],
  ["answer: `specs.price_per_hr`", reads(ordered, "pricePerHour", { micros: 965_000, currency: "USD" })],
  ["answer: `volumes`", reads(ordered, "native.volumes", [])],
  ["answer: `created_at`", reads(ordered, "createdAt", "2026-04-03T10:00:00.000Z")],
  ["answer: `updated_at`", reads(ordered, "native.updated_at", "2026-04-03T10:00:00Z")],
  status("ordered", { status: "pending" }),
  status("provisioning", { status: "provisioning" }),
  status("running", { status: "running", billing: "compute" }),
  status("offline", { status: "stopped", actions: ["start", "terminate"] }),
  status("error", { status: "failed", actions: ["terminate"] }),
  status("deleting", { status: "terminating", actions: [] }),
  status("deleted", { status: "terminated", billing: "none" }),
  status("failed_no_capacity", { status: "failed", reason: "no-capacity", billing: "none" }),
  ["a running one can be stopped and deleted", means(lifecycle, { status: "running", asked: "nothing", recent: false }, { status: "running", actions: ["stop", "terminate"] })],
  ["an offline one can be deleted", means(lifecycle, { status: "offline", asked: "nothing", recent: false }, { status: "stopped", actions: ["start", "terminate"] })],
  ["one with an error is to be deleted", means(lifecycle, { status: "error", asked: "nothing", recent: false }, { status: "failed", actions: ["terminate"] })],
  ["one that is being deleted is waited for", means(lifecycle, { status: "deleting", asked: "nothing", recent: false }, { status: "terminating" })],
  ["an offline one can be started again", sends("start", onHuddle, ({ cloud }) => cloud.vms.start(ref), `POST ${path}/actions`, { json: { action: "start" } }, { [`GET ${path}`]: { json: { ...deployed, data: { ...data, status: "offline" } } } })],
  ["provisioning typically takes 2 to 5 minutes: it is waited for at least so long", declares("waitUntilReady", () => vms.timing.bootWithin !== "5 minutes", true)],
  ["`POST /deployments/{id}/actions` with `delete`", sends("native.actOnDeployment", onHuddle, ({ cloud }) => cloud.native.actOnDeployment({ params: { id }, body: { action: "delete" } }), `POST ${path}/actions`, { json: { action: "delete" } })],
  ["`DELETE /deployments/{id}`", sends("terminate", onHuddle, ({ cloud }) => cloud.vms.terminate(ref, { within: "1 second" }), `DELETE ${path}`, {}, shown)],
  ["SSH once it runs: `ssh ubuntu@{deployment_ip}`", reads(up, "endpoints.ssh.0.command", "ssh ubuntu@95.216.229.232")],
  ["the SSH user is `ubuntu`, where an answer names none", reads(() => got(onHuddle, "vms", id, `GET ${path}`, { ...deployed, data: { ...online, ssh_user: null } }), "endpoints.ssh.0.user", "ubuntu")],
  ["no address before it runs", reads(ordered, "endpoints.ssh", [])],
  ["at least $20 of credit to deploy", reads(market, "0.terms.accountFloor", { micros: 20_000_000, currency: "USD" }, "terms.accountFloor")],
  ["at least 10 minutes are charged", reads(market, "0.terms.compute.minimumSeconds", 600, "terms.compute.minimumSeconds")],
  ["while it runs, money is taken every 10 minutes", forPeople("when it is taken; the cost is that of the seconds")],
  ["GPU credits are separate, and given in cents and dollars", answers("balance", async () => { const world = onHuddle({ "GET /billing/balance": { json: balance } }); return (await world.run(world.cloud.vms.balance())).available }, { micros: 50_000_000, currency: "USD" })],
  ["the same key again answers the first result, and makes nothing", repeatedDeploy],
  ["after 10 minutes, billed by the second", reads(market, "0.terms.compute.stepSeconds", 1, "terms.compute.stepSeconds")],
  ["`GET /deployments/availability/{cluster_type}`", sends("native.checkAvailability", onHuddle, ({ cloud }) => cloud.native.checkAvailability({ params: { clusterType: "1A100.22V" } }), "GET /deployments/availability/1A100.22V")],
  ["availability: `cluster_type`, `is_available`", answers("native.checkAvailability", async () => { const world = onHuddle({ "GET /deployments/availability/1A100.22V": { json: availability } }); return world.run(world.cloud.native.checkAvailability({ params: { clusterType: "1A100.22V" } })) }, availability.data)],
  ["not available: the advice is another location or type", answers("NoCapacity", () => errorOf(onHuddle({ "POST /deployments/clusters": { status: 409, json: { code: "CONFLICT", error: "no" } } }), ({ cloud }) => cloud.native.deploy({ body: request })).then(({ tag }) => tag), "NoCapacity")],
  refuses(400, "BAD_REQUEST", "InvalidRequest"),
  refuses(401, "UNAUTHORIZED", "Unauthenticated"),
  refuses(402, "INSUFFICIENT_CREDITS", "OutOfFunds"),
  ["402: the words of the refusal", answers("message", () => errorOf(onHuddle({ "POST /deployments/clusters": { status: 402, json: noCredits } }), ({ cloud }) => cloud.native.deploy({ body: request })).then(({ message }) => message.includes("requires at least $20.00")), true)],
  ["404 `NOT_FOUND`", answers("NotFound", () => errorOf(onHuddle({ [`DELETE ${path}`]: { status: 404, json: { code: "NOT_FOUND", error: "no" } } }), ({ cloud }) => cloud.native.deleteDeployment({ params: { id } })).then(({ tag }) => tag), "NotFound")],
  refuses(409, "CONFLICT", "NoCapacity"),
  refuses(500, "INTERNAL", "ProviderFault"),
  ["500: sent again with its idempotency key", answers("launch", async () => { const world = onHuddle({ "POST /deployments/clusters": [{ status: 500, json: { code: "INTERNAL", error: "no" } }, { json: deployed }] }); await world.run(world.cloud.native.deploy({ body: request, headers: { "idempotency-key": "one" } })); return world.to("POST /deployments/clusters").map(({ headers }) => headers["idempotency-key"]) }, ["one", "one"], "request compared")],
  ["`Idempotency-Key` on deploy", sends("native.deploy", onHuddle, ({ cloud }) => cloud.native.deploy({ body: request, headers: { "idempotency-key": "one" } }), "POST /deployments/clusters", { header: ["idempotency-key", "one"] })],
  ["`Idempotency-Key` on delete", sends("terminate", onHuddle, ({ cloud }) => cloud.vms.terminate(ref, { within: "1 second" }), `DELETE ${path}`, { header: ["idempotency-key", /.+/] }, shown)]
]
