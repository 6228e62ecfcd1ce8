import { inSeconds } from "../kit/fields.ts"
import { freeOf, placeOf } from "../kit/stock.ts"
import { type InstanceType, regions } from "./catalogue.ts"
import { type Deployment, statusOf } from "./deployment.ts"
import { userOf } from "./login.ts"
import { hourlyCost, type Volume } from "./volume.ts"
import type { World } from "./world.ts"

/** A wire row. */
export type Row = Readonly<Record<string, unknown>>

const dollars = (micros: number) => micros / 1_000_000

/** Per second to three digits, as in the samples (1.71 -> 0.000475, 32 -> 0.00889). */
const perSecond = (micros: number) => Number((dollars(micros) / 3600).toPrecision(3))

/** The regions in which a type can be had now; all of them when it's sold out: which are shown is undocumented. */
const regionsOf = (world: World, type: InstanceType) => {
  const free = type.regions.filter((code) => freeOf(world.state.free, placeOf(type.name, code)) > 0)
  return { isAvailable: free.length > 0, codes: free.length > 0 ? free : type.regions }
}

/** Whether a type can be had anywhere. */
export const isAvailable = (world: World, type: InstanceType): boolean => regionsOf(world, type).isAvailable

/**
 * An offer.
 *
 * - Source: Huddle01 docs, List available GPUs (ids, spot prices, regions as objects), or GPU Offers (none of these, and
 *   regions as codes).
 */
export const offerRow = (world: World, type: InstanceType): Row => {
  const { isAvailable, codes } = regionsOf(world, type)
  const common = {
    ...{
      gpu_model: type.model,
      gpu_count: type.gpus,
      gpu_vram_gb: type.vramGb,
      total_vram_gb: type.vramGb * type.gpus
    },
    ...{ vcpu_count: type.vcpus, ram_gb: type.ramGb, storage_gb: type.storageGb },
    ...{ price_per_hr: dollars(type.price), price_per_sec: perSecond(type.price) },
    ...{ currency: "USD", is_available: isAvailable, instance_type: type.name }
  }
  if (world.choices.offersAs === "guide") return { ...common, regions: codes }
  return {
    ...common,
    id: type.offerId,
    spot_price_per_hr: dollars(type.spotPrice),
    spot_price_per_sec: perSecond(type.spotPrice),
    regions: regions.filter(({ code }) => codes.includes(code))
  }
}

const specsOf = (type: InstanceType | undefined, price: number) => ({
  ...{ gpu_model: type?.model, gpu_count: type?.gpus, gpu_vram_gb: type?.vramGb },
  ...{ total_vram_gb: type && type.vramGb * type.gpus, vcpu_count: type?.vcpus, ram_gb: type?.ramGb },
  price_per_hr: dollars(price)
})

/** Statuses in which an address was given. Before, the field isn't there; on one that stopped it stays: undocumented. */
const withAddress: ReadonlySet<string> = new Set(["running", "offline"])

/** The address of a deployment: where it truly answers, if anything does. */
const addressOf = (world: World, { id, address }: Deployment) => {
  const reach = world.reach(id)
  return reach === null ? {} : { ip: reach?.host ?? address }
}

/**
 * A deployment.
 *
 * - Source: Huddle01 docs, Deployments, Deploy Response; or Deploy cluster and Deployment action (reference).
 * - `ip` is named in the reference only. The items of `volumes` are undocumented: those of the request.
 */
export const deploymentRow = (world: World, deployment: Deployment): Row => {
  const reference = world.choices.deploymentsAs === "reference"
  const specs = specsOf(world.types.get(deployment.type), deployment.price)
  return {
    id: deployment.id,
    provider_id: deployment.providerId,
    ...(reference && { resource_type: "cluster" }),
    hostname: deployment.hostname,
    cluster_type: deployment.type,
    image: deployment.image,
    os_name: deployment.osName,
    location: deployment.location,
    status: statusOf(deployment),
    ...(withAddress.has(deployment.state) && !deployment.ipHeld && addressOf(world, deployment)),
    ssh_user: userOf(world),
    ssh_key_ids: deployment.sshKeyIds,
    specs: reference ? { ...specs, storage_gb: 0, currency: "USD" } : specs,
    ...(!reference && { volumes: deployment.volumes }),
    created_at: inSeconds(deployment.createdAt),
    updated_at: inSeconds(deployment.updatedAt)
  }
}

/** Hours a month is charged for: how the documented `monthly_price` comes about isn't said. */
const hoursPerMonth = 730

/**
 * A volume. Source: Huddle01 docs, List volumes.
 *
 * - `instance_id` is the deployment's id: which id it is isn't documented. A volume without a deployment has none.
 */
export const volumeRow = (volume: Volume): Row => ({
  id: volume.id,
  ...(volume.deployments[0] !== undefined && { instance_id: volume.deployments[0] }),
  ...{ name: volume.name, type: volume.type, location: volume.location, size: volume.size, status: volume.status },
  ...{ is_os_volume: volume.isOs, contract: "hourly", base_hourly_cost: hourlyCost(volume) },
  monthly_price: Number((hourlyCost(volume) * hoursPerMonth).toFixed(2)),
  ...{ currency: "USD", created_at: inSeconds(volume.createdAt) }
})
