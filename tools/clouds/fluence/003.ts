import { InstanceRef } from "../../../packages/core/src/index.ts"
import answersOf from "../../../packages/fluence/src/cpu/fixtures/answers.json" with { type: "json" }
import keys from "../../../packages/fluence/src/fixtures/keys.json" with { type: "json" }
import { cpuLifecycle, fluence } from "../../../packages/fluence/src/index.ts"
import { answers, declares, means, once, type Row, reads, sends } from "../../documents/item.ts"
import { errorOf, got } from "../../documents/worlds.ts"
import { onFluence } from "./world.ts"

const { vmA } = answersOf
const { id } = vmA
const ref = new InstanceRef("fluence", "cpu-vm", id)
const other = "0x79F7D3F8c1A2D7B4A890a1B5cE3EfCd8D6E7F8a9"
const vms = { "GET /vms/v2": { json: [vmA] } }
const vm = once(() => got(onFluence, "cpuVms", id, "GET /vms/v2", [vmA]))
const inDatacenter = once(() =>
  got(onFluence, "cpuVms", id, "GET /vms/v2", [{ ...vmA, datacenter: { ...vmA.datacenter, id: "0x05" } }])
)
const launching = once(() =>
  got(onFluence, "cpuVms", id, "GET /vms/v2", [{ ...vmA, status: "Launching", publicIp: null }])
)
const listedKeys = once(async () => {
  const { run, cloud } = onFluence({ "GET /ssh_keys": { json: keys.list } })
  return (await run(cloud.cpuVms.sshKeys())).items
})
const added = (status: number) =>
  once(async () => {
    const { run, cloud } = onFluence({ "POST /ssh_keys": { status, json: keys.addedObject } })
    return run(cloud.cpuVms.addSshKey(keys.addedObject.public_key, "first"))
  })
const ports = (...open: ReadonlyArray<number>) => open.map((port) => ({ port, protocol: "tcp" as const }))
const { cpuVms } = fluence({ apiKey: "key" })
const changed = sends(
  "update",
  onFluence,
  ({ cloud }) => cloud.cpuVms.update(ref, { ports: ports(22, 5050, 80, 443) }),
  "PATCH /vms/v2",
  { json: { id, openPorts: ports(22, 5050, 80, 443) } },
  vms
)
const rename = sends(
  "rename",
  onFluence,
  ({ cloud }) => cloud.cpuVms.rename(ref, "new-vm-name"),
  "PATCH /vms/v2",
  { json: { id, vmName: "new-vm-name" } },
  vms
)
const resource = (index: number, field: string, value: unknown) =>
  reads(vm, `native.resources.${index}.${field}`, value)
const [key] = keys.list

// biome-ignore format: a table reads best with one row a line
export const cpuRows: ReadonlyArray<Row> = [
  ["`GET /vms/v2` lists the active VMs", sends("list", onFluence, ({ cloud }) => cloud.cpuVms.list(), "GET /vms/v2")],
  ["`id`", reads(vm, "ref.id", id)],
  ["`vmName`", reads(vm, "name", "vm-name")],
  ["`status` `Launching`: no address yet", reads(launching, "endpoints.ssh", [])],
  ["`status` `Launching`", reads(launching, "status", "provisioning")],
  ["`status` `Active`", reads(vm, "status", "running")],
  ["a status of no page", means(cpuLifecycle, { status: "something else", asked: "other" } as never, { status: "unknown" })],
  ["`pricePerEpoch`: USDC per 24 hours", reads(vm, "pricePerHour", { micros: 101_467, currency: "USDC" })],
  ["`pricePerEpoch`, exact", reads(vm, "native.pricePerEpoch", "2.4352")],
  ["`createdAt`", reads(vm, "createdAt", "2025-04-30T11:23:05.000Z")],
  ["`nextBillingAt`", reads(vm, "native.nextBillingAt", vmA.nextBillingAt)],
  ["`osImage`", reads(vm, "native.osImage", vmA.osImage)],
  ["`publicIp`", reads(vm, "endpoints.ssh.0.host", "154.42.3.159")],
  ["`publicIp` null when not active", reads(launching, "native.publicIp", null)],
  ["`reservedBalance`", reads(vm, "native.reservedBalance", "2.4352")],
  ["`totalSpent`", reads(vm, "native.totalSpent", "2.4352")],
  ["`datacenter.id`", reads(inDatacenter, "native.datacenter.id", "0x05")],
  ["`datacenter.countryCode`", reads(vm, "location.country", "FR")],
  ["`datacenter.cityCode`", reads(vm, "native.datacenter.cityCode", "PAR")],
  ["`datacenter.cityIndex`", reads(vm, "location.region", "PAR-1")],
  ["`datacenter.tier`", reads(vm, "native.datacenter.tier", 4)],
  ["`datacenter.certifications`", reads(vm, "native.datacenter.certifications", vmA.datacenter.certifications)],
  ["`ports`: `port`", reads(vm, "native.ports.0.port", 22)],
  ["`ports`: `protocol`", reads(vm, "native.ports.0.protocol", "tcp")],
  ["port 22 is used for SSH", reads(vm, "endpoints.ssh.0.port", 22)],
  ["`resources`: `VCPU`, by its `quantity`", reads(vm, "vcpus", 2)],
  ["`resources`: `RAM`, `supply` and `units`", reads(vm, "memoryMiB", 4096)],
  ["`resources`: `STORAGE`, `supply` and `units`", reads(vm, "storageMiB", 25_600)],
  ["`resources`: `PUBLIC_IP`", resource(3, "type", "PUBLIC_IP")],
  ["`resources`: `PUBLIC_IP`: `quantity`", resource(3, "quantity", 1)],
  ["`resources`: `VCPU`: `details.model`", resource(0, "details.model", "7702p")],
  ["`resources`: `VCPU`: `metadata`: `architecture`, `brand`, `generation`, `manufacturer`", resource(0, "metadata", { architecture: "Zen", brand: "EPYC", generation: "2", manufacturer: "AMD" })],
  ["`resources`: `RAM`: `details`: `manufacturer`, `model`, `speed`", resource(1, "details", { manufacturer: "Samsung", model: "DGX", speed: 3600 })],
  ["`resources`: `RAM`: `metadata`: `generation`, `type`", resource(1, "metadata", { generation: "4", type: "DDR" })],
  ["`resources`: `STORAGE`: `details`: `manufacturer`, `sequentialWriteSpeed`", resource(2, "details", { manufacturer: "WD", sequentialWriteSpeed: 15_000 })],
  ["`resources`: `STORAGE`: `metadata.type`", resource(2, "metadata.type", "SSD")],
  ["`resources`: `PUBLIC_IP`: `metadata.version`", resource(3, "metadata.version", "4")],
  ["`resources`: `details` may be empty", resource(3, "details", {})],
  ["`DELETE /vms/v3` with `vmIds`", sends("terminate", onFluence, ({ cloud }) => cloud.cpuVms.terminate(ref, { within: "1 second" }), "DELETE /vms/v3", { json: { vmIds: [id] } }, vms)],
  ["several VMs are deleted at once", sends("native.deleteCpuVms", onFluence, ({ cloud }) => cloud.native.deleteCpuVms({ body: { vmIds: [id, other] } }), "DELETE /vms/v3", { json: { vmIds: [id, other] } })],
  ["a deletion answers 200", answers("native.deleteCpuVms", async () => { const world = onFluence({ "DELETE /vms/v3": { status: 200 } }); await world.run(world.cloud.native.deleteCpuVms({ body: { vmIds: [id] } })); return "taken" }, "taken")],
  ["a deleted VM does not show any more: then it is gone", answers("terminate", async () => { let there = true; const world = onFluence({ "GET /vms/v2": () => ({ json: there ? [vmA] : [] }), "DELETE /vms/v3": () => { there = false; return { status: 200 } } }); return (await world.run(world.cloud.cpuVms.terminate(ref))).alreadyGone }, false)],
  ["each epoch is charged in full, and changes at 17:55 UTC", answers("terms.compute of an offer", async () => { const world = onFluence({ "POST /marketplace/offers": { json: [answersOf.offer].flat() } }); const [offer] = (await world.run(world.cloud.cpuVms.offers())).items; const { stepSeconds, stepsFrom, clockOffsetSeconds } = offer?.terms?.compute ?? {}; return { stepSeconds, stepsFrom, clockOffsetSeconds } }, { stepSeconds: 86_400, stepsFrom: "clock", clockOffsetSeconds: 64_500 })],
  ["`PATCH /vms/v2` with `id`", rename],
  ["update: `vmName`", rename],
  ["update: `openPorts`: `port`, `protocol`", changed],
  ["update: `id` is required", answers("native.updateCpuVm", () => errorOf(onFluence(), ({ cloud }) => cloud.native.updateCpuVm({ body: { vmName: "a" } as never })).then(({ tag }) => tag), "InvalidRequest")],
  ["update: `openPorts` names all ports; a list that would close SSH is refused", answers("update", () => errorOf(onFluence(vms), ({ cloud }) => cloud.cpuVms.update(ref, { ports: ports(9000) })).then(({ tag }) => tag), "InvalidRequest")],
  ["update: a port that is left out is closed", sends("update, closePorts", onFluence, ({ cloud }) => cloud.cpuVms.update(ref, { ports: ports(9000), closePorts: [22] }), "PATCH /vms/v2", { json: { id, openPorts: ports(9000) } }, vms)],
  ["update: a name alone", rename],
  ["update: ports alone", changed],
  ["update: name and ports in one request", sends("update", onFluence, ({ cloud }) => cloud.cpuVms.update(ref, { name: "new-vm-name", ports: ports(22, 80) }), "PATCH /vms/v2", { json: { id, vmName: "new-vm-name", openPorts: ports(22, 80) } }, vms)],
  ["update: 204 without a body", answers("native.updateCpuVm", async () => { const world = onFluence({ "PATCH /vms/v2": { status: 204 } }); await world.run(world.cloud.native.updateCpuVm({ body: { id, vmName: "a" } })); return "taken" }, "taken")],
  ["`GET /ssh_keys` lists the keys", sends("sshKeys", onFluence, ({ cloud }) => cloud.cpuVms.sshKeys(), "GET /ssh_keys")],
  ["key: `name`", reads(listedKeys, "0.name", key?.name, "name")],
  ["key: `fingerprint`", reads(listedKeys, "0.fingerprint", key?.fingerprint, "fingerprint")],
  ["key: `algorithm`", reads(listedKeys, "0.native.algorithm", key?.algorithm, "native.algorithm")],
  ["key: `comment`", reads(listedKeys, "0.native.comment", key?.comment, "native.comment")],
  ["key: `publicKey`", reads(listedKeys, "0.publicKey", key?.publicKey, "publicKey")],
  ["key: `active`", reads(listedKeys, "0.native.active", true, "native.active")],
  ["key: `createdAt`", reads(listedKeys, "0.native.createdAt", key?.createdAt, "native.createdAt")],
  ["`POST /ssh_keys` with `name` and `publicKey`", sends("addSshKey", onFluence, ({ cloud }) => cloud.cpuVms.addSshKey("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKgJIjnDg1DjqOOxINs78oU3f7PJXIyq9uiNocNVhXNx", "name"), "POST /ssh_keys", { json: { name: "name", publicKey: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKgJIjnDg1DjqOOxINs78oU3f7PJXIyq9uiNocNVhXNx" } })],
  ["a key that exists: 200 with that key", reads(added(200), "name", "first")],
  ["a new key: 201 with that key", reads(added(201), "fingerprint", keys.addedObject.fingerprint)],
  ["the answer's text is in `public_key`", reads(added(201), "publicKey", keys.addedObject.public_key)],
  ["the answer's `active`, `algorithm`, `comment`", reads(added(201), "native", { active: true, algorithm: "ssh-ed25519", comment: keys.addedObject.comment })],
  ["`DELETE /ssh_keys` with the `fingerprint`", sends("removeSshKey", onFluence, ({ cloud }) => cloud.cpuVms.removeSshKey(keys.removeRequest.fingerprint), "DELETE /ssh_keys", { json: keys.removeRequest })],
  ["a key's deletion answers 200", answers("removeSshKey", async () => { const world = onFluence({ "DELETE /ssh_keys": { status: 200 } }); await world.run(world.cloud.cpuVms.removeSshKey("SHA256:a")); return "gone" }, "gone")],
  ["what the account's VMs cannot: start, stop, restart", declares("capabilities", () => (["start", "stop", "restart"] as const).map((op) => cpuVms.capabilities.has(op as never)), [false, false, false])]
]
