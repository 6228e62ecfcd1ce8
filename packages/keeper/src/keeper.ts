import { hostname } from "node:os"
import {
  type AnyProvider,
  type Cloud,
  CurrentLedger,
  clockFrom,
  type GpuError,
  InvalidRequest,
  isGpuError,
  type KeeperRecord,
  type Ledger,
  type PlainClock
} from "@anygpu/core"
import { EndingBy, providersOf } from "anygpu/effect"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { bossEngine, type JobPlace } from "./boss/engine.ts"
import { type Ground, workOf } from "./duties.ts"
import type { Engine } from "./engine.ts"
import { type Health, type Listen, type OpenServer, openServer } from "./http.ts"
import { jsonLog, type Log, messageOf } from "./log.ts"
import { makeMetrics } from "./metrics.ts"
import { openOrders, orderParts, orderWakes } from "./orders.ts"
import type { FindSecret } from "./secrets.ts"
import { systemTimers, type TimerClock, timerEngine, timersOn } from "./timer-engine.ts"

/** What a keeper is made of. */
export interface KeeperOptions {
  /** The clouds whose machines it ends; of others it says that it cannot. */
  readonly clouds: ReadonlyArray<Cloud>
  /** Any ledger. It is the caller's to close, once the keeper has stopped. */
  readonly ledger: Ledger
  /** Where the jobs are, for a ledger in Postgres; timers of this process when absent. */
  readonly jobs?: JobPlace
  /** Where it answers how it is; nowhere when absent. */
  readonly listen?: Listen
  /** How often the prices of the market are written down, in the ledger, by one of all keepers; not at all when absent. */
  readonly prices?: { readonly every: Duration.Input }
  /** The secrets that orders name, such as `secretsFrom({ env: process.env })`; it has none when absent. */
  readonly secrets?: FindSecret
  /** JSON lines on the standard output when absent. */
  readonly log?: Log
  /** The clock of what is asked of clouds and ledger, and of timers; this computer's when absent. */
  readonly clock?: PlainClock
}

/** A keeper that runs. */
export interface Keeper extends AsyncDisposable {
  /** Unique for each time that it is started: what the ledger calls it. */
  readonly id: string
  /** Where it answers, such as `http://127.0.0.1:9464`; null where it does not. */
  readonly url: string | null
  readonly health: () => Health
  /** The text format of Prometheus. */
  readonly metrics: () => string
  /** Begins nothing more, waits for what is under way, and takes its name out of the ledger. */
  readonly stop: () => Promise<void>
}

/** How often it says to the ledger that it is alive, and how long that is believed; in milliseconds. */
const [announceEvery, believedFor] = [10_000, 30_000]

/** How often wakes are made again that are missing, in milliseconds. */
const reconcileEvery = 60_000

/** How often the ledger is read for new orders where nothing wakes a keeper for them, in milliseconds. */
const ordersEvery = 5000

/** What is under way may take so many milliseconds when it is to stop; then it is interrupted, and left to other keepers. */
const patience = 25_000

/** Runs an effect on the ledger, as a promise that rejects with the error of the catalogue, as the SDK does. */
const runnerOf =
  (id: string, signal: AbortSignal, { ledger, clock }: KeeperOptions) =>
  async <A>(effect: Effect.Effect<A, GpuError>): Promise<A> => {
    const named = Effect.provideService(effect, EndingBy, id)
    const onLedger = Effect.provideService(named, CurrentLedger, ledger)
    const timed = clock ? Effect.provideService(onLedger, Clock.Clock, clockFrom(clock)) : onLedger
    const exit = await Effect.runPromiseExit(timed, { signal })
    if (Exit.isSuccess(exit)) return exit.value
    const error: unknown = Cause.squash(exit.cause)
    throw isGpuError(error) || error instanceof Error ? error : new Error(String(error))
  }

const recordOf = (id: string, providers: ReadonlyArray<AnyProvider>): KeeperRecord => ({
  ...{ id, host: hostname(), since: Date.now() },
  places: providers.map(({ provider, kind }) => `${provider}/${kind}`).sort()
})

/** Says to the ledger that a keeper is alive, and keeps in mind whether that could be said. */
const announcer = (record: KeeperRecord, { ledger, run, metrics, log }: Ground) => {
  let lastSaid = performance.now()
  return {
    say: async (lasts: number): Promise<void> => {
      try {
        await run(ledger.announceKeeper(record, lasts))
        lastSaid = performance.now()
        metrics.set("anygpu_keeper_ledger_up", 1)
      } catch (error) {
        metrics.set("anygpu_keeper_ledger_up", 0)
        log("error", "ledger-unreachable", { error: messageOf(error) })
      }
    },
    isHeard: () => performance.now() - lastSaid < believedFor
  }
}

/** What is repeated, so many milliseconds after the end of the round before, until it is cancelled. */
const repeat = ({ after }: TimerClock, millis: number, round: () => Promise<unknown>): (() => void) => {
  let isOver = false
  let cancel = () => {}
  const again = (): void => {
    if (isOver) return
    cancel = after(millis, () => void round().finally(again))
  }
  again()
  return () => {
    isOver = true
    cancel()
  }
}

/** Prices are kept to the minute. */
const leastPrices = 60_000

const pricesEveryOf = ({ prices }: KeeperOptions): number | null => {
  if (prices === undefined) return null
  const every = Option.map(Duration.fromInput(prices.every), Duration.toMillis)
  if (Option.isSome(every) && Number.isFinite(every.value) && every.value >= leastPrices) return every.value
  throw InvalidRequest.of("prices.every", "must be a time of a minute or more: prices are kept to the minute")
}

const engineOf = ({ jobs }: KeeperOptions, timers: TimerClock, log: Log): Engine =>
  jobs === undefined ? timerEngine(timers) : bossEngine(jobs, log)

const healthOf = (id: string, isHeard: boolean, isWoken: boolean): Health => {
  const problems = [
    ...(isHeard ? [] : ["the ledger was not reached for 30 seconds"]),
    ...(isWoken ? [] : ["the queue of jobs was not reached for 30 seconds"])
  ]
  return { isWell: problems.length === 0, id, problems }
}

/** Lets work come to its end, and interrupts it when that takes too long. */
const within = async (millis: number, work: Promise<unknown>, interrupt: () => void): Promise<void> => {
  const timer = setTimeout(interrupt, millis)
  await work.finally(() => clearTimeout(timer))
}

/**
 * Starts a process that stays awake: it ends machines when their leases run out, settles launches whose process died, makes the
 * launches that are ordered, and sweeps what is left, for everybody who writes to the same ledger.
 *
 * - The ledger is the truth. Whatever wakes a keeper only lets it read the ledger; a wake that is lost is made again
 *   within a minute. A create is never repeated.
 * - Two or more at once share the work: each end is claimed in the ledger, and taken over from one that died or froze.
 * - With `jobs`, which need a Postgres of at least version 13, that takes ten seconds. Without, each has timers of its own.
 * - While it lives, the ledger names it, and `list` and `show` say that a keeper ends what is leased.
 * - With `prices` it writes down what the market costs, for `market`; of several keepers one does each look.
 * - Fails with `InvalidRequest` for a time that is none, with `ProviderFault` when the ledger cannot be reached at its start, and as `pg-boss` does when its tables cannot
 *   be made. Later it goes on trying, and `health` says so.
 *
 * @example
 * ```ts
 * import { startKeeper } from "@anygpu/keeper"
 * import { postgresLedger } from "@anygpu/postgres"
 * import { vast } from "@anygpu/vast"
 *
 * const url = "postgres://anygpu@db.example:5432/team?sslmode=verify-full"
 * await using ledger = postgresLedger(url)
 * await using keeper = await startKeeper({ clouds: [vast({ apiKey: "..." })], ledger, jobs: { url }, listen: { port: 9464 } })
 * console.log(`keeper ${keeper.id} answers at ${keeper.url}`)
 * await new Promise((resolve) => process.once("SIGTERM", resolve))
 * ```
 */
export const startKeeper = async (options: KeeperOptions): Promise<Keeper> => {
  const {
    clouds,
    ledger,
    listen,
    jobs,
    secrets = () => null,
    log = jsonLog((line) => void process.stdout.write(line))
  } = options
  const id = `${hostname()}-${crypto.randomUUID().slice(0, 8)}`
  const interrupt = new AbortController()
  const run = runnerOf(id, interrupt.signal, options)
  const metrics = makeMetrics()
  const timers = options.clock ? timersOn(options.clock) : systemTimers
  const engine = engineOf(options, timers, log)
  const providers = providersOf(clouds)
  const ground: Ground = {
    ...{ providers, ledger, log, metrics, run, wake: engine.wake, monotonic: () => performance.now() },
    orders: orderParts({ clouds, ledger }, id, secrets),
    pricesEvery: pricesEveryOf(options)
  }
  const record = recordOf(id, providers)
  const { say, isHeard } = announcer(record, ground)
  // Its tables are made by that, which the engine needs.
  await run(ledger.announceKeeper(record, believedFor))
  await engine.start(workOf(ground))
  const health = () => healthOf(id, isHeard(), engine.isWell())
  const reconcile = async () =>
    engine
      .wake([{ duty: "reconcile", marker: "all", at: 0 }])
      .catch((error: unknown) => log("warn", "reconcile-not-asked", { error: String(error) }))
  /** Another process writes orders into a file, and nothing wakes this one for it. */
  const findOrders = async () => {
    await engine.wake(orderWakes(await run(ledger.orders(openOrders))))
  }
  const server: OpenServer | null = listen ? await openServer(listen, { health, metrics: metrics.text }) : null
  await reconcile()
  const cancels = [
    repeat(timers, announceEvery, () => say(believedFor)),
    repeat(timers, reconcileEvery, reconcile),
    ...(jobs === undefined ? [repeat(timers, ordersEvery, () => findOrders().catch(() => {}))] : [])
  ]
  log("info", "started", { id, places: record.places, url: server?.url ?? null })
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    for (const cancel of cancels) cancel()
    await within(patience, engine.stop(), () => interrupt.abort())
    await Effect.runPromise(Effect.ignore(ledger.announceKeeper(record, 0)))
    await server?.close()
    log("info", "stopped", { id })
  }
  const stopOnce = () => {
    stopped ??= stop()
    return stopped
  }
  return {
    id,
    url: server?.url ?? null,
    health,
    metrics: metrics.text,
    stop: stopOnce,
    [Symbol.asyncDispose]: stopOnce
  }
}
