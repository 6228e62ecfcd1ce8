import { InstanceRef, type Offer } from "../../../packages/core/src/index.ts"
import list from "../../../packages/vast/src/fixtures/list.json" with { type: "json" }
import show from "../../../packages/vast/src/fixtures/show.json" with { type: "json" }
import { lifecycle, vast } from "../../../packages/vast/src/index.ts"
import { startScriptOf } from "../../../packages/vast/src/packed-script.ts"
import { answers, type Check, declares, means, once, type Row, reads, sends } from "../../documents/item.ts"
import { errorOf, got } from "../../documents/worlds.ts"
import { onVast } from "./world.ts"

const ref = new InstanceRef("vast", "container", "1234")
const row = {
  ...list.instances[0],
  id: 1234,
  actual_status: "running",
  intended_status: "running",
  cur_state: "running",
  next_state: "running",
  end_date: null
}
const shownAs = (more: object = {}) => ({ "GET /api/v0/instances/1234/": { json: { instances: { ...row, ...more } } } })
const done = { json: { success: true } }
const manage = "PUT /api/v0/instances/1234/"
const managed = (body: { state?: "running" | "stopped"; label?: string }, reply: object = done) => {
  const world = onVast({ [manage]: reply })
  return { world, call: world.cloud.native.manageInstance({ params: { id: 1234 }, body }) }
}
const machine = once(() => got(onVast, "containers", "1234", "GET /api/v0/instances/1234/", { instances: row }))
const asShown = once(() =>
  got(onVast, "containers", String(show.instances.id), `GET /api/v0/instances/${show.instances.id}/`, show)
)
const { containers } = vast({ apiKey: "key" })
const body = { params: { id: 1234 }, body: { state: "running" } } as const
const failure = (status: number, json: unknown) =>
  errorOf(onVast({ [manage]: { status, json } }), ({ cloud }) => cloud.native.manageInstance(body))
const words = { success: false, error: "an_error", msg: "such words" }
const refuses = (status: number, tag: string, json: unknown = words): Check =>
  answers(tag, async () => (await failure(status, json)).tag, tag)
const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHJvYm90cw0123456789abcdef me@laptop"
const place = { country: null, region: null, native: null }
const offer: Offer<"vast", "container"> = {
  ...{
    id: "7",
    provider: "vast",
    kind: "container",
    gpu: null,
    vcpus: null,
    memoryMiB: null,
    storageMiB: null,
    diskMiB: null
  },
  ...{
    location: place,
    pricePerHour: { micros: 1, currency: "USD" },
    minimumBid: null,
    terms: null,
    interruptible: false
  },
  ...{ availability: "available", reliability: null, observedAt: new Date(0) as never, native: null }
}
const trap = (actual: string, verdict: Readonly<Record<string, unknown>>) =>
  means(
    lifecycle,
    {
      actual,
      intended: "running",
      cur: actual === "exited" ? "stopped" : "running",
      next: "running",
      bid: false,
      message: "fine",
      asked: "launch",
      recent: false,
      expired: false
    },
    verdict
  )

// biome-ignore format: a table reads best with one row a line
export const vastRows: ReadonlyArray<Row> = [
  ["server `https://console.vast.ai`", answers("native", async () => { const { world, call } = managed({ state: "stopped" }); await world.run(call); return world.sent[0]?.url }, "https://console.vast.ai/api/v0/instances/1234/", "request compared")],
  ["`Authorization: Bearer` on all endpoints", sends("every call", onVast, ({ cloud }) => cloud.native.manageInstance({ params: { id: 1234 }, body: { state: "stopped" } }), manage, { header: ["authorization", "Bearer the-documents-key"] })],
  ["`gpu_ram` is MB of one GPU in the REST API", reads(asShown, "gpu.vramMiB", show.instances.gpu_ram)],
  ["SSH keys are registered before an instance is made", answers("launch, sshKeys", async () => {
    const world = onVast({ "GET /api/v0/ssh/": { json: [] }, "POST /api/v0/ssh/": { json: { success: true, key: { id: 1, public_key: key } } } })
    await world.fails(world.cloud.containers.launch({ offer, name: "job", image: "a:1", sshKeys: [key] }))
    return world.routes().filter((route) => /^(POST|PUT)/.test(route))
  }, ["POST /api/v0/ssh/", "PUT /api/v0/asks/7/"], "request compared")],
  ["a VM's keys cannot be added later", declares("launch, sshKeys", () => { const { vms } = vast({ apiKey: "key" }); return [vms.requiredOptions.has("sshKeys"), vms.capabilities.has("attachSshKey")] }, [true, false])],
  ["a container's keys can", declares("attachSshKey", () => containers.capabilities.has("attachSshKey"), true)],
  ["`onstart` takes 4048 characters", answers("native.createInstance", () => errorOf(onVast(), ({ cloud }) => cloud.native.createInstance({ params: { id: 1 }, body: { image: "a:1", onstart: "x".repeat(4049) } })).then(({ tag }) => tag), "InvalidRequest")],
  ["longer scripts: gzip and base64", answers("launch, onStart", async () => { const packed = await onVast().run(startScriptOf("# x\n".repeat(2000))); return packed.length <= 4048 && /base64 -d \| gzip -d/.test(packed) }, true, "request compared")],
  ["`POST /api/v0/asks/{id}/` makes an instance: sent as `PUT`", sends("native.createInstance", onVast, ({ cloud }) => cloud.native.createInstance({ params: { id: 1 }, body: { image: "a:1" } }), "PUT /api/v0/asks/1/"), "0060"],
  ["a create answers the instance's id in `new_contract`, not in `id`", answers("native.createInstance", async () => { const world = onVast({ "PUT /api/v0/asks/1/": { json: { success: true, new_contract: 5 } } }); return world.run(world.cloud.native.createInstance({ params: { id: 1 }, body: { image: "a:1" } })) }, { new_contract: 5 })],
  ["poll trap: `exited` never reaches `running`", trap("exited", { status: "failed", reason: "exited" })],
  ["poll trap: `unknown` never reaches `running`", trap("unknown", { status: "unknown", reason: "host-offline" }), "0060"],
  ["poll trap: `offline` never reaches `running`", trap("offline", { status: "unknown", reason: "host-offline" }), "0060"],
  ["`PUT /api/v0/instances/{id}/`", sends("native.manageInstance", onVast, ({ cloud }) => cloud.native.manageInstance({ params: { id: 1234 }, body: { state: "stopped" } }), manage)],
  ["`id` is an integer: another one is no machine, and is not asked for", answers("get", async () => { const world = onVast(); const { tag } = await errorOf(world, ({ cloud }) => cloud.containers.get(new InstanceRef("vast", "container", "abc"))); return [tag, world.sent.length] }, ["NotFound", 0])],
  ["at least one of the parameters is given", answers("native.manageInstance", () => errorOf(onVast(), ({ cloud }) => cloud.native.manageInstance({ params: { id: 1234 }, body: {} })).then(({ tag }) => tag), "InvalidRequest")],
  ["`state` `stopped`", sends("stop", onVast, ({ cloud }) => cloud.containers.stop(ref), manage, { json: { state: "stopped" } }, shownAs())],
  ["`state` `running`", sends("start", onVast, ({ cloud }) => cloud.containers.start(ref), manage, { json: { state: "running" } }, shownAs({ actual_status: "exited", intended_status: "stopped", cur_state: "stopped" }))],
  ["`label`", sends("rename", onVast, ({ cloud }) => cloud.containers.rename(ref, "My ML Training Job"), manage, { json: { label: "My ML Training Job" } }, shownAs({ label: "before" }))],
  ["`label` comes back as it was given", reads(() => got(onVast, "containers", "1234", "GET /api/v0/instances/1234/", { instances: { ...row, label: "My ML Training Job" } }), "name", "My ML Training Job")],
  ["`label` of at most 1024 characters", answers("native.manageInstance", () => errorOf(onVast(), ({ cloud }) => cloud.native.manageInstance({ params: { id: 1234 }, body: { label: "x".repeat(1025) } })).then(({ tag }) => tag), "InvalidRequest")],
  ["200: `success`", answers("native.manageInstance", async () => { const { world, call } = managed({ state: "stopped" }); return world.run(call) }, { success: true })],
  ["400", refuses(400, "InvalidRequest")],
  ["401", refuses(401, "Unauthenticated")],
  ["404, in Vast's own word for it", refuses(404, "NotFound", { ...words, error: "no_such_instance" })],
  ["404, in other words: it may be a gateway's", refuses(404, "BadResponse"), "0028"],
  ["429: `detail`", refuses(429, "RateLimited", { detail: "API requests too frequent endpoint threshold=1.0" })],
  ["an error's `error`", answers("NoCapacity", async () => (await failure(400, { ...words, error: "no_such_ask" })).tag, "NoCapacity")],
  ["an error's `msg`", answers("message", async () => (await failure(400, words)).message.includes("such words"), true)],
  ["an instance's own status stands in `actual_status`", reads(machine, "native.actual_status", "running")]
]
