import type { OperationContext } from "@anygpu/operations"
import type { Ledger, SpendLimit } from "anygpu"
import { makeRound, type Round, type Timers } from "../timers.ts"
import { lookAtBalances } from "./balances.ts"
import { kindsOf } from "./kinds.ts"
import { lookAtLedger } from "./ledger-look.ts"
import { lookAtPlace } from "./places.ts"
import { makeSightings } from "./sightings.ts"
import { type LiveState, makeLiveState } from "./state.ts"

/** What is shown live, and what looks for it. */
export interface Live {
  readonly state: LiveState
  /** Somebody looks, until he calls what this answers. The first one lets the looks begin, the last one ends them. */
  readonly join: () => () => void
  /** Something was changed: ledger and clouds are looked at as soon as somebody looks. */
  readonly changed: () => void
  /** Ends the looks, and waits for those under way. */
  readonly close: () => Promise<void>
}

/** What is looked at, and how. */
export interface LiveOptions {
  readonly context: Omit<OperationContext, "signal">
  readonly spending: SpendLimit | null
  readonly timers: Timers
}

/** A ledger that says when another process has changed it. */
type Announcing = Ledger & { readonly onChange: (listener: () => void) => () => Promise<void> }

const announces = (ledger: Ledger): ledger is Announcing =>
  "onChange" in ledger && typeof ledger.onChange === "function"

const roundsOf = async ({ context, spending, timers }: LiveOptions, state: LiveState) => {
  const sightings = makeSightings()
  const { look, renew } = lookAtLedger({ context, spending, state, sightings, monotonic: timers.monotonic })
  const ledger = makeRound(timers, look)
  const answered = () => ledger.ring()
  const kinds = kindsOf(await context.gpu())
  const places = kinds.map((kind) => makeRound(timers, lookAtPlace(kind, { context, state, sightings, answered })))
  return { ledger, renew, places, balances: makeRound(timers, lookAtBalances(context, state)) }
}

/**
 * Looks at ledger and clouds as long as somebody looks, once for all who do.
 *
 * - The ledger is shown at once. Each cloud is looked at on its own: one that is slow or down holds up nothing else.
 */
export const makeLive = async (options: LiveOptions): Promise<Live> => {
  const state = makeLiveState()
  const { ledger, renew, places, balances } = await roundsOf(options, state)
  const memory = await options.context.ledger()
  const underWay = new Set<Promise<unknown>>()
  let lookers = 0
  let end: (() => void) | null = null

  const begin = (): (() => void) => {
    const over = new AbortController()
    const rounds: ReadonlyArray<Round> = [ledger, ...places, balances]
    const running = Promise.all(rounds.map((round) => round.run(over.signal)))
    const stop = announces(memory) ? memory.onChange(ledger.ring) : null
    underWay.add(running)
    running.finally(() => underWay.delete(running)).catch(() => {})
    return () => {
      over.abort()
      if (!stop) return
      const stopping = stop().catch(() => {})
      underWay.add(stopping)
      void stopping.finally(() => underWay.delete(stopping))
    }
  }

  return {
    state,
    join: () => {
      lookers += 1
      end ??= begin()
      let isGone = false
      return () => {
        if (isGone) return
        isGone = true
        lookers -= 1
        if (lookers > 0) return
        end?.()
        end = null
      }
    },
    changed: () => {
      renew()
      for (const round of [ledger, ...places]) round.ring()
    },
    close: async () => {
      end?.()
      end = null
      await Promise.allSettled(underWay)
    }
  }
}
