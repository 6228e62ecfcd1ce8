import type { Json } from "../kit/fields.ts"
import { addressOf } from "../kit/ids.ts"
import { type Meter, newMeter, type Rates } from "../kit/meter.ts"
import { hourlyMoney, perMillisecond } from "../kit/money.ts"
import { freeOf, giveBack } from "../kit/stock.ts"
import { cancelPlan, type Life, lengthened, plan, planPhase } from "../kit/timeline.ts"
import { cpuOf, gpuOf } from "./catalogue.ts"
import { type LogLine, print } from "./log.ts"
import { type Step, shelfOf, type World } from "./world.ts"

/** The documented words. Source: Runpod API v2, PodStatus. */
export type State = "PROVISIONING" | "STARTING" | "RUNNING" | "EXITED" | "ERROR" | "TERMINATED"

/** What of a pod was asked for. */
export interface Order {
  readonly name: string
  readonly image: string
  readonly gpu: { readonly id: string; readonly count: number } | null
  readonly cpu: { readonly id: string; readonly vcpuCount: number } | null
  readonly cloud: "SECURE" | "COMMUNITY"
  readonly place: string
  readonly disk: number
  readonly mounts: Json
  readonly ports: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cmd: readonly string[] | null
  readonly entrypoint: readonly string[] | null
  readonly registry: string | null
}

/** What of a pod can be changed later. Source: Runpod API v2, UpdatePodRequest. */
export interface Changeable {
  name: string
  image: string
  disk: number
  ports: readonly string[]
  env: Readonly<Record<string, string>>
  cmd: readonly string[] | null
  entrypoint: readonly string[] | null
  registry: string | null
  locked: boolean
}

/**
 * One pod. Plain data, so that a world can be stored.
 *
 * - `shown` is a word that hides the true `state`. `holds`: it has its hardware. `hasPorts`: its TCP ports are mapped.
 */
export interface Pod extends Omit<Order, keyof Changeable>, Changeable {
  readonly id: string
  readonly serial: number
  readonly token: string
  readonly address: string
  readonly createdAt: number
  readonly meter: Meter
  state: State
  shown: string | null
  holds: boolean
  hasPorts: boolean
  publicPort: number
  startedAt: number | null
  log: LogLine[]
}

export const isAlive = ({ state }: Pod): boolean => state !== "TERMINATED"
export const isUp = ({ state }: Pod): boolean => state === "RUNNING"

/** What it takes of a shelf: GPUs, or vCPUs. */
const needOf = ({ gpu, cpu, place, cloud }: Pick<Pod, "gpu" | "cpu" | "place" | "cloud">) => ({
  shelf: shelfOf(gpu?.id ?? cpu?.id ?? "", place, cloud),
  count: gpu?.count ?? cpu?.vcpuCount ?? 0
})

/** Whether what it needs is free. */
export const fits = ({ state }: World, order: Pick<Pod, "gpu" | "cpu" | "place" | "cloud">): boolean => {
  const { shelf, count } = needOf(order)
  return freeOf(state.free, shelf) >= count
}

const hold = ({ state }: World, pod: Pod): void => {
  const { shelf, count } = needOf(pod)
  state.free[shelf] = freeOf(state.free, shelf) - count
  pod.holds = true
}

const letGo = ({ state }: World, pod: Pod): void => {
  if (!pod.holds) return
  const { shelf, count } = needOf(pod)
  giveBack(state.free, shelf, count)
  pod.holds = false
}

/** USD per hour of compute. Source: Runpod API v2, GpuType and CpuType: the price is for one. */
export const costOf = ({ gpu, cpu, cloud }: Pick<Pod, "gpu" | "cpu" | "cloud">): number => {
  const type = gpuOf(gpu?.id)
  if (gpu && type) return Math.round((cloud === "SECURE" ? type.secure : type.community) * gpu.count * 1e6) / 1e6
  return Math.round((cpuOf(cpu?.id)?.price ?? 0) * (cpu?.vcpuCount ?? 0) * 1e6) / 1e6
}

const sizeOf = ({ mounts }: Pod): number => {
  const { persistent } = mounts as { readonly persistent?: { readonly size: number } }
  return persistent?.size ?? 0
}

/** How long a month is in the prices of disks is not documented: 720 hours. */
const hoursPerMonth = 720
const storagePerMillisecond = (perMonth: number): bigint => perMillisecond(perMonth / hoursPerMonth)

/**
 * What a pod costs, by its state now. Source: Runpod docs, pods/pricing.
 *
 * - Container disk USD 0.10 a GB and month while it runs; volume disk 0.10, and 0.20 while stopped.
 * - That a boot is charged, and `ERROR` is not, is chosen here.
 */
export const ratesOf = (pod: Pod): Rates => {
  const { state, disk } = pod
  if (state === "TERMINATED" || state === "ERROR") return { compute: 0n, storage: 0n }
  if (state === "EXITED") return { compute: 0n, storage: storagePerMillisecond(0.2 * sizeOf(pod)) }
  return { compute: perMillisecond(costOf(pod)), storage: storagePerMillisecond(0.1 * (disk + sizeOf(pod))) }
}

/** Money of this cloud, which charges by the second. */
export const money = hourlyMoney

const boot = (world: World, pod: Pod, first: State): void => {
  pod.state = first
  const { provisioning, starting } = world.timeline
  const begun = first === "PROVISIONING" ? lengthened(world, provisioning) : 0
  if (first === "PROVISIONING") plan(world, pod.id, begun, "starting")
  plan(world, pod.id, begun + lengthened(world, starting), "running")
}

/** Makes a pod that boots on hardware that is free. */
export const create = (world: World, order: Order): Pod => {
  const { random, state } = world
  const pod: Pod = {
    ...order,
    id: random.hex(14),
    serial: state.nextSerial++,
    token: random.hex(8),
    address: addressOf(random, "195.26"),
    createdAt: state.at,
    meter: newMeter(),
    ...{ state: "PROVISIONING", shown: null, holds: false, hasPorts: false, startedAt: null, log: [] },
    locked: false,
    publicPort: random.integer(10_000, 50_000)
  }
  state.pods.push(pod)
  hold(world, pod)
  boot(world, pod, "PROVISIONING")
  return pod
}

/** Asks a stopped pod to start on the host that it has; false when that has no room. */
export const start = (world: World, pod: Pod): boolean => {
  if (!fits(world, pod)) return false
  hold(world, pod)
  boot(world, pod, "STARTING")
  return true
}

const halt = (world: World, pod: Pod): void => {
  cancelPlan(world, pod.id)
  pod.state = "EXITED"
  pod.shown = null
  pod.hasPorts = false
  letGo(world, pod)
}

/** Asks a pod to stop: it goes on as it is for a moment. */
export const stop = (world: World, pod: Pod): void => {
  cancelPlan(world, pod.id)
  planPhase(world, pod.id, world.timeline.stopping, "exited")
}

/** Stopped from outside, at once. */
export const exit = halt

/** The container is begun again in its place: its ports come again. */
export const restart = (world: World, pod: Pod): void => {
  pod.hasPorts = false
  pod.publicPort = world.random.integer(10_000, 50_000)
  pod.startedAt = world.state.at
  planPhase(world, pod.id, world.timeline.ports, "ports")
}

/** Gone for good. */
export const end = (world: World, pod: Pod): void => {
  cancelPlan(world, pod.id)
  letGo(world, pod)
  pod.state = "TERMINATED"
  pod.shown = null
  pod.hasPorts = false
}

/** Broken: what becomes of its hardware is not documented; it is given back. */
export const fail = (world: World, pod: Pod): void => {
  halt(world, pod)
  pod.state = "ERROR"
}

/** What a log says by itself is chosen here. */
const steps: Readonly<Record<Step, (world: World, pod: Pod) => void>> = {
  starting: (world, pod) => {
    pod.state = "STARTING"
    print(world, pod, "system", `pulling ${pod.image}`)
  },
  running: (world, pod) => {
    pod.state = "RUNNING"
    print(world, pod, "container", "started")
    restart(world, pod)
  },
  ports: (_, pod) => {
    pod.hasPorts = true
  },
  exited: halt,
  failed: fail
}

/** Lets a step happen to a pod that is there. */
export const take: Life<World>["take"] = (world, { id, step }) => {
  const pod = world.state.pods.find((one) => one.id === id)
  if (pod !== undefined && isAlive(pod)) steps[step](world, pod)
}

/**
 * What no credit does: pods with a network volume stop, all others are terminated.
 * Source: Runpod docs, accounts-billing/billing.
 */
export const broke = (world: World): void => {
  for (const pod of world.state.pods) {
    if (!isAlive(pod)) continue
    if ("network" in pod.mounts) halt(world, pod)
    else end(world, pod)
  }
}

/** The actions that are legal. Source: Runpod API v2, PodAction. */
export const actionsOf = ({ state }: Pod): readonly string[] => {
  if (state === "PROVISIONING" || state === "STARTING") return ["stop", "terminate"]
  if (state === "RUNNING") return ["stop", "restart", "terminate"]
  return state === "TERMINATED" ? [] : ["start", "terminate"]
}
