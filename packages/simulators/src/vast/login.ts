import type { MachineLogin } from "../kit/login.ts"
import type { Machine } from "./machine.ts"
import type { World } from "./world.ts"

const mibOfGB = (gb: number): number => Math.floor((gb * 1_000_000_000) / 1_048_576)

/**
 * How an instance is logged in to: as root, unless it runs its image's own command.
 *
 * - One address stands for the direct port and for the proxy.
 */
export const loginOf = (machine: Machine, world: World): MachineLogin | undefined => {
  const { id, workload, status, destroyedAt, offlineSince, runningSince } = machine
  if (destroyedAt !== null || !/ssh|jupyter/.test(workload.runtype)) return undefined
  const fixed: Readonly<Record<string, unknown>> = world.offers.get(machine.offerId)?.fixed ?? {}
  return {
    ...{ id: String(id), life: `${id}-${machine.recycled ?? 0}`, start: String(runningSince) },
    ...{ user: "root", hostname: `C.${id}`, keys: machine.keys.map(({ publicKey }) => publicKey) },
    isUp: status.actual === "running",
    isCutOff: offlineSince !== null,
    hardware: {
      ...{
        model: String(fixed.gpu_name ?? ""),
        gpus: Number(fixed.num_gpus ?? 0),
        gpuMemoryMiB: Number(fixed.gpu_ram ?? 0)
      },
      ...{ cores: Number(fixed.cpu_cores_effective ?? 1), memoryMiB: Number(fixed.cpu_ram ?? 1024) },
      ...{ diskMiB: mibOfGB(machine.disk), cpu: String(fixed.cpu_name), driver: String(fixed.driver_version) }
    }
  }
}
