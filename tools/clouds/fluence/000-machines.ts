import { InstanceRef } from "../../../packages/core/src/index.ts"
import errors from "../../../packages/fluence/src/fixtures/errors.json" with { type: "json" }
import instances from "../../../packages/fluence/src/gpu/fixtures/instances.json" with { type: "json" }
import requests from "../../../packages/fluence/src/gpu/fixtures/requests.json" with { type: "json" }
import { fluence, machineLifecycle } from "../../../packages/fluence/src/index.ts"
import { answers, declares, means, once, type Row, reads, sends } from "../../documents/item.ts"
import { errorOf, got } from "../../documents/worlds.ts"
import { onFluence } from "./world.ts"

const active = instances.activeVm
const { id } = active
const vm = new InstanceRef("fluence", "vm", id)
const metal = new InstanceRef("fluence", "baremetal", id)
const vmPath = `/gpu/instances/vms/${id}`
const metalPath = `/gpu/instances/baremetal/${id}`
const ofMetal = { ...active, availability: "baremetal" }
const vmShown = { [`GET ${vmPath}`]: { json: active } }
const metalShown = { [`GET ${metalPath}`]: { json: ofMetal } }
const at = { params: { id } } as const

const running = once(() => got(onFluence, "vms", id, `GET ${vmPath}`, active))
const onMetal = once(() => got(onFluence, "baremetal", id, `GET ${metalPath}`, ofMetal))
const ended = once(() =>
  got(onFluence, "vms", instances.endedVm.id, `GET /gpu/instances/vms/${instances.endedVm.id}`, instances.endedVm)
)
const listed = once(async () => {
  const { run, cloud } = onFluence({ "GET /gpu/instances/vms": { json: instances.vms } })
  return (await run(cloud.vms.list())).items
})
const [first, second] = instances.vms
const { vms, baremetal, containers } = fluence({ apiKey: "key" })
const named = (name: string) =>
  answers(
    "native.renameGpuVm",
    async () => (await errorOf(onFluence(), ({ cloud }) => cloud.native.renameGpuVm({ ...at, body: { name } }))).tag,
    "InvalidRequest"
  )
const noContent = (route: string) => ({ [route]: { status: 204 } })
const facts = (status: string, addressed = false) => ({ status, addressed, asked: "other" }) as const

// biome-ignore format: a table reads best with one row a line
export const machineRows: ReadonlyArray<Row> = [
  ["`GET /gpu/instances/vms` lists VMs", sends("list", onFluence, ({ cloud }) => cloud.vms.list(), "GET /gpu/instances/vms")],
  ["`GET /gpu/instances/baremetal` lists bare metal", sends("list", onFluence, ({ cloud }) => cloud.baremetal.list(), "GET /gpu/instances/baremetal")],
  ["VM list: `id`", reads(listed, "0.ref.id", first?.id, "ref.id")],
  ["VM list: `name`", reads(listed, "0.name", first?.name, "name")],
  ["VM list: `status`", reads(listed, "0.native.status", "ACTIVE", "native.status")],
  ["VM list: `status` `FAILED`", reads(listed, "1.status", "failed", "status")],
  ["VM list: `resources.supply`: 14 CPUs", reads(listed, "0.vcpus", 14, "vcpus")],
  ["VM list: `resources.supply`: 119 Gi of memory", reads(listed, "0.memoryMiB", 121_856, "memoryMiB")],
  ["VM list: `resources.supply`: 582 Gi of disk", reads(listed, "0.storageMiB", 595_968, "storageMiB")],
  ["VM list: `gpu_model`", reads(listed, "0.gpu", { model: "L40", known: true, vendor: "nvidia", interface: "pcie", vramMiB: 49_152, count: 1 }, "gpu")],
  ["VM list: `domain`", reads(listed, "0.native.domain", first?.domain, "native.domain")],
  ["VM list: `domain` null", reads(listed, "1.native.domain", null, "native.domain")],
  ["VM list: `location`", reads(listed, "0.location.region", "us-central-3", "location.region")],
  ["VM list: `created_at`", reads(listed, "0.createdAt", "2026-02-07T14:43:43.993Z", "createdAt")],
  ["VM list: `updated_at`", reads(listed, "1.native.updated_at", second?.updated_at, "native.updated_at")],
  ["`GET /gpu/instances/vms/{instance_id}`", sends("get", onFluence, ({ cloud }) => cloud.vms.get(vm), `GET ${vmPath}`)],
  ["`GET /gpu/instances/baremetal/{instance_id}`", sends("get", onFluence, ({ cloud }) => cloud.baremetal.get(metal), `GET ${metalPath}`)],
  ["VM: status `INITIALIZED`", means(machineLifecycle, facts("INITIALIZED"), { status: "provisioning" })],
  ["VM: status `ACTIVE`", means(machineLifecycle, facts("ACTIVE", true), { status: "running" })],
  ["VM: status `FAILED`", means(machineLifecycle, facts("FAILED"), { status: "failed", billing: "none" })],
  ["VM: status `ENDED`", means(machineLifecycle, facts("ENDED"), { status: "terminated", billing: "none" })],
  ["VM: `availability` `vm`", reads(running, "native.availability", "vm")],
  ["bare metal: `availability` `baremetal`", reads(onMetal, "native.availability", "baremetal")],
  ["VM: `os_image`", reads(running, "native.os_image", active.os_image)],
  ["VM: `ssh_connection`", reads(running, "endpoints.ssh.0.command", active.ssh_connection)],
  ["VM: `ssh_connection` null when not active", reads(ended, "endpoints.ssh", [])],
  ["VM: `ssh_key`", reads(running, "native.ssh_key", active.ssh_key)],
  ["VM: `network` null when not active", reads(ended, "native.network", null)],
  ["VM: `network.domain`", reads(running, "native.network.domain", "216.81.248.90")],
  ["VM: `forwarded_ports` empty", reads(running, "endpoints.ports", [])],
  ["VM: `uri`", reads(running, "native.network.uri", null)],
  ["VM: `billing`, as of containers", reads(running, "native.billing", active.billing)],
  ["VM: `hourly_usage`", reads(running, "pricePerHour", { micros: 760_000, currency: "USDC" })],
  ["VM: billing fields reset when ended", reads(ended, "pricePerHour", null)],
  ["VM: `updated_at`", reads(running, "native.updated_at", active.updated_at)],
  ["`PUT /gpu/instances/vms/{instance_id}` renames", sends("rename", onFluence, ({ cloud }) => cloud.vms.rename(vm, "my-training-vm"), `PUT ${vmPath}`, { json: requests.rename }, vmShown)],
  ["`PUT /gpu/instances/baremetal/{instance_id}` renames", sends("rename", onFluence, ({ cloud }) => cloud.baremetal.rename(metal, "my-training-vm"), `PUT ${metalPath}`, { json: requests.rename }, metalShown)],
  ["names: 1 to 25 characters", named("a".repeat(26))],
  ["names: not empty", named("")],
  ["names: lower-case letters, digits, hyphens", named("My_VM")],
  ["names: no hyphen at either end", named("-a-")],
  ["a rename answers 204 without a body", answers("native.renameGpuVm", async () => { const world = onFluence(noContent(`PUT ${vmPath}`)); return world.run(world.cloud.native.renameGpuVm({ ...at, body: requests.rename })) }, undefined)],
  ["of a VM or bare metal only the name can be updated", declares("update", () => [vms, baremetal].map(({ capabilities }) => [capabilities.has("rename"), capabilities.has("update")]), [[true, false], [true, false]])],
  ["`DELETE /gpu/instances/vms/{instance_id}`", sends("terminate", onFluence, ({ cloud }) => cloud.vms.terminate(vm, { within: "1 second" }), `DELETE ${vmPath}`, {}, vmShown)],
  ["`DELETE /gpu/instances/baremetal/{instance_id}`", sends("terminate", onFluence, ({ cloud }) => cloud.baremetal.terminate(metal, { within: "1 second" }), `DELETE ${metalPath}`, {}, metalShown)],
  ["a VM's end answers 204 without a body", answers("native.terminateGpuVm", async () => { const world = onFluence(noContent(`DELETE ${vmPath}`)); return world.run(world.cloud.native.terminateGpuVm(at)) }, undefined)],
  ["logs and events are for containers alone", declares("logs, events", () => [containers, vms, baremetal].map(({ capabilities }) => capabilities.has("logs") && capabilities.has("events")), [true, false, false])],
  ["422: a `detail` list describes every issue", answers("InvalidRequest", () => errorOf(onFluence({ [`PUT ${vmPath}`]: { status: 422, json: errors.validation } }), ({ cloud }) => cloud.native.renameGpuVm({ ...at, body: requests.rename })).then(({ tag, message }) => [tag, message.includes("Port must be between 1 and 65535")]), ["InvalidRequest", true])],
  ["400: a `detail` text says why not", answers("OutOfFunds", () => errorOf(onFluence({ "POST /gpu/instances/vms": { status: 400, json: errors.noMoney } }), ({ cloud }) => cloud.native.deployGpuVm({ body: requests.deployMachine })).then(({ tag, message }) => [tag, message.includes(errors.noMoney.detail)]), ["OutOfFunds", true])],
  ["400: terminating a non-active instance", answers("Conflict", () => errorOf(onFluence({ [`DELETE ${vmPath}`]: { status: 400, json: { detail: "Only active instances can be terminated" } } }), ({ cloud }) => cloud.native.terminateGpuVm(at)).then(({ tag }) => tag), "Conflict")],
  ["SSH keys are managed through their own endpoints", declares("sshKeys, addSshKey, removeSshKey", () => [containers, vms, baremetal].map(({ capabilities }) => (["sshKeys", "addSshKey", "removeSshKey"] as const).every((op) => capabilities.has(op))), [true, true, true])]
]
