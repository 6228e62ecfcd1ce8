import { type Ledger, type PlainClock, ProviderFault } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { ofCloud } from "../cloud-list.ts"
import type { Send } from "./market.ts"
import type { Blow, BrokenWrites } from "./scenario.ts"
import type { World } from "./world.ts"

/**
 * A process that can be killed or frozen at any step: a request that leaves or whose answer comes, a read or a write of the
 * ledger that begins or is done.
 *
 * - Killed: from then on nothing it does reaches anybody, and nothing comes back: its fibers are simply left.
 * - Frozen: the same until it is resumed. Then its timers that fell due fire first, and what came from the network or the
 *   disk meanwhile is handled after that, as an event loop does.
 */
export interface Mortal {
  readonly name: string
  /** Time as its computer tells it; it waits as long as it means to, whatever that clock is set to. */
  readonly clock: PlainClock
  readonly send: Send
  /** A ledger as this process can use it. */
  ledger(ledger: Ledger): Ledger
  /** Takes a step; never resolves when the process is dead. */
  step(what: string): Promise<void>
  /** Resolves when it is killed. */
  readonly death: Promise<void>
  /** Resolves when it is frozen. */
  readonly freeze: Promise<void>
  isDead(): boolean
  /** When it was resumed, in its computer's time; null when it never was. */
  resumedAt(): number | null
}

/** What holds a frozen process: its timers, and all else. */
interface Ice {
  readonly timers: PromiseWithResolvers<void>
  readonly others: PromiseWithResolvers<void>
}

const diskFull = () =>
  new ProviderFault({ message: "the ledger cannot be written: disk is full", retry: "temporary", operation: "ledger" })

const reads: ReadonlySet<string> = new Set([
  ...["launches", "machines", "machine", "commitments", "failures", "runs"],
  ...["history", "now"]
])

const eventLoopTurn = () => new Promise<void>((done) => setImmediate(done))

/** Starts a process in a world; a blow meets it at one of its steps, and some of its writes fail. */
export const createMortal = (
  world: World,
  name: string,
  blow: Blow | null,
  broken: ReadonlyArray<BrokenWrites> = []
): Mortal => {
  const { clock, clouds } = world
  const { promise: death, resolve: die } = Promise.withResolvers<void>()
  const { promise: freeze, resolve: freezeNow } = Promise.withResolvers<void>()
  const never = new Promise<never>(() => {})
  const end = new AbortController()
  let [steps, writes] = [0, 0]
  let dead = false
  let ice: Ice | null = null
  let resumedAt: number | null = null

  const thaw = async (seconds: number, { timers, others }: Ice) => {
    await clock.sleep(seconds * 1000)
    const release = clock.hold()
    world.note(`${name} is resumed`)
    ice = null
    resumedAt = world.wall()
    timers.resolve()
    for (let turn = 0; turn < 4; turn++) await eventLoopTurn()
    others.resolve()
    release()
  }
  /** Counts a step, at which the blow may come. */
  const count = (what: string): void => {
    steps += 1
    if (!blow || steps !== blow.at) return
    const { frozenFor } = blow
    world.note(`${name} is ${frozenFor === null ? "killed" : `frozen for ${frozenFor} s`} at step ${steps}: ${what}`)
    world.struck(frozenFor === null ? "processes killed" : "processes frozen")
    if (frozenFor === null) {
      dead = true
      end.abort()
      die()
      return
    }
    ice = { timers: Promise.withResolvers(), others: Promise.withResolvers() }
    void thaw(frozenFor, ice)
    freezeNow()
  }
  const step = async (what: string) => {
    if (ice) await ice.others.promise
    if (!dead) count(what)
    if (ice) await ice.others.promise
    if (dead) await never
  }
  const stepped = <A, E>(what: string, next: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      if (!ice && !dead) count(what)
      if (dead) return Effect.never
      if (!ice) return next
      return Effect.andThen(
        Effect.promise(() => ice?.others.promise ?? Promise.resolve()),
        next
      )
    })

  const fails = () => broken.find(({ from, times }) => writes >= from && writes < from + times)
  const write = <A>(what: string, effect: Effect.Effect<A, ProviderFault>): Effect.Effect<A, ProviderFault> =>
    stepped(
      `before ${what}`,
      Effect.suspend(() => {
        writes += 1
        const failure = fails()
        if (failure) {
          world.struck("ledger writes that failed")
          world.note(`${name} cannot write its ledger: ${what}${failure.tookPlace ? ", which took place" : ""}`)
        }
        if (failure && !failure.tookPlace) return Effect.fail(diskFull())
        return Effect.flatMap(Effect.exit(effect), (exit) =>
          stepped(`after ${what}`, failure ? Effect.fail(diskFull()) : exit)
        )
      })
    )
  const read = <A>(what: string, effect: Effect.Effect<A, ProviderFault>): Effect.Effect<A, ProviderFault> =>
    Effect.flatMap(Effect.exit(effect), (exit) => stepped(`after reading ${what}`, exit))

  return {
    ...{ name, death, freeze, step },
    isDead: () => dead,
    resumedAt: () => resumedAt,
    clock: {
      now: world.wall,
      monotonic: clock.now,
      sleep: async (ms, signal) => {
        const either = signal ? AbortSignal.any([signal, end.signal]) : end.signal
        await clock.sleep(ms, either).catch((error: unknown) => (dead ? never : Promise.reject(error)))
        if (ice) await ice.timers.promise
        if (dead) await never
      }
    },
    send: (cloud) => async (url, init) => {
      const what = `${init.method} ${new URL(url).pathname}`
      await step(`before ${what}`)
      // A timer may have ended the request while the process stood still: then it never leaves.
      init.signal?.throwIfAborted()
      const answer = ofCloud(clouds, cloud)
        .fetch(url, init)
        .finally(() => step(`after ${what}`))
      return answer
    },
    ledger: (ledger) => {
      const guard = (operation: string, run: (...args: never[]) => Effect.Effect<unknown, ProviderFault>) => {
        const around = reads.has(operation) ? read : write
        return (...args: never[]) =>
          around(
            operation,
            Effect.suspend(() => run(...args))
          )
      }
      const methods = Object.entries(ledger as unknown as Readonly<Record<string, () => never>>)
      // Whatever operations a ledger has: each is a step, and all but the reads are writes.
      return Object.fromEntries(
        methods.map(([operation, run]) => [operation, operation === "close" ? run : guard(operation, run)])
      ) as unknown as Ledger
    }
  }
}
