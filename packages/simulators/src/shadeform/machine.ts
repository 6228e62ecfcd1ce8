import type { Json } from "../kit/fields.ts"
import { addressOf, uuidOf } from "../kit/ids.ts"
import { type Meter, metered, newMeter, type Rates } from "../kit/meter.ts"
import { hourlyMoney, perMillisecond } from "../kit/money.ts"
import { freeOf, giveBack, takeOne } from "../kit/stock.ts"
import { cancelPlan, type Life, lengthened, plan, planAt, planPhase } from "../kit/timeline.ts"
import { types } from "./catalogue.ts"
import { type Step, shelfOf, type World } from "./world.ts"

/** The documented words. Source: Shadeform API reference, Status. */
export type State = "creating" | "pending_provider" | "pending" | "active" | "error" | "deleting" | "deleted"

/** When a machine ends by itself, as it was written. */
export interface Threshold {
  readonly date_threshold?: string
  readonly spend_threshold?: string
}

/** What of a machine was asked for. */
export interface Order {
  readonly cloud: string
  readonly type: string
  readonly region: string
  readonly isSpot: boolean
  readonly name: string
  readonly os: string
  readonly keyId: string
  readonly tags: readonly string[]
  readonly launch: Json | null
  readonly envs: readonly Json[] | null
  readonly volumes: readonly string[]
  readonly autoDelete: Threshold | null
  readonly alert: Threshold | null
}

/** One machine, as plain data. `shown` is a word that hides the true `state`; `details` is what the cloud says of it. */
export interface Machine extends Omit<Order, "name" | "tags" | "autoDelete" | "alert"> {
  readonly id: string
  readonly assigned: string
  readonly address: string
  readonly createdAt: number
  readonly meter: Meter
  name: string
  tags: readonly string[]
  autoDelete: Threshold | null
  alert: Threshold | null
  state: State
  shown: string | null
  details: string
  holds: boolean
  isEnding: boolean
  activeAt: number | null
  restarts: number
}

export const isAlive = ({ state }: Machine): boolean => state !== "deleting" && state !== "deleted"
export const isUp = ({ state }: Machine): boolean => state === "active"

export const typeOf = ({ cloud, type }: Pick<Order, "cloud" | "type">) =>
  types.find((one) => one.cloud === cloud && one.name === type)

const shelf = ({ cloud, type, region, isSpot }: Pick<Order, "cloud" | "type" | "region" | "isSpot">) =>
  shelfOf(cloud, type, region, isSpot)

/** Whether one is free. */
export const fits = ({ state }: World, order: Order): boolean => freeOf(state.free, shelf(order)) > 0

/** Dollars per hour. */
const priceOf = ({ region, isSpot, ...of }: Pick<Order, "cloud" | "type" | "region" | "isSpot">): number => {
  const type = typeOf(of)
  return isSpot ? Number(type?.places.find((place) => place.region === region)?.spot) : (type?.cents ?? 0) / 100
}

/** Money of this cloud, which charges by the second. */
export const money = hourlyMoney

/** When the bill begins is not documented; users were charged before `active`. That `error` is charged is chosen here. */
export const ratesOf = (machine: Machine): Rates => {
  const isCharged = machine.state !== "creating" && isAlive(machine)
  return { compute: isCharged ? perMillisecond(priceOf(machine)) : 0n, storage: 0n }
}

const others: readonly Step[] = ["provider", "pending", "active", "deleting", "gone"]

/** The moment at which `auto_delete` is reached: whichever threshold comes first. */
const dueAt = ({ state }: World, machine: Machine): number => {
  const { date_threshold: date, spend_threshold: spend } = machine.autoDelete ?? {}
  const { compute } = ratesOf(machine)
  const left = spend === undefined ? 0n : money.toUnits(Number(spend)) - metered(machine.meter)
  const paidUntil =
    spend === undefined || compute === 0n ? Infinity : state.at + Math.max(0, Number(left / compute) + 1)
  return Math.min(date === undefined ? Infinity : Date.parse(date), paidUntil)
}

/** Plans the look at which `auto_delete` is found to be reached. */
export const watch = (world: World, machine: Machine): void => {
  cancelPlan(world, machine.id, others)
  const { check } = world.timeline
  const at = dueAt(world, machine)
  if (at === Infinity || !isAlive(machine)) return
  planAt(world, machine.id, Math.ceil(Math.max(at, world.state.at) / check) * check, "due")
}

/** Makes a machine on stock that is free. */
export const create = (world: World, order: Order): Machine => {
  const { random, state, timeline } = world
  const machine: Machine = {
    ...order,
    ...{ id: uuidOf(random), assigned: uuidOf(random), address: addressOf(random, "203.0"), createdAt: state.at },
    ...{ meter: newMeter(), state: "creating", shown: null, details: "", holds: takeOne(state.free, shelf(order)) },
    ...{ isEnding: false, activeAt: null, restarts: 0 }
  }
  state.machines.push(machine)
  const { id } = machine
  const begun = lengthened(world, timeline.creating)
  const made = begun + lengthened(world, timeline.provider)
  plan(world, id, begun, "provider")
  plan(world, id, made, "pending")
  plan(world, id, made + lengthened(world, timeline.pending), "active")
  watch(world, machine)
  return machine
}

/** Asks for its end: it goes on as it is for a moment. */
export const end = (world: World, machine: Machine): void => {
  if (machine.isEnding) return
  cancelPlan(world, machine.id)
  machine.isEnding = true
  planPhase(world, machine.id, world.timeline.ending, "deleting")
}

/** Its end has begun: it costs nothing from now on. `details` says why, where Shadeform says so. */
export const giveUp = (world: World, machine: Machine, details = ""): void => {
  cancelPlan(world, machine.id)
  if (machine.holds) giveBack(world.state.free, shelf(machine))
  Object.assign(machine, { state: "deleting", shown: null, details, holds: false, isEnding: true })
  planPhase(world, machine.id, world.timeline.deleting, "gone")
}

/** Gone at once. */
export const remove = (world: World, machine: Machine): void => {
  giveUp(world, machine)
  cancelPlan(world, machine.id)
  machine.state = "deleted"
}

/** Broken: its bill goes on. */
export const fail = (world: World, machine: Machine, details = ""): void => {
  cancelPlan(world, machine.id, ["due", "deleting"])
  Object.assign(machine, { state: "error", shown: null, details })
}

/** Held in its boot, where its cloud never makes it: its bill goes on. */
export const hold = (world: World, machine: Machine, details: string): void => {
  cancelPlan(world, machine.id, ["due", "deleting"])
  Object.assign(machine, { state: "pending_provider", details })
}

const waiting = "Instance created, waiting on provider to spin up instance"

const steps: Readonly<Record<Step, (world: World, machine: Machine) => void>> = {
  provider: (world, machine) => {
    Object.assign(machine, { state: "pending_provider", details: waiting })
    watch(world, machine)
  },
  pending: (_, machine) => void Object.assign(machine, { state: "pending", details: "" }),
  active: (world, machine) => void Object.assign(machine, { state: "active", details: "", activeAt: world.state.at }),
  deleting: (world, machine) => giveUp(world, machine),
  due: end,
  gone: (_, machine) => {
    machine.state = "deleted"
  }
}

/** Lets a step happen to a machine that is there. */
export const take: Life<World>["take"] = (world, { id, step }) => {
  const machine = world.state.machines.find((one) => one.id === id)
  if (machine !== undefined) steps[step](world, machine)
}
