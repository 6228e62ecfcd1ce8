import { isSize, objectsIn, textIn, textsIn } from "../../kit/fields.ts"
import { isObject, type Reply } from "../../kit/http.ts"
import { addressOf } from "../../kit/ids.ts"
import { freeOf, placeOf } from "../../kit/stock.ts"
import { images, volumeTypes } from "../catalogue.ts"
import type { Deployment, WantedVolume } from "../deployment.ts"
import { answer, type Call, invalid, missing, refusal } from "../http.ts"
import { boot, occupy } from "../lifecycle.ts"
import { money } from "../money.ts"
import { deploymentRow } from "../row.ts"
import { createVolume } from "../volume.ts"
import type { World } from "../world.ts"

/** Source: Huddle01 docs, Deployments, OS Volume and Billing. */
const defaultBootDisk = 50
const mostBootDisk = 512
const leastCredit = 20

const requiredFields = ["cluster_type", "image", "hostname", "ssh_key_ids", "location"] as const

/** What a new deployment starts from. */
export interface Order extends Pick<Deployment, "type" | "image" | "hostname" | "sshKeyIds" | "location" | "volumes"> {
  readonly bootDisk: number
}

const isReply = (value: unknown): value is Reply => isObject(value) && "status" in value

const volumesIn = (value: unknown): readonly WantedVolume[] | Reply => {
  if (value === undefined || value === null) return []
  const rows = objectsIn(value)
  if (rows === undefined) return invalid("volumes")
  const wanted: WantedVolume[] = []
  for (const row of rows) {
    const [name, type] = [textIn(row, "name"), textIn(row, "type")]
    if (name === undefined || type === undefined || !volumeTypes.includes(type) || !isSize(row.size))
      return invalid("volumes")
    wanted.push({ name, size: row.size, type })
  }
  return wanted
}

const bootDiskIn = (value: unknown): number | Reply => {
  if (value === undefined || value === null) return defaultBootDisk
  if (!isObject(value)) return invalid("os_volume")
  const size = value.size ?? defaultBootDisk
  return isSize(size) && size <= mostBootDisk ? size : invalid("os_volume")
}

/**
 * Reads a deploy request. Source: Huddle01 docs, Deployments, Deploy Request.
 *
 * - An unknown type, location, image or key is a 400: undocumented. So are sizes that aren't whole, and unknown fields are
 *   ignored.
 */
const orderIn = ({ world, body, bodyIsJson }: Call): Order | Reply => {
  if (!bodyIsJson) return refusal(400, "Invalid request body")
  for (const field of requiredFields) {
    const value = body[field]
    if (value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0))
      return missing(field)
  }
  const type = textIn(body, "cluster_type")
  if (type === undefined || !world.types.has(type)) return invalid("cluster_type")
  const image = textIn(body, "image")
  if (image === undefined || !images.some(({ id, slug }) => id === image || slug === image)) return invalid("image")
  const hostname = textIn(body, "hostname")
  if (hostname === undefined || hostname.length > 255) return invalid("hostname")
  const sshKeyIds = textsIn(body.ssh_key_ids)
  if (!sshKeyIds?.every((id) => world.state.sshKeys.some((key) => key.id === id))) return invalid("ssh_key_ids")
  const location = textIn(body, "location")
  if (location === undefined || ![...world.types.values()].some(({ regions }) => regions.includes(location)))
    return invalid("location")
  const bootDisk = bootDiskIn(body.os_volume)
  if (isReply(bootDisk)) return bootDisk
  const volumes = volumesIn(body.volumes)
  if (isReply(volumes)) return volumes
  return { type, image, hostname, sshKeyIds, location, bootDisk, volumes }
}

/** Makes a deployment, `ordered`, with its volumes; nothing is ahead of it yet. */
export const createDeployment = (world: World, order: Order): Deployment => {
  const { random, state } = world
  const { bootDisk, ...wanted } = order
  const image = images.find(({ id, slug }) => id === order.image || slug === order.image)
  const deployment: Deployment = {
    ...wanted,
    publicKeys: order.sshKeyIds.flatMap((id) => state.publicKeys?.[id] ?? []),
    id: `dep_${random.hex(12)}`,
    serial: state.nextSerial++,
    providerId: `verda-${random.hex(8)}`,
    osName: image?.name ?? "",
    createdAt: state.at,
    updatedAt: state.at,
    price: world.types.get(order.type)?.price ?? 0,
    address: addressOf(random, "95.216"),
    ...{ state: "ordered", shown: null, ipHeld: false, allocated: true, holds: false },
    ...{ minimumOwed: false, gone: false, meteredMs: 0, meteredSince: null, charged: 0n }
  }
  state.deployments.push(deployment)
  const { location, volumes } = order
  const common = { location, deployments: [deployment.id] }
  createVolume(world, { ...common, name: "boot", type: "NVMe", size: bootDisk, isOs: true })
  for (const volume of volumes) createVolume(world, { ...common, ...volume, isOs: false })
  return deployment
}

/** Source: Huddle01 docs, GPU Billing, insufficient credits. */
const tooPoor = (world: World): Reply =>
  refusal(
    402,
    `insufficient GPU credits: your balance is $${money.toDollars(world.state.credit).toFixed(2)} but this deployment requires at least $${leastCredit.toFixed(2)}. Please add credits to continue.`
  )

/** Source: Huddle01 docs, Deployments, Error Handling (409). */
export const noCapacity = (type: string): Reply => refusal(409, `Instance type ${type} unavailable (no capacity)`)

/**
 * POST /deployments/clusters. Source: Huddle01 docs, Deployments.
 *
 * - What is refused first is undocumented: the request (400), then the credit (402), then the capacity (409).
 * - Hardware that somebody else took in between makes an accepted deployment end in `failed_no_capacity`.
 */
export const deploy = (call: Call): Reply => {
  const { world } = call
  const { state } = world
  const order = orderIn(call)
  if (isReply(order)) return order
  if (state.credit < money.toUnits(leastCredit)) return tooPoor(world)
  const place = placeOf(order.type, order.location)
  if (freeOf(state.free, place) === 0) return noCapacity(order.type)
  const deployment = createDeployment(world, order)
  const lost = state.losing > 0
  if (lost) {
    state.losing -= 1
    state.free[place] = 0
  } else occupy(world, deployment)
  boot(world, deployment, lost)
  return answer(deploymentRow(world, deployment))
}
