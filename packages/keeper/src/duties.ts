import type { AnyProvider, GpuError, Ledger } from "@anygpu/core"
import { type DueOutcome, endDue, type OrderParts, recordPricesWith, sweep } from "anygpu/effect"
import type * as Effect from "effect/Effect"
import { settleAfter } from "./boss/wake-trigger.ts"
import type { Wake, Work } from "./engine.ts"
import { type Log, messageOf } from "./log.ts"
import type { Metrics } from "./metrics.ts"
import { launchOrder, openOrders, orderWakes } from "./orders.ts"

/** What a keeper works with. */
export interface Ground {
  readonly providers: ReadonlyArray<AnyProvider>
  readonly ledger: Ledger
  /** What orders are made with. */
  readonly orders: OrderParts
  readonly log: Log
  readonly metrics: Metrics
  readonly wake: (wakes: ReadonlyArray<Wake>) => Promise<void>
  /** Runs what a keeper does; what is under way is interrupted when it has to end. */
  readonly run: <A>(effect: Effect.Effect<A, GpuError>) => Promise<A>
  /** Milliseconds of a clock that is never set. */
  readonly monotonic: () => number
  /** How often prices are written down, in milliseconds; null for never. */
  readonly pricesEvery: number | null
}

/** How far ahead wakes are made again that are missing, in milliseconds: more than the time from one reconciling to the next. */
const ahead = 180_000

/** How often everything is swept: what showed again after its end, and what came late. In milliseconds. */
const sweepEvery = 300_000

/** After so many milliseconds an end is looked at again that another process is making. */
const lookAgain = 2000

const place = ({ provider, kind }: { readonly provider: string; readonly kind: string }) => `${provider}/${kind}`

/** When to look at an end again; null for never. A failed one comes back by reconciling. */
const againAfter = (outcome: DueOutcome): number | null => (outcome.is === "elsewhere" ? lookAgain : null)

/** Ends one machine, if the ledger says so. */
const endOne = async (on: Ground, marker: string): Promise<number | null> => {
  const { providers, ledger, log, metrics, wake, run } = on
  try {
    const outcome = await run(endDue(providers, ledger, marker))
    metrics.count("anygpu_keeper_ends_total", `result="${outcome.is}"`)
    if (outcome.is === "ended") {
      const { ended, late } = outcome
      metrics.late(late)
      log("info", "ended", { marker, ref: String(ended.ref), late, alreadyGone: ended.alreadyGone })
      for (const left of ended.leftovers) log("warn", "leftover", { marker, ref: String(ended.ref), left })
    }
    if (outcome.is === "later") await wake([{ duty: "end", marker, at: outcome.until }])
    if (outcome.is === "unsettled") await wake([{ duty: "settle", marker, at: 0 }])
    return againAfter(outcome)
  } catch (error) {
    metrics.count("anygpu_keeper_ends_total", 'result="failed"')
    log("error", "end-failed", { marker, error: messageOf(error) })
    return null
  }
}

/** Looks for what came of launches of unknown outcome: one look at a time for each provider, for all that wait for it. */
const settler = (on: Ground) => {
  const looks = new Map<string, Promise<unknown>>()
  const look = (provider: AnyProvider): Promise<unknown> => {
    const name = place(provider)
    const begun = looks.get(name) ?? on.run(provider.recover()).finally(() => looks.delete(name))
    looks.set(name, begun)
    return begun
  }
  return async (marker: string): Promise<number | null> => {
    const { ledger, providers, metrics, log, run } = on
    const isOpen = async () => {
      const [launch] = await run(ledger.launches({ marker }))
      return launch && (launch.state === "open" || launch.state === "unsettled") ? launch : null
    }
    const launch = await isOpen()
    const provider = launch && providers.find((one) => place(one) === place(launch))
    if (!launch || !provider) return null
    try {
      await look(provider)
      const isSettled = (await isOpen()) === null
      metrics.count("anygpu_keeper_settles_total", `result="${isSettled ? "settled" : "open"}"`)
      if (isSettled) log("info", "settled", { marker })
    } catch (error) {
      metrics.count("anygpu_keeper_settles_total", 'result="failed"')
      log("warn", "settle-failed", { marker, error: messageOf(error) })
    }
    return null
  }
}

/** Writes the prices of the market down; what one cloud lacks stops no other, and a look that fails is followed by the next. */
const recordMarket = async ({ providers, ledger, run, metrics, log }: Ground): Promise<null> => {
  try {
    const { changed, gone, same, problems } = await run(recordPricesWith(providers, ledger)())
    log("info", "prices", { changed, gone, same })
    for (const { provider, part, error } of problems)
      log("warn", "prices-problem", { provider, part, error: error.message })
    metrics.count("anygpu_keeper_prices_total", `result="${problems.length > 0 ? "incomplete" : "done"}"`)
  } catch (error) {
    metrics.count("anygpu_keeper_prices_total", 'result="failed"')
    log("error", "prices-failed", { error: messageOf(error) })
  }
  return null
}

/** The next look at the market: at the same moments for all keepers, so that it is one. */
const nextPrices = (every: number | null, now: number): ReadonlyArray<Wake> =>
  every === null ? [] : [{ duty: "prices", marker: "all", at: (Math.floor(now / every) + 1) * every }]

/** Makes the wakes again that the ledger asks for, and says how late things are. */
const reconcileOnce = async ({ ledger, wake, run, metrics, pricesEvery }: Ground): Promise<void> => {
  const now = await run(ledger.now())
  const ends = await run(ledger.launches({ endsBefore: now + ahead, states: ["created", "open", "unsettled"] }))
  const open = await run(ledger.launches({ states: ["open", "unsettled"] }))
  const until = (launch: { readonly leaseUntil: number | null }) => launch.leaseUntil ?? now
  await wake([
    ...nextPrices(pricesEvery, now),
    ...orderWakes(await run(ledger.orders(openOrders))),
    ...ends.map((launch): Wake => ({ duty: "end", marker: launch.marker, at: until(launch) })),
    ...open.filter(({ at }) => now - at >= settleAfter).map(({ marker }): Wake => ({ duty: "settle", marker, at: now }))
  ])
  const due = ends.filter((launch) => until(launch) <= now)
  metrics.set("anygpu_keeper_due", due.length)
  metrics.set(
    "anygpu_keeper_oldest_overdue_seconds",
    due.reduce((most, one) => Math.max(most, now - until(one)), 0) / 1000
  )
  metrics.set("anygpu_keeper_alive", (await run(ledger.keepers())).length)
}

/** Reconciles, and sweeps everything from time to time. */
const reconciler = (on: Ground) => {
  const { log, metrics, providers, ledger, run, monotonic } = on
  let sweptAt = Number.NEGATIVE_INFINITY
  const sweepAll = async (): Promise<void> => {
    sweptAt = monotonic()
    const { ended, failed, problems } = await run(sweep(providers, ledger))
    for (const { ref } of ended) log("info", "swept", { ref: String(ref) })
    for (const { marker, error } of failed) log("error", "sweep-failed", { marker, error: error.message })
    for (const { part, error } of problems) log("warn", "sweep-problem", { part, error: error.message })
    metrics.count(
      "anygpu_keeper_sweeps_total",
      `result="${failed.length + problems.length > 0 ? "incomplete" : "done"}"`
    )
  }
  return async (): Promise<null> => {
    try {
      await reconcileOnce(on)
      metrics.count("anygpu_keeper_reconciles_total", 'result="done"')
      if (monotonic() - sweptAt >= sweepEvery) await sweepAll()
    } catch (error) {
      metrics.count("anygpu_keeper_reconciles_total", 'result="failed"')
      log("error", "reconcile-failed", { error: messageOf(error) })
    }
    return null
  }
}

/** What a keeper does when it is woken up: it reads the ledger, and that alone decides. */
export const workOf = (on: Ground): Work => {
  const settle = settler(on)
  const reconcile = reconciler(on)
  return ({ duty, marker }) => {
    if (duty === "end") return endOne(on, marker)
    if (duty === "launch") return launchOrder(on, marker)
    if (duty === "prices") return recordMarket(on)
    return duty === "settle" ? settle(marker) : reconcile()
  }
}
