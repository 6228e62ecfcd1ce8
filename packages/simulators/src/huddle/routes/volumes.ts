import { isSize, textIn, textsIn } from "../../kit/fields.ts"
import type { Reply } from "../../kit/http.ts"
import { lengthened, plan } from "../../kit/timeline.ts"
import { regions, volumeTypes } from "../catalogue.ts"
import { answer, type Call, done, invalid, missing, notFound, page, refusal } from "../http.ts"
import { volumeRow } from "../row.ts"
import { createVolume, deleteVolume } from "../volume.ts"

/** GET /volumes, boot disks too; deleted ones for a while. Source: Huddle01 docs, List volumes. */
export const listVolumes = ({ world, query }: Call): Reply => {
  const status = query.get("status")
  const found = world.state.volumes.filter((volume) => status === null || volume.status === status)
  return page(found.map(volumeRow), { total: found.length })
}

/**
 * POST /volumes. Source: Huddle01 docs, GPU Volumes; official CLI (`instance_id`, `instance_ids`).
 *
 * - An unknown type, location or deployment is a 400: undocumented. `monthly_price` isn't in the documented answer.
 */
export const createVolumeRow = ({ world, body }: Call): Reply => {
  const [name, type, location] = [textIn(body, "name"), textIn(body, "type"), textIn(body, "location")]
  if (name === undefined) return missing("name")
  if (type === undefined) return missing("type")
  if (location === undefined) return missing("location")
  const { size } = body
  if (size === undefined) return missing("size")
  if (!isSize(size)) return invalid("size")
  if (!volumeTypes.includes(type)) return invalid("type")
  if (!regions.some(({ code }) => code === location)) return invalid("location")
  const one = textIn(body, "instance_id")
  const deployments = body.instance_ids === undefined ? (one === undefined ? [] : [one]) : textsIn(body.instance_ids)
  const isThere = (wanted: string) => world.state.deployments.some(({ id, holds }) => id === wanted && holds)
  if (deployments === undefined || !deployments.every(isThere)) return invalid("instance_id")
  const volume = createVolume(world, { name, type, location, size, isOs: false, deployments: [...deployments] })
  plan(world, volume.id, lengthened(world, world.timeline.volume), "volume")
  const { monthly_price: _, ...row } = volumeRow(volume)
  return answer(row)
}

/** DELETE /volumes/{id}. Source: official CLI. One that is attached is a 409: undocumented. */
export const deleteVolumeRow = ({ world, params }: Call): Reply => {
  const volume = world.state.volumes.find(({ id, status }) => id === params.id && status !== "deleted")
  if (volume === undefined) return notFound("Volume")
  if (volume.deployments.length > 0) return refusal(409, "The volume is attached")
  deleteVolume(world, volume)
  return done
}
