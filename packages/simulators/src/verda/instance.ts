import { addressOf, uuidOf } from "../kit/ids.ts"
import type { MachineLogin } from "../kit/login.ts"
import { type Meter, newMeter, type Rates } from "../kit/meter.ts"
import { hourlyMoney, perMillisecond } from "../kit/money.ts"
import { giveBack, takeOne } from "../kit/stock.ts"
import { cancelPlan, hasPlan, type Life, planPhase } from "../kit/timeline.ts"
import { typeOf } from "./catalogue.ts"
import { note } from "./journal.ts"
import { costOf as costOfVolume, createVolume, deleteVolume, isKept, type OnDiscontinue, volumesOf } from "./volume.ts"
import { type Step, shelfOf, type World } from "./world.ts"

/** The documented words that occur here. Source: Verda API v1, Instance. */
export type State = "ordered" | "provisioning" | "running" | "offline" | "deleting" | "discontinued" | "error"

/** A disk that is asked for with a machine. */
export interface DiskOrder {
  readonly name: string
  readonly size: number
  readonly onDiscontinue: OnDiscontinue
}

/** What of a machine was asked for. */
export interface Order {
  readonly type: string
  readonly place: string
  readonly isSpot: boolean
  readonly hostname: string
  readonly description: string
  readonly image: string
  readonly keyIds: readonly string[]
  readonly publicKeys: readonly string[]
  readonly script: string | null
  readonly osVolume: DiskOrder
  readonly volumes: readonly DiskOrder[]
  readonly existing: readonly string[]
  tags: { readonly id: string; readonly key: string; readonly value: string }[]
}

/** One machine. Plain data. `shown` is a word that hides the true `state`; `holds`: it has its hardware. */
export interface Instance extends Order {
  readonly id: string
  readonly serial: number
  readonly address: string
  readonly createdAt: number
  readonly meter: Meter
  state: State
  shown: string | null
  holds: boolean
  startedAt: number | null
  osVolumeId: string | null
  /** Which of its disks end with it, once its end was accepted. */
  doomed: Doomed
}

/** Disks that end with a machine: those that are named, or its OS volume into the trash where none was. */
export interface Doomed {
  readonly ids: "os to the trash" | readonly string[]
  readonly isPermanent: boolean
}

const nothing: Doomed = { ids: [], isPermanent: true }

export const isAlive = ({ state }: Instance): boolean => state !== "discontinued"
export const isUp = ({ state }: Instance): boolean => state === "running"

/** Money of this cloud. */
export const money = hourlyMoney

/** USD per hour, without disks. */
export const costOf = ({ type, isSpot }: Pick<Order, "type" | "isSpot">): number => {
  const { price = 0, spot = 0 } = typeOf(type) ?? {}
  return isSpot ? spot : price
}

/**
 * What a machine costs by its state now, its disks with it: shut down as much as running.
 *
 * - That it is charged from the order on and until it is gone, and not where it broke, is chosen here; so is the millisecond:
 *   the ten minutes that are deducted ahead come back as far as they were not used.
 *
 * Source: Verda docs, shutdown-hibernate-and-delete, pricing-and-billing.
 */
export const ratesOf = (world: World, machine: Instance): Rates => {
  if (!isAlive(machine)) return { compute: 0n, storage: 0n }
  const disks = volumesOf(world, machine.id).reduce((sum, volume) => sum + perMillisecond(costOfVolume(volume)), 0n)
  const isFree = machine.state === "error" || machine.state === "deleting"
  return { compute: isFree ? 0n : perMillisecond(costOf(machine)), storage: disks }
}

/** Makes a machine on hardware that is free; undefined where none is. */
export const create = (world: World, order: Order): Instance | undefined => {
  const { random, state, timeline } = world
  if (!takeOne(state.free, shelfOf(order.type, order.place, order.isSpot))) return undefined
  const machine: Instance = {
    ...{ ...order, id: uuidOf(random), serial: state.nextSerial++, address: addressOf(random, "65.108") },
    ...{ createdAt: state.at, meter: newMeter(), state: "ordered", shown: null, holds: true, startedAt: null },
    ...{ osVolumeId: null, doomed: nothing }
  }
  state.instances.push(machine)
  const { place } = order
  const disk = ({ name, size, onDiscontinue }: DiskOrder, isOs: boolean) =>
    createVolume(world, { name, size, onDiscontinue, isOs, type: "NVMe", place, instance: machine.id })
  disk(order.osVolume, true)
  for (const volume of order.volumes) disk(volume, false)
  for (const volume of state.volumes) if (order.existing.includes(volume.id)) volume.instance = machine.id
  note(world, { object: machine.id, type: "compute", action: "create", place })
  planPhase(world, machine.id, timeline.placing, "provisioning")
  return machine
}

/** Gone: its disks become detached, those that are doomed apart. */
export const end = (
  world: World,
  machine: Instance,
  { ids, isPermanent }: Doomed = machine.doomed,
  by = true
): void => {
  cancelPlan(world, machine.id)
  if (machine.holds) giveBack(world.state.free, shelfOf(machine.type, machine.place, machine.isSpot))
  Object.assign(machine, { state: "discontinued", shown: null, holds: false })
  for (const volume of volumesOf(world, machine.id)) {
    volume.instance = null
    if (ids === "os to the trash" ? volume.isOs : ids.includes(volume.id)) {
      deleteVolume(world, volume, ids !== "os to the trash" && isPermanent, by)
    }
  }
}

/** Accepts the end of a machine: the word of it shows for a while, and what it costs until then is chosen here, nothing. */
export const endSoon = (world: World, machine: Instance, doomed: Doomed): void => {
  cancelPlan(world, machine.id)
  Object.assign(machine, { state: "deleting", shown: null, doomed })
  planPhase(world, machine.id, world.timeline.deleting, "gone")
}

/** Taken away for a machine on demand: at once, without a word but that in the journal. */
export const evict = (world: World, machine: Instance): void => {
  const disks = volumesOf(world, machine.id)
  end(world, machine, nothing, false)
  for (const volume of disks) {
    if (volume.onDiscontinue !== "keep_detached")
      deleteVolume(world, volume, volume.onDiscontinue === "delete_permanently", false)
  }
  const { id: object, place } = machine
  note(world, { object, type: "compute", action: "delete", place, by: false, reason: "evicted_by_on_demand" })
}

/** Broken. */
export const fail = (world: World, machine: Instance): void => {
  cancelPlan(world, machine.id)
  machine.state = "error"
}

const become = (state: State, action: string) => (world: World, machine: Instance) => {
  machine.state = state
  if (state === "running") machine.startedAt = world.state.at
  note(world, { object: machine.id, type: "compute", action, place: machine.place, by: false })
}

const steps: Readonly<Record<Exclude<Step, "purged">, (world: World, machine: Instance) => void>> = {
  provisioning: (world, machine) => {
    become("provisioning", "provisioning")(world, machine)
    planPhase(world, machine.id, world.timeline.provisioning, "running")
  },
  running: (world, machine) => {
    machine.osVolumeId = volumesOf(world, machine.id).find(({ isOs }) => isOs)?.id ?? null
    become("running", "running")(world, machine)
  },
  offline: become("offline", "shutdown:complete"),
  gone: (world, machine) => end(world, machine),
  failed: fail
}

/** Lets a step happen to what is there. */
export const take: Life<World>["take"] = (world, { id, step }) => {
  if (step === "purged") {
    for (const volume of world.state.volumes) if (volume.id === id && volume.state === "trash") volume.state = "erased"
    return
  }
  const machine = world.state.instances.find((one) => one.id === id)
  if (machine !== undefined && isAlive(machine)) steps[step](world, machine)
}

/** Without credit machines end, and volumes go to the trash. Source: Verda docs, pricing-and-billing. */
export const broke = (world: World): void => {
  for (const machine of world.state.instances)
    if (isAlive(machine)) end(world, machine, { ids: "os to the trash", isPermanent: false }, false)
  for (const volume of world.state.volumes) if (isKept(volume)) deleteVolume(world, volume, false, false)
}

/** Whether a shutdown or a start is under way, which no status says. */
export const isBusy = (world: World, { id }: Instance): boolean => hasPlan(world, id, "offline", "running")

/** How a machine is logged in to: as root at port 22 of its address. Source: Verda docs, connecting. */
export const loginOf = (machine: Instance): MachineLogin | undefined => {
  if (!isAlive(machine)) return undefined
  const type = typeOf(machine.type)
  return {
    ...{ id: machine.id, life: machine.id, start: String(machine.startedAt), user: "root", hostname: machine.hostname },
    ...{ keys: machine.publicKeys, isUp: isUp(machine), isOnPort22: true },
    hardware: {
      ...{ model: type?.name ?? "", gpus: type?.gpus ?? 0, gpuMemoryMiB: (type?.vram ?? 0) * 1024 },
      ...{ cores: type?.cores ?? 1, memoryMiB: (type?.memory ?? 1) * 1024, diskMiB: machine.osVolume.size * 1024 }
    }
  }
}

/** A machine as answers show it. Its address and its OS volume show once it is up. Source: Verda API v1, Instance. */
export const instanceRow = (machine: Instance, world: World) => {
  const { id, state, shown, type: instance_type, isSpot, hostname, description, image, keyIds, startedAt } = machine
  const type = typeOf(instance_type)
  const reached = world.reach(id)
  const isThere = startedAt !== null && isAlive(machine) && reached !== null
  return {
    ...{ id, ip: isThere ? (reached?.host ?? machine.address) : null, status: shown ?? state },
    created_at: new Date(machine.createdAt).toISOString(),
    cpu: { description: `${type?.cores} CPU`, number_of_cores: type?.cores },
    gpu: { description: type?.gpus ? `${type.gpus}x ${type.name}` : "", number_of_gpus: type?.gpus },
    gpu_memory: { description: `${type?.vram}GB GPU RAM`, size_in_gigabytes: type?.vram },
    memory: { description: `${type?.memory}GB RAM`, size_in_gigabytes: type?.memory },
    ...{ storage: { description: "dynamic" }, hostname, description, tags: machine.tags, location: machine.place },
    ...{ price_per_hour: costOf(machine), is_spot: isSpot, instance_type, image, os_name: image },
    ...{
      startup_script_id: machine.script,
      ssh_key_ids: keyIds,
      os_volume_id: machine.osVolumeId,
      jupyter_token: null
    },
    ...{ contract: isSpot ? "SPOT" : "PAY_AS_YOU_GO", pricing: "FIXED_PRICE" },
    volume_ids: volumesOf(world, id).map((volume) => volume.id)
  }
}
