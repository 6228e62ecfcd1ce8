import type { MachineLogin } from "../kit/login.ts"
import { metered } from "../kit/meter.ts"
import { systems, type Type, types } from "./catalogue.ts"
import { isAlive, isUp, type Machine, money, typeOf } from "./machine.ts"
import { shelfOf, type World } from "./world.ts"

const moment = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

const boot = { min_boot_in_sec: 300, max_boot_in_sec: 600 }

const configurationOf = (type: Type | undefined) => ({
  ...{ memory_in_gb: type?.memory, storage_in_gb: type?.disk, vcpus: type?.vcpus, num_gpus: type?.gpus },
  ...{ gpu_type: type?.gpu, interconnect: type?.interconnect, nvlink: false, vram_per_gpu_in_gb: type?.vram },
  gpu_manufacturer: type?.maker
})

const addressOf = (
  machine: Machine,
  world: World
): { readonly ip: string | null; readonly ssh_port: number | null } => {
  const reached = world.reach(machine.id)
  if (!isUp(machine) || reached === null) return { ip: null, ssh_port: null }
  // That no port means 22 is documented.
  return { ip: reached?.host ?? machine.address, ssh_port: reached?.port ?? null }
}

const rentalOf = ({ isSpot, region, ...of }: Machine) => {
  const price = typeOf(of)?.places.find((place) => place.region === region)?.spot
  return isSpot
    ? { rental_type: "spot", hourly_price: price, ending_at: null }
    : { rental_type: "on_demand", ending_at: null }
}

/** A machine as lists show it. Source: Shadeform API reference, Instance. */
export const rowOf = (machine: Machine, world: World) => {
  const type = typeOf(machine)
  return {
    ...{ id: machine.id, cloud: machine.cloud, region: machine.region, shade_instance_type: machine.type },
    ...{ cloud_instance_type: type?.own, shade_cloud: true, name: machine.name },
    cloud_assigned_id: machine.state === "creating" ? null : machine.assigned,
    configuration: { ...configurationOf(type), os: machine.os },
    ...{ ...addressOf(machine, world), ssh_user: "shadeform" },
    ...{ status: machine.shown ?? machine.state, status_details: machine.details },
    cost_estimate: String(Math.round(money.toDollars(metered(machine.meter)) * 1e4) / 1e4),
    ...{ hourly_price: type?.cents, rental_terms: rentalOf(machine), tags: machine.tags, boot_time: boot },
    ...(machine.launch && { launch_configuration: machine.launch }),
    ...{ active_at: moment(machine.activeAt), created_at: moment(machine.createdAt), deleted_at: null }
  }
}

/** A machine by itself. Source: Shadeform API reference, InstanceInfoResponse. */
export const infoOf = (machine: Machine, world: World) => ({
  ...rowOf(machine, world),
  ...{ ssh_key_id: machine.keyId, volume_ids: machine.volumes },
  ...(machine.autoDelete && { auto_delete: machine.autoDelete }),
  ...(machine.alert && { alert: machine.alert }),
  ...(machine.envs && { envs: machine.envs }),
  ...(world.choices.containerStatus && {
    container_status: machine.launch?.type === "docker" && isUp(machine) ? "running" : null
  })
})

/** A type with what is free of it. Source: Shadeform API reference, InstanceType. */
const typeRow = (type: Type, { state, choices }: World) => {
  const { cloud, name, places } = type
  const isFree = (region: string, isSpot: boolean) => (state.free[shelfOf(cloud, name, region, isSpot)] ?? 0) > 0
  const availability = places.flatMap(({ region, name: display_name, spot }) => {
    const at = (isSpot: boolean) => ({ region, available: isFree(region, isSpot), display_name })
    if (!choices.rentalTyped) return [at(false)]
    const onDemand = { ...at(false), rental_type: "on_demand" }
    return spot === null ? [onDemand] : [onDemand, { ...at(true), rental_type: "spot", hourly_price: spot }]
  })
  return {
    ...{ cloud, shade_instance_type: name, cloud_instance_type: type.own, hourly_price: type.cents, availability },
    configuration: { ...configurationOf(type), os_options: systems },
    ...{ boot_time: boot, deployment_type: type.deployment }
  }
}

/** The types that a query asks for. That `available=true` looks at each row of availability is documented. */
export const typeRows = (query: URLSearchParams, world: World) => {
  const fits = (name: string, value: unknown) => query.get(name) === null || query.get(name) === String(value)
  const rows = types
    .filter((type) => fits("cloud", type.cloud) && fits("shade_instance_type", type.name))
    .filter((type) => fits("num_gpus", type.gpus) && fits("gpu_type", type.gpu))
    .map((type) => typeRow(type, world))
    .map((row) => ({
      ...row,
      availability: row.availability
        .filter(({ region }) => fits("region", region))
        .filter(({ available }) => query.get("available") !== "true" || available)
    }))
    .filter(({ availability }) => availability.length > 0)
  return query.get("sort") === "price" ? rows.toSorted((a, b) => a.hourly_price - b.hourly_price) : rows
}

/** How a machine is logged in to: by the one key that it was made with. */
export const loginOf = (machine: Machine, { state }: World): MachineLogin | undefined => {
  const type = typeOf(machine)
  if (!isAlive(machine) || type === undefined) return undefined
  return {
    ...{ id: machine.id, life: machine.id, start: String(machine.restarts), user: "shadeform", hostname: machine.name },
    keys: state.keys.filter(({ id }) => id === machine.keyId).map(({ public_key }) => public_key),
    isUp: isUp(machine),
    hardware: {
      ...{ model: type.gpu, gpus: type.gpus, gpuMemoryMiB: type.vram * 1024, cores: type.vcpus },
      ...{ memoryMiB: type.memory * 1024, diskMiB: type.disk * 1024 }
    }
  }
}
