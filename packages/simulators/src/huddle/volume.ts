import { cancelPlan, plan } from "../kit/timeline.ts"
import type { Deployment } from "./deployment.ts"
import type { World } from "./world.ts"

/** Source: Huddle01 docs, List volumes. */
export type VolumeStatus = "ordered" | "attaching" | "attached" | "detached" | "deleted"

/** One volume, of a deployment or on its own. `deployments` are those it belongs to. */
export interface Volume {
  readonly id: string
  readonly name: string
  readonly type: string
  readonly location: string
  readonly size: number
  readonly isOs: boolean
  readonly createdAt: number
  status: VolumeStatus
  deployments: string[]
}

/** What a volume starts from. */
export type NewVolume = Pick<Volume, "name" | "type" | "location" | "size" | "isOs" | "deployments">

/** Makes a volume, `ordered`. */
export const createVolume = (world: World, wanted: NewVolume): Volume => {
  const volume: Volume = {
    ...wanted,
    id: `vol_${world.random.hex(12)}`,
    createdAt: world.state.at,
    status: "ordered"
  }
  world.state.volumes.push(volume)
  return volume
}

/** A volume of its own has been made: it is where it belongs. */
export const placeVolume = (volume: Volume): void => {
  volume.status = volume.deployments.length > 0 ? "attached" : "detached"
}

/** Volumes that belong to a deployment. */
export const volumesOf = (world: World, { id }: Deployment): Volume[] =>
  world.state.volumes.filter(({ deployments, status }) => deployments.includes(id) && status !== "deleted")

/** Ends a volume; its row reads `deleted` for a while. */
export const deleteVolume = (world: World, volume: Volume): void => {
  volume.status = "deleted"
  volume.deployments = []
  cancelPlan(world, volume.id)
  plan(world, volume.id, world.timeline.listing, "gone")
}

/**
 * Lets go of a deployment's volumes: data volumes survive, detached. Source: Huddle01 docs, GPU Volumes.
 *
 * - What becomes of the boot disk is undocumented; it's deleted, as the API that Huddle01 appears to resell does.
 * - When nothing was allocated, no volume was made either.
 */
export const releaseVolumes = (world: World, deployment: Deployment): void => {
  for (const volume of volumesOf(world, deployment)) {
    volume.deployments = volume.deployments.filter((id) => id !== deployment.id)
    if (volume.isOs || !deployment.allocated) deleteVolume(world, volume)
    else if (volume.deployments.length === 0) volume.status = "detached"
  }
}

/** USD per GB and hour, of the documented sample (500 GB at 0.05). Other types' prices aren't documented. */
const perGbHour = 0.0001

/** Source: Huddle01 docs, List volumes. Volumes aren't charged to the credit here: whether they are is undocumented. */
export const hourlyCost = ({ size }: Pick<Volume, "size">): number => Number((size * perGbHour).toFixed(6))
