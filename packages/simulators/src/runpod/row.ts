import { inSeconds } from "../kit/fields.ts"
import type { MachineLogin } from "../kit/login.ts"
import { cpuOf, gpuOf } from "./catalogue.ts"
import { actionsOf, costOf, isAlive, isUp, type Pod } from "./pod.ts"
import type { World } from "./world.ts"

const hasSsh = ({ ports }: Pod): boolean => ports.includes("22/tcp")

const directOf = (pod: Pod, world: World) => {
  const reached = world.reach(pod.id)
  if (!isUp(pod) || !pod.hasPorts || !hasSsh(pod) || reached === null) return null
  const { host, port } = reached ?? { host: pod.address, port: pod.publicPort }
  return { host, port, username: "root", command: `ssh root@${host} -p ${port}` }
}

const portsOf = (pod: Pod, world: World) =>
  pod.ports.map((text, index) => {
    const [port = "", type = "tcp"] = text.split("/")
    const direct = port === "22" ? directOf(pod, world) : null
    if (type === "http") return { private: Number(port), public: 60_000 + index, type, ip: "100.65.0.7" }
    const at = { public: direct?.port ?? pod.publicPort + index, ip: direct?.host ?? pod.address }
    return { private: Number(port), type, ...at }
  })

/** A pod as answers show it. Source: Runpod API v2, Pod. */
export const rowOf = (pod: Pod, world: World) => {
  const { id, state, shown, gpu, cpu, startedAt } = pod
  const username = `${id}-${pod.token}`
  const proxy = { host: "ssh.runpod.io", port: 22, username, command: `ssh ${username}@ssh.runpod.io` }
  return {
    ...{ id, name: pod.name, status: shown ?? state, actions: actionsOf(pod), image: pod.image, args: "" },
    ...{ disk: pod.disk, mounts: pod.mounts, ports: pod.ports, env: pod.env, registry: pod.registry },
    ...(pod.cmd && { cmd: pod.cmd }),
    ...(pod.entrypoint && { entrypoint: pod.entrypoint }),
    ...(gpu && { gpu: { ...gpu, vcpuCount: 16 * gpu.count, memory: 64 * gpu.count } }),
    ...(cpu && { cpu: { ...cpu, memory: cpu.vcpuCount * (cpuOf(cpu.id)?.ramGbPerVcpu ?? 2) } }),
    ...{ cloud: pod.cloud, dataCenterId: pod.place, cudaVersion: gpu === null ? null : "12.8" },
    ssh: { proxy: state === "PROVISIONING" ? null : proxy, direct: directOf(pod, world) },
    ...{ template: null, cost: pod.holds ? costOf(pod) : 0, locked: pod.locked, globalNetworking: { enabled: false } },
    runtime: isUp(pod) ? { uptime: 1, ...(pod.hasPorts && { ports: portsOf(pod, world) }) } : null,
    createdAt: inSeconds(pod.createdAt),
    startedAt: startedAt === null ? null : inSeconds(startedAt)
  }
}

/** How a pod is logged in to: as root, with the keys in its variable `PUBLIC_KEY`, where it exposes port 22. */
export const loginOf = (pod: Pod): MachineLogin | undefined => {
  if (!isAlive(pod) || !hasSsh(pod)) return undefined
  const { gpu, cpu } = pod
  return {
    ...{ id: pod.id, life: `${pod.id}-${pod.startedAt}`, start: String(pod.startedAt), user: "root" },
    ...{ hostname: pod.id, keys: (pod.env.PUBLIC_KEY ?? "").split("\n").filter((line) => line !== "") },
    isUp: isUp(pod) && pod.hasPorts,
    hardware: {
      ...{ model: gpuOf(gpu?.id)?.id ?? "", gpus: gpu?.count ?? 0 },
      gpuMemoryMiB: (gpuOf(gpu?.id)?.memory ?? 0) * 1024,
      ...{ cores: cpu?.vcpuCount ?? 16 * (gpu?.count ?? 1), memoryMiB: 64 * 1024 * (gpu?.count ?? 1) },
      diskMiB: pod.disk * 1024
    }
  }
}
