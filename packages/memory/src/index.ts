import { type Cloud, type Kind, type Money, money } from "@anygpu/core"
import type { MemoryState } from "./lifecycle.ts"
import { type MemoryOffer, usualOffers } from "./market.ts"
import { providerOf } from "./provider.ts"
import {
  type CallRecord,
  costOf,
  type Held,
  type MemoryCall,
  type MemoryFault,
  type MemoryMachine,
  pause,
  stateOf,
  type World
} from "./world.ts"

export type { MemoryState } from "./lifecycle.ts"
export type { MemoryOffer } from "./market.ts"
export type { CallRecord, MemoryCall, MemoryFault, MemoryMachine } from "./world.ts"

/** What a cloud in memory begins with. */
export interface MemoryOptions<Name extends string = string, K extends Kind = Kind> {
  /** As refs have it; "memory" when absent. */
  readonly name?: Name
  /** What it rents out; VMs when absent. */
  readonly kind?: K
  /** What can be rented; three sizes when absent. Nobody takes an offer away: see `setOffers`. */
  readonly offers?: ReadonlyArray<MemoryOffer>
  /** What the account holds; 1000 dollars when absent. */
  readonly credit?: Money
}

/** A whole cloud in memory, and what a test can do to it. */
export interface MemoryCloud<Name extends string, K extends Kind>
  extends Cloud<Name, { readonly machines: ReturnType<typeof providerOf<Name, K>> }, null> {
  readonly machines: ReturnType<typeof providerOf<Name, K>>
  /** The same cloud, as another process opens it. */
  reopen(): MemoryCloud<Name, K>
  /** Every machine that was ever made, the oldest first, as the cloud itself knows it. */
  truth(): ReadonlyArray<MemoryMachine>
  /** Those that exist: whatever is in here may cost money. */
  alive(): ReadonlyArray<MemoryMachine>
  /**
   * What a machine is at a moment, in epoch milliseconds; null once it is gone. `RangeError` for an id that there is not.
   */
  stateOf(id: string, now: number): MemoryState | null
  /** What a machine has cost until a moment, in epoch milliseconds; throws `RangeError` for an id that there is not. */
  costOf(id: string, now: number): Money
  /** Everything that clients asked for so far, the oldest first. */
  calls(): ReadonlyArray<CallRecord>
  /** Lets the next calls of a sort go wrong, one of them when not said otherwise; the returned function disarms that. */
  fail<Call extends MemoryCall>(call: Call, fault: MemoryFault<Call>, times?: number): () => void
  /** Lets the boot of a machine fail, with words of the cloud's. */
  failBoot(id: string, said?: string): void
  /** What the cloud says of a machine from now on, in its own words; null when it says nothing. */
  say(id: string, words: string | null): void
  /** Lets a machine boot for ever. */
  stall(id: string): void
  /** Lets neither lists nor reads show a machine, which lives on; the returned function ends that. */
  hide(id: string): () => void
  /** Takes a machine away from its user, at a moment in epoch milliseconds: from then on it costs nothing. */
  take(id: string, now: number): void
  /** Adds lines to what a machine has printed. */
  print(id: string, ...lines: ReadonlyArray<string>): void
  /** What can be rented from now on. */
  setOffers(offers: ReadonlyArray<MemoryOffer>): void
}

/** A cloud as one process has it. */
const openOn = <Name extends string, K extends Kind>(world: World, name: Name, kind: K): MemoryCloud<Name, K> => {
  const machines = providerOf(world, name, kind)
  const held = (id: string): Held => {
    const machine = world.machines.get(id)
    if (machine) return machine
    throw new RangeError(`${name} has made no machine ${id}: it has ${[...world.machines.keys()].join(", ") || "none"}`)
  }
  return {
    ...{ name, kinds: { machines }, machines, native: null },
    reopen: () => openOn(world, name, kind),
    truth: () => [...world.machines.values()],
    alive: () => [...world.machines.values()].filter(({ endedAt }) => endedAt === null),
    stateOf: (id, now) => {
      const machine = held(id)
      return machine.endedAt === null ? stateOf(machine, now) : null
    },
    costOf: (id, now) => costOf(held(id), now),
    calls: () => world.calls,
    fail: (call, fault, times = 1) => {
      const armed = { call, fault, left: times }
      world.faults.push(armed)
      return () => {
        armed.left = 0
      }
    },
    failBoot: (id, said = "the machine did not come up") => {
      Object.assign(held(id), { mark: "failed", said })
    },
    say: (id, words) => {
      held(id).said = words
    },
    stall: (id) => {
      held(id).upAt = Number.POSITIVE_INFINITY
    },
    hide: (id) => {
      const machine = held(id)
      machine.isHidden = true
      return () => {
        machine.isHidden = false
      }
    },
    take: (id, now) => {
      const machine = held(id)
      machine.mark = "taken"
      pause(machine, now)
    },
    print: (id, ...lines) => void held(id).lines.push(...lines),
    setOffers: (next) => {
      world.offers = next
    }
  }
}

/**
 * A whole cloud in memory: nothing is sent, nothing is paid, and time is the client's own clock.
 *
 * - Takes every launch option. A boot takes a minute, or what the offer says; machines are charged by the second.
 * - Ends, lists and reads are right at once. Only a test makes things go wrong: `fail`, `failBoot`, `take`.
 * - For what one real cloud does, in its own words and with its own delays, use its simulator instead.
 *
 * @example
 * ```ts
 * import { memoryCloud } from "@anygpu/memory"
 * import { createGpu } from "anygpu"
 *
 * const cloud = memoryCloud({ offers: [{ id: "a", gpu: "H100", perHour: "2.50" }] })
 * const gpu = createGpu({ clouds: [cloud] })
 * cloud.fail("create", "answer-lost")
 * const [offer] = await gpu.offers({ gpu: "H100" })
 * if (offer) await gpu.rent({ offer, name: "job", os: "ubuntu" })
 * console.log(cloud.alive().length)
 * ```
 */
export const memoryCloud = <const Name extends string = "memory", const K extends Kind = "vm">({
  name = "memory" as Name,
  kind = "vm" as K,
  offers = usualOffers,
  credit = money(1000)
}: MemoryOptions<Name, K> = {}): MemoryCloud<Name, K> => {
  return openOn({ offers, credit, machines: new Map(), calls: [], faults: [], began: null }, name, kind)
}
