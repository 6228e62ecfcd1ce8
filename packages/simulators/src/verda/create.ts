import { isSize, type Json, objectsIn, textIn, textsIn } from "../kit/fields.ts"
import { isObject, isReply, type Reply } from "../kit/http.ts"
import { freeOf } from "../kit/stock.ts"
import { invalid, made, noCapacity, tooPoor } from "./answers.ts"
import { images, locations, typeOf } from "./catalogue.ts"
import { costOf, create, type DiskOrder, money, type Order } from "./instance.ts"
import type { Call } from "./routes.ts"
import { isKept, type OnDiscontinue } from "./volume.ts"
import { shelfOf, type World } from "./world.ts"

const wishes: readonly unknown[] = ["keep_detached", "move_to_trash", "delete_permanently"]

const diskIn = (disk: unknown, isSpot: boolean): DiskOrder | Reply => {
  if (!isObject(disk)) return invalid("os_volume must be an object")
  const { size, type = "NVMe", on_spot_discontinue: wish } = disk
  const name = textIn(disk, "name")
  if (name === undefined || !isSize(size)) return invalid("a volume needs a name and a size")
  if (type === "HDD" || type === "HDD_Shared") return invalid("HDD volumes can no longer be created")
  if (wish !== undefined && !isSpot) return invalid("on_spot_discontinue is for spot instances")
  if (wish !== undefined && !wishes.includes(wish)) return invalid("unknown on_spot_discontinue")
  return { name, size, onDiscontinue: (wish ?? "keep_detached") as OnDiscontinue }
}

const disksIn = (body: Json, hostname: string, isSpot: boolean): Pick<Order, "osVolume" | "volumes"> | Reply => {
  const osVolume = diskIn(body.os_volume ?? { name: `OS-${hostname}`, size: 50 }, isSpot)
  if (isReply(osVolume)) return osVolume
  const volumes = (objectsIn(body.volumes ?? []) ?? []).map((disk) => diskIn(disk, isSpot))
  return volumes.find(isReply) ?? { osVolume, volumes: volumes.filter((disk): disk is DiskOrder => !isReply(disk)) }
}

/** The tags of a request, their keys in lower case; a 400 for what is no tag. Ten at most. */
export const tagsIn = ({ random }: World, given: unknown): Order["tags"] | Reply => {
  const rows = objectsIn(given ?? [])
  if (rows === undefined || rows.length > 10) return invalid("tags: 10 at most")
  if (!rows.every((row) => (textIn(row, "key")?.length ?? 99) <= 63))
    return invalid("a tag needs a key of 63 characters at most")
  return rows.map((row) => ({
    ...{ id: `tag_${random.hex(22)}`, key: String(row.key).toLowerCase(), value: textIn(row, "value") ?? "" }
  }))
}

const keysIn = ({ state }: World, given: unknown): readonly string[] | undefined => {
  const ids = textsIn(typeof given === "string" ? [given] : (given ?? []))
  return ids?.every((id) => state.keys.some((key) => key.id === id)) ? ids : undefined
}

const orderIn = (world: World, body: Json): Order | Reply => {
  const { state } = world
  const type = typeOf(body.instance_type)
  const place = locations.find(({ code }) => code === body.location_code)?.code
  const hostname = textIn(body, "hostname")
  if (type === undefined) return invalid("Invalid instance type")
  if (place === undefined) return invalid("location_code is required")
  if (hostname === undefined || !/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(hostname)) return invalid("Invalid hostname")
  const image = images.find(({ image_type, id }) => image_type === body.image || id === body.image)
  if (image === undefined || image.is_cluster) return invalid("Operating system is not valid for this instance type")
  const keyIds = keysIn(world, body.ssh_key_ids)
  if (keyIds === undefined) return invalid("Invalid ssh-key ID")
  const isSpot = body.is_spot === true || body.contract === "SPOT"
  const disks = disksIn(body, hostname, isSpot)
  if (isReply(disks)) return disks
  const tags = tagsIn(world, body.tags)
  if (isReply(tags)) return tags
  const existing = textsIn(body.existing_volumes ?? []) ?? []
  const isLoose = (id: string) =>
    state.volumes.some(
      (volume) => volume.id === id && isKept(volume) && volume.instance === null && volume.place === place
    )
  if (!existing.every(isLoose)) return invalid("Invalid volume ID")
  return {
    ...{ type: type.id, place, isSpot, hostname, description: textIn(body, "description") ?? "" },
    ...{
      image: image.image_type,
      keyIds,
      publicKeys: keyIds.map((id) => state.keys.find((key) => key.id === id)?.key ?? "")
    },
    ...{ script: textIn(body, "startup_script_id") ?? null, ...disks, existing, tags }
  }
}

/**
 * POST /v1/instances. Source: Verda API v1, OpenAPI.
 *
 * - How much credit a create needs is not documented: that of the ten minutes that are deducted ahead.
 */
export const createInstance = ({ world, body }: Call): Reply => {
  const order = orderIn(world, body)
  if (isReply(order)) return order
  if (freeOf(world.state.free, shelfOf(order.type, order.place, order.isSpot)) === 0) return noCapacity
  if (world.state.credit < money.toUnits(costOf(order)) / 6n) return tooPoor
  const machine = create(world, order)
  return machine === undefined ? noCapacity : made(world, 202, machine.id)
}
