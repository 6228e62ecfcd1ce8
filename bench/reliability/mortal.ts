import type { Ledger, PlainClock } from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { Send } from "./market.ts"
import type { World } from "./world.ts"

/**
 * A process that can be killed at any step: a request that leaves or whose answer comes, a write of the ledger that
 * begins or is done.
 *
 * - From then on nothing it does reaches anybody, and nothing comes back: its fibers are simply left.
 */
export interface Mortal {
  readonly clock: PlainClock
  readonly send: Send
  /** A ledger as this process can use it. */
  ledger(ledger: Ledger): Ledger
  /** Takes a step; never resolves when the process is dead. */
  step(what: string): Promise<void>
  /** Resolves when it is killed. */
  readonly death: Promise<void>
  isDead(): boolean
}

/** Starts a process in a world, killed at its n-th step; null lets it live. */
export const createMortal = (world: World, name: string, killAt: number | null): Mortal => {
  const { clock, clouds } = world
  const { promise: death, resolve } = Promise.withResolvers<void>()
  const never = new Promise<never>(() => {})
  const end = new AbortController()
  let steps = 0
  let dead = false

  const lives = (what: string): boolean => {
    if (dead) return false
    steps += 1
    if (steps !== killAt) return true
    dead = true
    world.note(`${name} is killed at step ${steps}: ${what}`)
    end.abort()
    resolve()
    return false
  }
  const step = async (what: string) => {
    if (!lives(what)) await never
  }
  const read = <A, E>(effect: Effect.Effect<A, E>) => Effect.suspend(() => (dead ? Effect.never : effect))
  const write = <A, E>(what: string, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      if (!lives(`before ${what}`)) return Effect.never
      return Effect.flatMap(Effect.exit(effect), (exit) => (lives(`after ${what}`) ? exit : Effect.never))
    })

  return {
    death,
    step,
    isDead: () => dead,
    clock: {
      now: clock.now,
      sleep: async (ms, signal) => {
        const either = signal ? AbortSignal.any([signal, end.signal]) : end.signal
        await clock.sleep(ms, either).catch((error: unknown) => (dead ? never : Promise.reject(error)))
        if (dead) await never
      }
    },
    send: (cloud) => async (url, init) => {
      const what = `${init.method} ${new URL(url).pathname}`
      await step(`before ${what}`)
      const answer = clouds[cloud].fetch(url, init).finally(() => step(`after ${what}`))
      return answer
    },
    ledger: (ledger) => ({
      openLaunch: (launch, reservation) => write("openLaunch", ledger.openLaunch(launch, reservation)),
      recommit: (marker, reservation) => write("recommit", ledger.recommit(marker, reservation)),
      settleLaunch: (marker, outcome) => write("settleLaunch", ledger.settleLaunch(marker, outcome)),
      renewLease: (marker, until) => write("renewLease", ledger.renewLease(marker, until)),
      intend: (ref, intent) => write("intend", ledger.intend(ref, intent)),
      seen: (refs, at) => write("seen", ledger.seen(refs, at)),
      gone: (ref, at) => write("gone", ledger.gone(ref, at)),
      launches: (query) => read(ledger.launches(query)),
      machines: (provider, kind) => read(ledger.machines(provider, kind)),
      machine: (ref) => read(ledger.machine(ref)),
      commitments: (budget) => read(ledger.commitments(budget)),
      failed: (host, at) => write("failed", ledger.failed(host, at)),
      failures: () => read(ledger.failures())
    })
  }
}
