import type { Call } from "../kit/door.ts"
import { isSize, type Json, textIn } from "../kit/fields.ts"
import { isObject, ok, type Reply } from "../kit/http.ts"
import { type Meter, newMeter, type Rates } from "../kit/meter.ts"
import { perMillisecond } from "../kit/money.ts"
import type { DiskTruth } from "../kit/truth.ts"
import { misfit, problem } from "./answers.ts"
import { dataCenters } from "./catalogue.ts"
import type { World } from "./world.ts"

/** One network volume; `size` is in GB. */
export interface NetworkVolume {
  readonly id: string
  readonly dataCenter: string
  readonly type: string
  readonly meter: Meter
  name: string
  size: number
}

/**
 * USD 0.07 a GB and month up to a terabyte, 0.05 beyond. Source: Runpod docs, pods/pricing. That high performance costs the
 * same, and that a month has 720 hours, is chosen here.
 */
const costOf = ({ size }: NetworkVolume): number =>
  (0.07 * Math.min(size, 1000) + 0.05 * Math.max(0, size - 1000)) / 720

export const volumeRates = (volume: NetworkVolume): Rates => ({ compute: 0n, storage: perMillisecond(costOf(volume)) })

/** The volume that mounts name; undefined where they name none, null where there is none of that id. */
export const mountedIn = ({ state }: World, mounts: Json): NetworkVolume | null | undefined => {
  const [network] = Array.isArray(mounts.network) ? (mounts.network as readonly unknown[]) : []
  if (network === undefined) return undefined
  return state.volumes.find(({ id }) => isObject(network) && id === network.volumeId) ?? null
}

/** Makes a volume. */
export const addVolume = (
  { random, state }: World,
  order: Pick<NetworkVolume, "name" | "size" | "dataCenter" | "type">
): NetworkVolume => {
  const volume = { id: random.hex(8), ...order, meter: newMeter() }
  state.volumes.push(volume)
  return volume
}

/** The volumes as they truly are. */
export const disksOf = (world: World): readonly DiskTruth[] =>
  world.state.volumes.map((volume) => ({
    ...{ id: volume.id, region: volume.dataCenter, perHour: costOf(volume) },
    holders: world.state.pods.flatMap((pod) =>
      pod.state !== "TERMINATED" && mountedIn(world, pod.mounts) === volume ? [pod.id] : []
    )
  }))

const rowOf = ({ meter: _, ...row }: NetworkVolume) => row

const notFound = problem(404, "resource not found")

const withVolume = (handle: (volume: NetworkVolume, call: Call<World>) => Reply) => (call: Call<World>) => {
  const volume = call.world.state.volumes.find(({ id }) => id === call.params.id)
  return volume === undefined ? notFound : handle(volume, call)
}

const isVolumeSize = (size: unknown): size is number => isSize(size) && size >= 10 && size <= 4096

const create = ({ world, body }: Call<World>): Reply => {
  const wrong = misfit(body, ["name", "size", "dataCenter", "type"], ["name", "size", "dataCenter"])
  if (wrong !== undefined) return wrong
  const { size, type = "STANDARD" } = body
  const center = dataCenters.find(({ id }) => id === body.dataCenter)
  if (center === undefined)
    return problem(400, `dataCenter must be one of ${dataCenters.map(({ id }) => id).join(", ")}`)
  if (!isVolumeSize(size)) return problem(422, "Request validation failed.", ["$.size: must be 10 to 4096"])
  const order = { name: textIn(body, "name") ?? "", dataCenter: center.id, type: String(type), size }
  return { status: 201, json: rowOf(addVolume(world, order)) }
}

/** Only larger. Source: Runpod API v2, updateNetworkVolume. */
const update = (volume: NetworkVolume, { body }: Call<World>): Reply => {
  const wrong = misfit(body, ["name", "size"], [])
  if (wrong !== undefined) return wrong
  const { size = volume.size } = body
  if (!isVolumeSize(size) || size < volume.size) return problem(400, "size must not be smaller than it is")
  volume.size = size
  volume.name = textIn(body, "name") ?? volume.name
  return ok(rowOf(volume))
}

/** What deleting one does that a pod has is not documented: it is refused here. */
const remove = (volume: NetworkVolume, { world }: Call<World>): Reply => {
  const isMounted = disksOf(world).some(({ id, holders }) => id === volume.id && holders.length > 0)
  if (isMounted) return problem(400, "the volume is attached to a pod")
  world.state.volumes = world.state.volumes.filter((other) => other !== volume)
  return { status: 204 }
}

/** The routes of network volumes. Source: Runpod API v2. */
export const volumeRoutes = [
  ["GET /v2/network-volumes", ({ world }: Call<World>) => ok({ networkVolumes: world.state.volumes.map(rowOf) })],
  ["POST /v2/network-volumes", create],
  ["GET /v2/network-volumes/{id}", withVolume((volume) => ok(rowOf(volume)))],
  ["PATCH /v2/network-volumes/{id}", withVolume(update)],
  ["DELETE /v2/network-volumes/{id}", withVolume(remove)]
] as const
