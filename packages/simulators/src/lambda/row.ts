import type { MachineLogin } from "../kit/login.ts"
import { type InstanceType, regionOf, typeOf } from "./catalogue.ts"
import { type Instance, isAlive, isUp } from "./instance.ts"
import type { World } from "./world.ts"

/** Source: Lambda Cloud API 1.10.0, InstanceType. */
export const typeRow = ({ name, gpu, gpus, cents, vcpus, memory, storage }: InstanceType) => ({
  name,
  description: gpus === 0 ? `${vcpus}x CPU General (${memory} GiB)` : `${gpus}x ${gpu}`,
  ...{ gpu_description: gpu, price_cents_per_hour: cents },
  specs: { vcpus, memory_gib: memory, storage_gib: storage, gpus }
})

const actions = ["migrate", "rebuild", "restart", "cold_reboot", "terminate"]

/** Whether anything can be done to it, and why not. Source: as above, InstanceActionAvailability. */
const actionsOf = ({ state }: Instance) => {
  const code = state === "booting" ? "vm-has-not-launched" : "vm-is-terminating"
  const no = { available: false, reason_code: code, reason_description: `The instance is ${state}.` }
  const one = state === "active" || state === "unhealthy" ? { available: true } : no
  return Object.fromEntries(actions.map((action) => [action, one]))
}

/** An instance as answers show it: it has no time in it. Source: as above, Instance. */
export const rowOf = (instance: Instance, world: World) => {
  const { id, name, hostname, state, shown, keyName, fileSystems, tags, rulesets, token } = instance
  const reached = world.reach(id)
  const ip = reached === undefined ? instance.address : reached?.host
  const type = typeOf(instance.type)
  const names = world.state.fileSystems.filter((one) => fileSystems.some((used) => used.file_system_id === one.id))
  return {
    ...{ id, ...(name !== null && { name }), status: shown ?? state, ssh_key_names: [keyName] },
    ...(instance.hasAddress && ip !== undefined && { ip, private_ip: instance.privateAddress }),
    file_system_names: names.map((one) => one.name),
    ...(fileSystems.length > 0 && { file_system_mounts: fileSystems }),
    ...{ region: regionOf(instance.region), instance_type: type && typeRow(type) },
    ...(hostname !== null && { hostname }),
    ...(isUp(instance) && {
      jupyter_token: token,
      jupyter_url: `https://jupyter-${id}.lambdaspaces.com/?token=${token}`
    }),
    actions: actionsOf(instance),
    ...(tags.length > 0 && { tags }),
    ...(rulesets.length > 0 && { firewall_rulesets: rulesets.map((ruleset) => ({ id: ruleset })) })
  }
}

/** How an instance is logged in to: as `ubuntu`, at port 22, with the one key of its launch. Source: Lambda docs, ssh. */
export const loginOf = (instance: Instance): MachineLogin | undefined => {
  const type = typeOf(instance.type)
  if (!isAlive(instance) || type === undefined) return undefined
  const { id, startedAt, publicKey, hostname } = instance
  const [, memory = "0"] = /\((\d+) GB/.exec(type.gpu) ?? []
  return {
    ...{ id, life: id, start: String(startedAt), user: "ubuntu", hostname: hostname ?? id, keys: [publicKey] },
    ...{ isUp: isUp(instance) && instance.hasAddress, isOnPort22: true },
    hardware: {
      ...{ model: type.gpu.replace(/ \(.*/, ""), gpus: type.gpus, gpuMemoryMiB: Number(memory) * 1024 },
      ...{ cores: type.vcpus, memoryMiB: type.memory * 1024, diskMiB: type.storage * 1024 }
    }
  }
}
