import { type Json, objectsIn, textIn, textsIn } from "../kit/fields.ts"
import { isObject, isReply, type Reply } from "../kit/http.ts"
import { data, invalid, noCapacity, noObject, quotaExceeded, refusal } from "./answers.ts"
import { images, regionOf, typeOf } from "./catalogue.ts"
import { create, isAlive, type Order } from "./instance.ts"
import type { Call } from "./routes.ts"
import type { World } from "./world.ts"

const tagKey = /^[a-z][a-z0-9-:]+$/

const tagsIn = (value: unknown): Order["tags"] | undefined => {
  const rows = objectsIn(value ?? [])
  const tags = rows?.map((row) => ({ key: String(row.key), value: String(row.value) }))
  const isRight = tags?.every(({ key, value: text }) => key.length <= 55 && tagKey.test(key) && text.length <= 128)
  return isRight ? tags : undefined
}

/** The default is `/lambda/nfs/<name>`. Source: Lambda Cloud API 1.10.0, Filesystem. */
const mountsIn = ({ state }: World, body: Json, region: string): Order["fileSystems"] | Reply => {
  const named = (textsIn(body.file_system_names ?? []) ?? []).map((name) => ({
    of: state.fileSystems.find((one) => one.name === name),
    mount_point: `/lambda/nfs/${name}`
  }))
  const mounted = (objectsIn(body.file_system_mounts ?? []) ?? []).map((row) => ({
    of: state.fileSystems.find(({ id }) => id === row.file_system_id),
    mount_point: String(row.mount_point)
  }))
  const wanted = body.file_system_mounts === undefined ? named : mounted
  const found = wanted.flatMap(({ of, mount_point }) => (of ? [{ of, mount_point }] : []))
  if (found.length < wanted.length) return noObject("A file system")
  if (found.some(({ of }) => of.region !== region)) {
    const code = "instance-operations/launch/file-system-in-wrong-region"
    return refusal(400, code, "The file system is in another region than the instance.")
  }
  return found.map(({ of, mount_point }) => ({ mount_point, file_system_id: of.id }))
}

const rulesetsIn = ({ state }: World, body: Json, region: string): readonly string[] | Reply => {
  const ids = (objectsIn(body.firewall_rulesets ?? []) ?? []).map(({ id }) => String(id))
  const found = state.rulesets.filter(({ id }) => ids.includes(id))
  if (found.length < ids.length) return noObject("A firewall ruleset")
  return found.every((one) => one.region === region) ? ids : invalid("The firewall ruleset is in another region.")
}

const imageFits = (image: unknown, region: string): boolean => {
  if (image === undefined) return true
  if (!isObject(image)) return false
  return images.some(
    (one) => one.region.name === region && (image.id === undefined ? one.family === image.family : one.id === image.id)
  )
}

const hostnameForm = /^[a-z0-9][0-9a-z-]{0,62}$/

const nameIn = (body: Json): { readonly name: string | null; readonly hostname: string | null } | Reply => {
  const { name = null, hostname = null } = body
  if (name !== null && (typeof name !== "string" || name.length > 64)) return invalid("name: at most 64 characters")
  if (hostname !== null && (typeof hostname !== "string" || !hostnameForm.test(hostname))) return invalid("hostname")
  return { name, hostname }
}

const orderIn = (world: World, body: Json): Order | Reply => {
  const names = nameIn(body)
  if (isReply(names)) return names
  const region = textIn(body, "region_name")
  if (regionOf(region) === undefined || region === undefined) return invalid(`Region ${region} does not exist`)
  const type = textIn(body, "instance_type_name")
  if (typeOf(type) === undefined || type === undefined) return noObject(`Instance type ${type}`)
  const keys = textsIn(body.ssh_key_names)
  const [keyName] = keys ?? []
  if (keyName === undefined || keys?.length !== 1) return invalid("exactly one SSH key must be specified")
  if (!world.state.keys.some(({ name }) => name === keyName)) return noObject(`SSH key ${keyName}`)
  if (Number(body.quantity ?? 1) !== 1) return invalid("Requested too many instances.")
  const tags = tagsIn(body.tags)
  if (tags === undefined) return invalid("tags")
  if (!imageFits(body.image, region)) return noObject("The image")
  const fileSystems = mountsIn(world, body, region)
  if (isReply(fileSystems)) return fileSystems
  const rulesets = rulesetsIn(world, body, region)
  if (isReply(rulesets)) return rulesets
  return { ...names, type, region, keyName, fileSystems, tags, rulesets }
}

/**
 * POST /instance-operations/launch. Source: Lambda Cloud API 1.10.0, InstanceLaunchRequest.
 *
 * - What is refused first is not documented: the form, what is named, the quota, then the capacity.
 */
export const launch = ({ world, body, bodyIsJson }: Call): Reply => {
  const order = bodyIsJson ? orderIn(world, body) : invalid("Invalid request data.")
  if (isReply(order)) return order
  if (world.state.instances.filter(isAlive).length >= world.quota) return quotaExceeded
  const instance = create(world, order)
  return instance === undefined ? noCapacity : data({ instance_ids: [instance.id] })
}
