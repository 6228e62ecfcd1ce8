import { addressOf } from "../kit/ids.ts"
import { type Meter, newMeter } from "../kit/meter.ts"
import { createMoney } from "../kit/money.ts"
import { giveBack, placeOf, takeOne } from "../kit/stock.ts"
import { cancelPlan, type Life, lengthened, plan, planPhase } from "../kit/timeline.ts"
import { typeOf } from "./catalogue.ts"
import type { World } from "./world.ts"

/** The documented words. Source: Lambda Cloud API 1.10.0, InstanceStatus. */
export type State = "booting" | "active" | "unhealthy" | "terminating" | "terminated" | "preempted"

/** What of an instance was asked for. */
export interface Order {
  readonly name: string | null
  readonly hostname: string | null
  readonly type: string
  readonly region: string
  readonly keyName: string
  readonly fileSystems: readonly { readonly mount_point: string; readonly file_system_id: string }[]
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly rulesets: readonly string[]
}

/**
 * One instance. Plain data, so that a world can be stored.
 *
 * - `shown` is a word that hides the true `state`. `remembered`: reads of it still answer.
 */
export interface Instance extends Omit<Order, "name"> {
  readonly id: string
  readonly address: string
  readonly privateAddress: string
  readonly token: string
  readonly publicKey: string
  readonly createdAt: number
  readonly meter: Meter
  name: string | null
  state: State
  shown: string | null
  hasAddress: boolean
  remembered: boolean
  startedAt: number
}

export const isAlive = ({ state }: Instance): boolean => state !== "terminated"
export const isEnding = ({ state }: Instance): boolean => state === "terminating"
export const isUp = ({ state }: Instance): boolean => state === "active"
const shelfOf = ({ type, region }: Order | Instance): string => placeOf(type, region)

/** Money in 60ths of a micro-dollar: a minute of whole cents an hour is exact. */
export const money = createMoney({ exactTo: "micro", split: 60n })

const perMinute = (type: string): bigint => money.toUnits((typeOf(type)?.cents ?? 0) / 100) / 60n

/**
 * Whether an instance is charged for now.
 *
 * - From `active` to its end. Source: Lambda docs, billing. That `unhealthy` is charged, and `preempted` is not, is chosen here.
 */
const isCharged = (world: World, { state }: Instance): boolean =>
  state === "active" || state === "unhealthy" || (state === "booting" && world.choices.billFrom === "launch")

/** Charges begun minutes. No credit runs out: invoices come afterwards. Source: Lambda docs, billing. */
export const meter: NonNullable<Life<World>["meter"]> = {
  charge: (world, ms) => {
    for (const instance of world.state.instances) {
      if (!isCharged(world, instance)) continue
      const { meter: counted } = instance
      const before = counted.compute
      counted.computeMs += ms
      counted.compute = BigInt(Math.ceil(counted.computeMs / 60_000)) * perMinute(instance.type)
      world.state.credit -= counted.compute - before
    }
  },
  untilBreak: () => Number.POSITIVE_INFINITY
}

/** Makes an instance that boots, where its type is free in the region; undefined where it is not. */
export const create = (world: World, order: Order): Instance | undefined => {
  const { random, state, timeline } = world
  if (!takeOne(state.free, shelfOf(order))) return undefined
  const instance: Instance = {
    ...{ ...order, id: random.hex(32), token: random.hex(32), createdAt: state.at, startedAt: state.at },
    ...{ address: addressOf(random, "192.9"), privateAddress: addressOf(random, "10.19"), meter: newMeter() },
    publicKey: state.keys.find(({ name }) => name === order.keyName)?.public_key ?? "",
    ...{ state: "booting", shown: null, hasAddress: false, remembered: true }
  }
  state.instances.push(instance)
  const address = lengthened(world, timeline.address)
  plan(world, instance.id, address, "address")
  plan(world, instance.id, Math.max(address, lengthened(world, timeline.boot)), "active")
  return instance
}

const settle = (world: World, instance: Instance, state: State): void => {
  cancelPlan(world, instance.id)
  instance.state = state
  instance.shown = null
}

/** Up at once. */
export const begin = (world: World, instance: Instance): void => {
  settle(world, instance, "active")
  instance.hasAddress = true
}

/** Broken: it is there, and is given back by an end alone. */
export const fail = (world: World, instance: Instance): void => settle(world, instance, "unhealthy")

/** Ends an instance, which takes its time. */
export const terminate = (world: World, instance: Instance): void => {
  settle(world, instance, "terminating")
  planPhase(world, instance.id, world.timeline.terminating, "terminated")
}

/** Gone, at once. */
export const end = (world: World, instance: Instance): void => {
  if (isAlive(instance)) giveBack(world.state.free, shelfOf(instance))
  settle(world, instance, "terminated")
  planPhase(world, instance.id, world.timeline.remembering, "forgotten")
}

/** Begun again in its place: disk, address and meter stay. Source: Lambda docs, restart. */
export const restart = (world: World, instance: Instance): void => {
  instance.startedAt = world.state.at
}

/** Lets a step happen to an instance. */
export const take: Life<World>["take"] = (world, { id, step }) => {
  const instance = world.state.instances.find((one) => one.id === id)
  if (instance === undefined) return
  if (step === "address") instance.hasAddress = true
  if (step === "active") begin(world, instance)
  if (step === "terminated") end(world, instance)
  if (step === "forgotten") instance.remembered = false
}
