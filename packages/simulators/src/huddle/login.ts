import type { MachineLogin } from "../kit/login.ts"
import { type Deployment, isAlive } from "./deployment.ts"
import { volumesOf } from "./volume.ts"
import type { World } from "./world.ts"

/** Who logs in to a deployment. Source: Huddle01 docs, Deployments, Deploy Response; Deploy cluster (reference). */
export const userOf = ({ choices }: World): string => (choices.deploymentsAs === "reference" ? "root" : "ubuntu")

/**
 * How a deployment is logged in to: its row has an address and no port, so it is at port 22.
 *
 * - The sizes of memory and disk are in GB: 1024 MiB each, as most of its documents count.
 */
export const loginOf = (deployment: Deployment, world: World): MachineLogin | undefined => {
  if (!isAlive(deployment)) return undefined
  const type = world.types.get(deployment.type)
  const disk = volumesOf(world, deployment).find(({ isOs }) => isOs)?.size ?? 50
  return {
    ...{ id: deployment.id, life: deployment.id, start: String(deployment.updatedAt) },
    ...{ user: userOf(world), hostname: deployment.hostname, keys: deployment.publicKeys ?? [] },
    isUp: deployment.state === "running",
    isOnPort22: true,
    hardware: {
      ...{ model: type?.model ?? "", gpus: type?.gpus ?? 0, gpuMemoryMiB: (type?.vramGb ?? 0) * 1024 },
      ...{ cores: type?.vcpus ?? 1, memoryMiB: (type?.ramGb ?? 1) * 1024, diskMiB: disk * 1024 }
    }
  }
}
