import { isSize, type Json, textIn, textsIn } from "../kit/fields.ts"
import { ok, type Reply } from "../kit/http.ts"
import { uuidOf } from "../kit/ids.ts"
import { type Meter, metered, newMeter, type Rates } from "../kit/meter.ts"
import { hourlyMoney, perMillisecond } from "../kit/money.ts"
import type { DiskTruth } from "../kit/truth.ts"
import { done, missingAs, refusal } from "./answers.ts"
import { volumeTypes } from "./catalogue.ts"
import type { Call } from "./routes.ts"
import type { World } from "./world.ts"

/** A volume of one of the clouds behind; `size` is in GB. Plain data. */
export interface Volume {
  readonly id: string
  readonly assigned: string
  readonly cloud: string
  readonly region: string
  readonly name: string
  readonly size: number
  readonly meter: Meter
}

const typeOf = ({ cloud, region }: Pick<Volume, "cloud" | "region">) =>
  volumeTypes.find((type) => type.cloud === cloud && type.region === region)

/** USD per hour, while it exists, attached or not. Source: Shadeform docs, guides/attachvolume. */
const costOf = (volume: Volume): number => Number(typeOf(volume)?.price_per_gb_per_hour) * volume.size

export const volumeRates = (volume: Volume): Rates => ({ compute: 0n, storage: perMillisecond(costOf(volume)) })

/** The machine that has a volume: until it is gone, as the machine must be deleted before its volume. */
const holderOf = ({ state }: World, { id }: Volume): string | null =>
  state.machines.find((machine) => machine.state !== "deleted" && machine.volumes.includes(id))?.id ?? null

const rowOf = (volume: Volume, world: World) => ({
  ...{ id: volume.id, cloud: volume.cloud, cloud_assigned_id: volume.assigned, region: volume.region },
  ...{ name: volume.name, fixed_size: true, size_in_gb: volume.size, supports_multi_mount: false },
  cost_estimate: String(Math.round(hourlyMoney.toDollars(metered(volume.meter)) * 100) / 100),
  mounted_by: holderOf(world, volume)
})

/** How wrong input is refused is not documented. */
const invalid = (field: string): Reply => refusal(400, `${field} is invalid`)

/**
 * The volumes that a create names, or how it is refused: one at most, free, of its cloud and in its region.
 *
 * Source: Shadeform docs, guides/attachvolume. How each is refused is chosen here.
 */
export const volumesIn = (
  world: World,
  body: Json,
  { cloud, region }: Pick<Volume, "cloud" | "region">
): readonly string[] | Reply => {
  const ids = textsIn(body.volume_ids ?? [])
  if (ids === undefined || ids.length > 1) return invalid("volume_ids")
  const fits = (id: string) =>
    world.state.volumes.some(
      (one) => one.id === id && one.cloud === cloud && one.region === region && holderOf(world, one) === null
    )
  return ids.every(fits) ? ids : invalid("volume_ids")
}

/** The volumes as they truly are. */
export const disksOf = (world: World): readonly DiskTruth[] =>
  world.state.volumes.map((volume) => {
    const holder = holderOf(world, volume)
    return {
      ...{ id: volume.id, region: volume.region, perHour: costOf(volume) },
      holders: holder === null ? [] : [holder]
    }
  })

/** Makes a volume. */
export const addVolume = (
  { random, state }: World,
  order: Pick<Volume, "cloud" | "region" | "name" | "size">
): string => {
  const volume = { id: uuidOf(random), assigned: uuidOf(random), ...order, meter: newMeter() }
  state.volumes.push(volume)
  return volume.id
}

const create = ({ world, body }: Call): Reply => {
  const [cloud, region, name] = ["cloud", "region", "name"].map((field) => textIn(body, field))
  const { size_in_gb: size } = body
  if (cloud === undefined || region === undefined || typeOf({ cloud, region }) === undefined) return invalid("region")
  if (name === undefined || !isSize(size)) return invalid("size_in_gb")
  return ok({ id: addVolume(world, { cloud, region, name, size }) })
}

const withVolume = (handle: (volume: Volume, call: Call) => Reply) => (call: Call) => {
  const { state, choices } = call.world
  const volume = state.volumes.find(({ id }) => id === call.params.id)
  return volume === undefined ? missingAs[choices.missing] : handle(volume, call)
}

/** Refused while a machine has it. Source: Shadeform docs, guides/attachvolume. */
const remove = (volume: Volume, { world }: Call): Reply => {
  if (holderOf(world, volume) !== null) return refusal(409, "the volume is mounted")
  world.state.volumes = world.state.volumes.filter((other) => other !== volume)
  return done
}

/** The routes of volumes. */
export const volumeRoutes = [
  ["GET /v1/volumes", ({ world }: Call) => ok({ volumes: world.state.volumes.map((one) => rowOf(one, world)) })],
  ["GET /v1/volumes/types", () => ok({ volume_types: volumeTypes })],
  ["POST /v1/volumes/create", create],
  ["GET /v1/volumes/{id}/info", withVolume((volume, { world }) => ok(rowOf(volume, world)))],
  ["POST /v1/volumes/{id}/delete", withVolume(remove)]
] as const
