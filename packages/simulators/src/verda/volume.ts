import { uuidOf } from "../kit/ids.ts"
import { type Meter, newMeter, type Rates } from "../kit/meter.ts"
import { perMillisecond } from "../kit/money.ts"
import { plan } from "../kit/timeline.ts"
import type { DiskTruth } from "../kit/truth.ts"
import { hoursPerMonth, perMonth } from "./catalogue.ts"
import { note } from "./journal.ts"
import type { World } from "./world.ts"

/** What becomes of a volume when spot is taken away. */
export type OnDiscontinue = "keep_detached" | "move_to_trash" | "delete_permanently"

/** A volume; `instance` is the machine that has it. Plain data. */
export interface Volume {
  readonly id: string
  readonly isOs: boolean
  readonly type: string
  readonly place: string
  readonly createdAt: number
  readonly onDiscontinue: OnDiscontinue
  readonly meter: Meter
  name: string
  size: number
  instance: string | null
  /** `trash` costs nothing, and ends after 96 hours. */
  state: "kept" | "trash" | "erased"
  deletedAt: number | null
}

/** USD per hour. */
export const costOf = ({ size }: Pick<Volume, "size">): number => (size * perMonth) / hoursPerMonth

export const isKept = ({ state }: Volume): boolean => state === "kept"

/** What a volume costs while no machine has it; one that is attached is on its machine's meter. */
export const ratesOf = (volume: Volume): Rates => ({
  compute: 0n,
  storage: isKept(volume) && volume.instance === null ? perMillisecond(costOf(volume)) : 0n
})

export const volumesOf = ({ state }: World, instance: string): readonly Volume[] =>
  state.volumes.filter((volume) => isKept(volume) && volume.instance === instance)

/** Makes a volume. */
export const createVolume = (
  { random, state }: World,
  order: Pick<Volume, "name" | "size" | "type" | "place" | "instance"> & Partial<Pick<Volume, "isOs" | "onDiscontinue">>
): Volume => {
  const volume: Volume = {
    ...{ id: uuidOf(random), isOs: false, onDiscontinue: "keep_detached", ...order },
    ...{ createdAt: state.at, meter: newMeter(), state: "kept", deletedAt: null }
  }
  state.volumes.push(volume)
  return volume
}

/** The volumes as they truly are. */
export const disksOf = ({ state }: World): readonly DiskTruth[] =>
  state.volumes.filter(isKept).map((volume) => ({
    ...{ id: volume.id, region: volume.place, perHour: costOf(volume) },
    holders: volume.instance === null ? [] : [volume.instance]
  }))

/** 96 hours. Source: Verda docs, deleting-storage. */
const trashFor = 96 * 3_600_000

/** Ends a volume: for good, or into the trash. */
export const deleteVolume = (world: World, volume: Volume, isPermanent: boolean, by = true): void => {
  Object.assign(volume, { state: isPermanent ? "erased" : "trash", instance: null, deletedAt: world.state.at })
  if (!isPermanent) plan(world, volume.id, trashFor, "purged")
  note(world, { object: volume.id, type: "volume", action: isPermanent ? "delete" : "trash", place: volume.place, by })
}

const iso = (at: number): string => new Date(at).toISOString()

/** A volume as answers show it. Source: Verda API v1, Volume and VolumeInTrash. */
export const volumeRow = (volume: Volume, { state }: World) => {
  const { id, name, size, type, place, isOs, instance, createdAt, deletedAt } = volume
  const holder = state.instances.find((one) => one.id === instance)
  const cost = costOf(volume)
  const shared = {
    ...{ id, instance_id: instance, name, created_at: iso(createdAt), size, is_os_volume: isOs, type, location: place },
    status: deletedAt !== null ? "deleted" : instance === null ? "detached" : "attached",
    instances: holder
      ? [{ id: holder.id, auto_rental_extension: null, hostname: holder.hostname, status: holder.state }]
      : [],
    ...{ target: isOs ? "vda" : "vdb", ssh_key_ids: [], contract: "PAY_AS_YOU_GO", tags: [], long_term: null },
    ...{ base_hourly_cost: cost, monthly_price: size * perMonth, currency: "usd" }
  }
  if (deletedAt !== null) {
    const { long_term: _, ...trashed } = shared
    return { ...trashed, deleted_at: iso(deletedAt), is_permanently_deleted: volume.state === "erased" }
  }
  const path = `volume-${id.slice(0, 8)}`
  const mount = `nfs.${place.toLowerCase()}.datacrunch.io:${path}`
  return {
    ...{ ...shared, pseudo_path: path, create_directory_command: "mkdir -p /mnt/volume" },
    ...{
      mount_command: `mount -t nfs ${mount} /mnt/volume`,
      filesystem_to_fstab_command: `echo '${mount}' >> /etc/fstab`
    }
  }
}
