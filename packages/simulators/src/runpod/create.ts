import { isSize, type Json, textIn, textsIn } from "../kit/fields.ts"
import { isObject, isReply, type Reply } from "../kit/http.ts"
import { misfit, noCapacity, problem, tooPoor } from "./answers.ts"
import { cpuOf, dataCenters, gpuOf, vcpus } from "./catalogue.ts"
import { type Changeable, costOf, create, fits, money, type Order } from "./pod.ts"
import type { Call } from "./routes.ts"
import { rowOf } from "./row.ts"
import { mountedIn } from "./volume.ts"
import type { World } from "./world.ts"

/** What a pod is asked for with and changed by. Source: Runpod API v2, ContainerConfig. */
const common = ["name", "image", "args", "cmd", "entrypoint", "disk", "ports", "env", "registry", "mounts"] as const
const ofCreate = ["gpu", "cpu", "cloud", "dataCenterIds", "globalNetworking", "startSsh", "startJupyter", "templateId"]

const invalid = (field: string): Reply => problem(422, "Request validation failed.", [`$.${field}: invalid value`])

const isEnv = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((one) => typeof one === "string")

type Hardware = Pick<Order, "gpu" | "cpu">

const hardwareIn = ({ gpu, cpu }: Json): Hardware | Reply => {
  if ((gpu === undefined) === (cpu === undefined)) return problem(400, "exactly one of gpu and cpu is required")
  if (isObject(cpu)) {
    const { id, vcpuCount } = cpu
    const isPower =
      isSize(vcpuCount) && vcpuCount >= vcpus.min && vcpuCount <= vcpus.max && Number.isInteger(Math.log2(vcpuCount))
    if (cpuOf(id) === undefined || !isPower)
      return problem(400, "unknown cpu, or vcpuCount is no power of two in its range")
    return { gpu: null, cpu: { id: String(id), vcpuCount } }
  }
  if (!isObject(gpu)) return invalid("gpu")
  if (gpuOf(gpu.id) === undefined) return problem(400, "unknown gpu id")
  // The documented default of one is not applied, as seen live.
  if (gpu.count === undefined) return noCapacity
  return isSize(gpu.count) ? { gpu: { id: String(gpu.id), count: gpu.count }, cpu: null } : invalid("gpu.count")
}

const mountsIn = (mounts: unknown, isCpu: boolean): Json | Reply => {
  if (mounts === undefined) return {}
  if (!isObject(mounts)) return invalid("mounts")
  const { persistent, network } = mounts
  if (persistent !== undefined && network !== undefined) return problem(400, "only one kind of mount is allowed")
  if (persistent === undefined) return mounts
  if (isCpu) return problem(400, "persistent mounts are not available on CPU pods")
  if (!isObject(persistent) || !isSize(persistent.size) || persistent.size < 10)
    return invalid("mounts.persistent.size")
  return textIn(persistent, "path") === undefined ? invalid("mounts.persistent.path") : mounts
}

/** What is configured of a container, or what is wrong with it. That an unknown login is a 400 is chosen here. */
const containerIn = ({ state }: World, body: Json) => {
  const { env = {}, disk, cmd = null, entrypoint = null, registry = null } = body
  const ports = textsIn(body.ports ?? [])
  if (!isEnv(env)) return invalid("env")
  if (!ports?.every((port) => /^\d+\/(tcp|http)$/.test(port))) return invalid("ports")
  const arrays = [cmd, entrypoint].map((one) => (one === null ? null : textsIn(one)))
  if (arrays.includes(undefined)) return invalid("cmd")
  if (disk !== undefined && !isSize(disk)) return invalid("disk")
  if (registry !== null && typeof registry !== "string") return invalid("registry")
  if (registry !== null && !state.registries.some(({ id }) => id === registry)) return problem(400, "unknown registry")
  const [words = null, first = null] = arrays
  return { env, ports, disk, cmd: words, entrypoint: first, registry }
}

/** The data centre that takes it, where a network volume binds it to none other; a list is enforced, as seen live. */
const placeFor = (world: World, order: Omit<Order, "place">, wanted: unknown, bound?: string): string | undefined => {
  const asked = textsIn(wanted) ?? dataCenters.map(({ id }) => id)
  const ids = bound === undefined ? asked : asked.filter((id) => id === bound)
  return dataCenters.find(({ id }) => ids.includes(id) && fits(world, { ...order, place: id }))?.id
}

const orderIn = (world: World, body: Json): Order | Reply => {
  const name = textIn(body, "name")
  const image = textIn(body, "image")
  if (body.templateId !== undefined) return problem(404, "resource not found")
  if (name === undefined) return invalid("name")
  if (image === undefined) return invalid("image")
  const hardware = hardwareIn(body)
  if (isReply(hardware)) return hardware
  const container = containerIn(world, body)
  if (isReply(container)) return container
  const mounts = mountsIn(body.mounts, hardware.cpu !== null)
  if (isReply(mounts)) return mounts
  const { disk } = container
  if (disk === undefined) return problem(400, "You must either provide a template id or pod configuration parameters")
  const cloud = body.cloud ?? "SECURE"
  if (cloud !== "SECURE" && cloud !== "COMMUNITY") return invalid("cloud")
  if (hardware.cpu !== null && cloud === "COMMUNITY") return problem(400, "CPU pods are on Secure Cloud only")
  const network = mountedIn(world, mounts)
  if (network === null) return problem(404, "resource not found")
  if (network && cloud === "COMMUNITY") return problem(400, "network volumes are on Secure Cloud only")
  const order = { ...hardware, ...container, disk, name, image, mounts, cloud } as const
  const place = costOf(order) > 0 ? placeFor(world, order, body.dataCenterIds, network?.dataCenter) : undefined
  return place === undefined ? noCapacity : { ...order, place }
}

/**
 * POST /v2/pods. Source: Runpod API v2, createPod.
 *
 * - The limit of 102,400 bytes is the door's. What is refused first otherwise is not documented: the form (422), the rules
 *   (400), the capacity (400), then the credit of one hour (402).
 */
export const createPod = ({ world, body, bodyIsJson }: Call): Reply => {
  const wrong = misfit(bodyIsJson ? body : null, [...common, ...ofCreate], ["name"])
  if (wrong !== undefined) return wrong
  const order = orderIn(world, body)
  if (isReply(order)) return order
  if (world.state.credit < money.toUnits(costOf(order))) return tooPoor
  return { status: 201, json: rowOf(create(world, order), world) }
}

/** The fields of PATCH /v2/pods/{id}. Source: Runpod API v2, UpdatePodRequest. */
const changeable = [...common, "locked", "globalNetworking", "templateId"]

/** What a PATCH changes, or what is wrong with it: what is left out stays, and variables are replaced as a whole. */
export const changeIn = ({ world, body, bodyIsJson }: Call): Partial<Changeable> | Reply => {
  const wrong = misfit(bodyIsJson ? body : null, changeable, [])
  if (wrong !== undefined) return wrong
  const container = containerIn(world, body)
  if (isReply(container)) return container
  const { name, image, locked } = body
  if (name !== undefined && textIn(body, "name") === undefined) return invalid("name")
  if (locked !== undefined && typeof locked !== "boolean") return invalid("locked")
  const all: Partial<Record<keyof Changeable, unknown>> = { ...container, name, image, locked }
  return Object.fromEntries(Object.entries(all).filter(([field]) => field in body)) as Partial<Changeable>
}
