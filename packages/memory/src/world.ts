import {
  addMoney,
  compareAtPar,
  currentMoment,
  type GpuError,
  isGpuError,
  type LaunchSpec,
  type Money,
  Network,
  NoCapacity,
  OutOfFunds,
  scaleMoney,
  subtractMoney,
  zero
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { MemoryState } from "./lifecycle.ts"
import type { MemoryOffer } from "./market.ts"

/** What a client can ask of the cloud. */
export type MemoryCall =
  | "offers"
  | "create"
  | "list"
  | "read"
  | "destroy"
  | "start"
  | "stop"
  | "restart"
  | "rename"
  | "logs"
  | "balance"

/**
 * How a call goes wrong.
 *
 * - An error: the call does nothing and fails with it.
 * - `answer-lost`: it does what it was asked for, and nobody hears of it.
 * - `ignored`: it is answered as done and does nothing; only calls that answer nothing can be.
 */
export type MemoryFault<Call extends MemoryCall = MemoryCall> =
  | GpuError
  | "answer-lost"
  | (Call extends Change ? "ignored" : never)

/** The calls that change a machine and answer nothing. */
type Change = "destroy" | "start" | "stop" | "restart" | "rename"

/** A machine as the cloud itself knows it. */
export interface MemoryMachine {
  readonly id: string
  /** The name with the launch's marker, as a cloud keeps it. */
  readonly name: string
  readonly offer: MemoryOffer
  /** What it was launched with. */
  readonly spec: LaunchSpec
  readonly price: Money
  /** Epoch milliseconds. */
  readonly madeAt: number
  /** Epoch milliseconds; null while it exists. */
  readonly endedAt: number | null
}

/** A machine that can be changed, inside. */
export interface Held extends MemoryMachine {
  name: string
  endedAt: number | null
  /** When it is up, or was; epoch milliseconds. */
  upAt: number
  /** What was done to it, besides that it boots. */
  mark: "stopped" | "failed" | "taken" | null
  /** What the cloud says of it. */
  said: string | null
  /** Milliseconds that it was charged for, up to `since`. */
  charged: number
  /** Since when it is charged; null while it is not. */
  since: number | null
  readonly lines: Array<string>
  /** Neither lists nor reads show it. */
  isHidden: boolean
}

const hour = 3_600_000

/** What a machine has cost until a moment. */
export const costOf = ({ price, charged, since }: Held, now: number): Money =>
  scaleMoney(price, charged + (since === null ? 0 : Math.max(0, now - since)), hour)

/** How long a boot takes where the offer does not say, in milliseconds. */
const usualBoot = 60_000

/** Lets a machine boot from now on. */
export const boot = (machine: Held, now: number): void => {
  machine.mark = null
  machine.upAt = now + (machine.offer.bootMillis ?? usualBoot)
  machine.since ??= now
}

/** Whether the cloud shows a machine. */
export const isShown = ({ endedAt, isHidden }: Held): boolean => endedAt === null && !isHidden

/** What a machine is at a moment. */
export const stateOf = ({ mark, upAt }: Held, now: number): MemoryState => mark ?? (now < upAt ? "booting" : "up")

/** Puts a machine on the account; answers its id. */
export const make = (
  world: World,
  given: Pick<MemoryMachine, "name" | "offer" | "spec" | "price">,
  now: number
): string => {
  const id = `m-${world.machines.size + 1}`
  const machine: Held = {
    ...{ id, ...given, madeAt: now, endedAt: null, upAt: now, mark: null },
    ...{ said: null, charged: 0, since: null, lines: ["started"], isHidden: false }
  }
  boot(machine, now)
  world.machines.set(id, machine)
  return id
}

/** Lets a machine cost nothing from now on. */
export const pause = (machine: Held, now: number): void => {
  if (machine.since === null) return
  machine.charged += Math.max(0, now - machine.since)
  machine.since = null
}

/** One call of a client. */
export interface CallRecord {
  readonly call: MemoryCall
  /** Epoch milliseconds. */
  readonly at: number
  /** The launch of a `create`, the new name of a `rename`; else null. */
  readonly input: unknown
}

/** What a cloud in memory is. */
export interface World {
  offers: ReadonlyArray<MemoryOffer>
  readonly machines: Map<string, Held>
  readonly calls: Array<CallRecord>
  /** What the client's wall clock was ahead of its monotonic one at the first call, in milliseconds. */
  began: number | null
  readonly credit: Money
  readonly faults: Array<{ readonly call: MemoryCall; readonly fault: MemoryFault; left: number }>
}

/** What all machines have cost until a moment. */
export const spentBy = (world: World, now: number): Money =>
  [...world.machines.values()].reduce(
    (sum, machine) => addMoney(sum, costOf(machine, now)),
    zero(world.credit.currency)
  )

/** Refuses a create for which there is no offer, or no money. */
export const refusalOf = (world: World, id: string, price: Money | null, now: number): GpuError | null => {
  if (!world.offers.some((offer) => offer.id === id)) {
    return new NoCapacity({ message: `the offer ${id} is gone`, retry: "permanent" })
  }
  if (price === null) return null
  const available = subtractMoney(world.credit, spentBy(world, now))
  return available.micros > 0 && compareAtPar(available, price) >= 0
    ? null
    : new OutOfFunds({
        message: "the account does not hold what an hour costs: add credit",
        retry: "permanent",
        available,
        needed: price,
        ownLimit: false
      })
}

const lost = (call: MemoryCall): Network =>
  new Network({ message: `${call}: the answer was lost`, retry: "temporary", sent: "maybe" })

/** The fault that is armed for a call, used up by that. */
const faultFor = (world: World, call: MemoryCall): MemoryFault | null => {
  const armed = world.faults.find((one) => one.call === call && one.left > 0)
  if (!armed) return null
  armed.left -= 1
  return armed.fault
}

/**
 * The cloud's own time, in epoch milliseconds: what is done to the client's wall clock after the first call changes
 * nothing.
 */
const nowOf = (world: World): Effect.Effect<number> =>
  Effect.map(currentMoment, ({ wall, monotonic }) => {
    world.began ??= wall - monotonic
    return world.began + monotonic
  })

/** Carries out a call, unless a fault is armed for it; `input` is what `calls` shows of it. */
export const carry = <A>(
  world: World,
  call: MemoryCall,
  act: (now: number) => A | GpuError,
  input: unknown = null
): Effect.Effect<A, GpuError> =>
  Effect.flatMap(nowOf(world), (now) => {
    world.calls.push({ call, at: now, input })
    const fault = faultFor(world, call)
    if (fault === "ignored") return Effect.die(`${call} answers something: it cannot be ignored`)
    if (fault !== null && fault !== "answer-lost") return Effect.fail(fault)
    const answer = act(now)
    if (fault !== null) return Effect.fail(lost(call))
    return isGpuError(answer) ? Effect.fail(answer) : Effect.succeed(answer)
  })

/** The same of a call that answers nothing: it can be ignored. */
export const carryChange = (
  world: World,
  call: Change,
  act: (now: number) => void,
  input?: unknown
): Effect.Effect<void, GpuError> =>
  Effect.suspend(() => {
    const armed = world.faults.find((one) => one.call === call && one.left > 0)
    if (armed?.fault !== "ignored") return carry(world, call, act, input)
    armed.left -= 1
    return Effect.map(nowOf(world), (now) => void world.calls.push({ call, at: now, input }))
  })
