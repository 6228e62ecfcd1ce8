import type { Call } from "../kit/door.ts"
import { isSize, type Json, textIn } from "../kit/fields.ts"
import { isObject, ok, type Reply } from "../kit/http.ts"
import { type Meter, newMeter, type Rates } from "../kit/meter.ts"
import { perMillisecond } from "../kit/money.ts"
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
export const volumeRates = ({ size }: NetworkVolume): Rates => ({
  compute: 0n,
  storage: perMillisecond((0.07 * Math.min(size, 1000) + 0.05 * Math.max(0, size - 1000)) / 720)
})

/** The volume that mounts name; undefined where they name none, null where there is none of that id. */
export const mountedIn = ({ state }: World, mounts: Json): NetworkVolume | null | undefined => {
  const [network] = Array.isArray(mounts.network) ? (mounts.network as readonly unknown[]) : []
  if (network === undefined) return undefined
  return state.volumes.find(({ id }) => isObject(network) && id === network.volumeId) ?? null
}

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
  const row = { id: world.random.hex(8), name: textIn(body, "name") ?? "", dataCenter: center.id, type: String(type) }
  const volume = { ...row, size, meter: newMeter() }
  world.state.volumes.push(volume)
  return { status: 201, json: rowOf(volume) }
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
  const isMounted = world.state.pods.some(
    (pod) => pod.state !== "TERMINATED" && mountedIn(world, pod.mounts) === volume
  )
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
