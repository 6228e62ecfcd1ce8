import type { MachineLogin, RentedHardware } from "../kit/login.ts"
import { cpuOffers, defaultImages } from "./cpu/offers.ts"
import type { ContainerInstance, CpuMachine, Instance } from "./machine.ts"
import type { World } from "./world.ts"

const hardwareOf = ({ gpu, supply }: Instance): RentedHardware => ({
  model: `${gpu.model} ${gpu.interface}`,
  ...{ gpus: supply.gpus, gpuMemoryMiB: Number.parseInt(gpu.vram, 10) * 1024 },
  ...{ cores: supply.vcpu, memoryMiB: supply.memory * 1024, diskMiB: supply.storage * 1024 }
})

/** A container has ssh where its port 22 is exposed and it has a key. Each start of it is a new pod, with new files. */
const containerLogin = (instance: ContainerInstance): MachineLogin | undefined => {
  const { id, settings, expose, pod, name, status, started } = instance
  const key = settings.environment.find((variable) => variable.name === "SSH_PUBKEY")?.value
  if (key === undefined || !expose.some(({ port, protocol }) => port === "22" && protocol === "tcp")) return undefined
  const common = {
    id,
    life: pod,
    start: pod,
    user: "root",
    hostname: name,
    keys: [key],
    hardware: hardwareOf(instance)
  }
  return { ...common, isUp: status === "ACTIVE" && started }
}

/** An address and no port is what a row of the CPU family has: it is at port 22. Its user is that of its image. */
const cpuLogin = (machine: CpuMachine, { state }: World): MachineLogin => {
  const { id, name, status } = machine
  const offer = cpuOffers.find((one) => one.id === machine.offerId)
  const named = new Map(state.keys.map((key) => [key.name, key.publicKey]))
  return {
    ...{ id, life: id, start: id, hostname: name, isOnPort22: true },
    user: defaultImages.find(({ downloadUrl }) => downloadUrl === machine.osImage)?.username ?? "ubuntu",
    // Raw keys, or names of those of the account: the documents have both.
    keys: (machine.sshKeys ?? []).map((key) => named.get(key) ?? key),
    isUp: status === "Active" || status === "SmallBalance",
    hardware: {
      ...{ model: "", gpus: 0, gpuMemoryMiB: 0, cores: offer?.vcpu ?? 1, memoryMiB: (offer?.memory ?? 1) * 1024 },
      diskMiB: ((offer?.storage ?? 10) + machine.extraStorage) * 1024
    }
  }
}

/** How a machine of either family is logged in to. */
export const loginOf = (machine: Instance | CpuMachine, world: World): MachineLogin | undefined => {
  if (machine.over) return undefined
  if (!("kind" in machine)) return cpuLogin(machine, world)
  if (machine.kind === "container") return containerLogin(machine)
  const { id, name, sshKey, status, connected } = machine
  const common = { id, life: id, start: id, user: "ubuntu", hostname: name, hardware: hardwareOf(machine) }
  return { ...common, keys: [sshKey], isUp: status === "ACTIVE" && connected }
}
