import { ProviderFault } from "@anygpu/core"
import type { Store, Stored, Tables } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import { Pool, type PoolClient } from "pg"
import { accountRows } from "./accounts.ts"
import { budgetRows } from "./budgets.ts"
import { channelOf } from "./changes.ts"
import { claimRows } from "./claims.ts"
import { failureRows } from "./failures.ts"
import { faultOf, isCollision, isUnreachable } from "./faults.ts"
import { historyRows } from "./history.ts"
import { keeperRows } from "./keepers.ts"
import { launchRows } from "./launches.ts"
import { machineRows } from "./machines.ts"
import { bringForward } from "./migrate.ts"
import { orderRows } from "./orders.ts"
import { priceRows } from "./prices.ts"
import { runRows } from "./runs.ts"
import type { Session } from "./session.ts"

/** Where a ledger is, and how its connections are made. */
export interface Place {
  /** `postgres://user:password@host:5432/database`, with `sslmode` and the like as `pg` takes them. */
  readonly url: string
  readonly schema: string
  readonly connections: number
  /** For messages: without the password. */
  readonly shown: string
}

/** How long a server that is not reached is asked again, and for how long transactions that met begin again. */
const patience = "20 seconds"

const again = Schedule.min([Schedule.exponential("20 millis"), Schedule.spaced("1 second")]).pipe(
  Schedule.jittered,
  Schedule.upTo({ duration: patience })
)

/** Milliseconds: a process that was frozen in a transaction keeps the others waiting no longer than this. */
const limits = { connectionTimeoutMillis: 10_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 15_000 }

const poolOf = ({ url, connections }: Place): Pool => {
  const pool = new Pool({
    ...{ connectionString: url, max: connections, application_name: "anygpu", ...limits },
    // A ledger that is not closed keeps no program alive.
    allowExitOnIdle: true
  })
  // A connection that breaks while nobody asks it says so here alone: without a listener that ends the process.
  pool.on("error", () => {})
  pool.on("connect", (client) => client.on("error", () => {}))
  return pool
}

/** A schema as statements name it. */
export const nameOf = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** All tables, over one connection. */
export const tablesOf = (session: Session): Tables => ({
  launches: launchRows(session),
  machines: machineRows(session),
  budgets: budgetRows(session),
  failures: failureRows(session),
  runs: runRows(session),
  orders: orderRows(session),
  history: historyRows(session),
  accounts: accountRows(session),
  claims: claimRows(session),
  keepers: keeperRows(session),
  // Not `now()`, which stays at the beginning of its transaction: that may have waited.
  now: () =>
    Effect.map(session.ask("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::text AS now"), ([row]) =>
      Number(row?.["now"])
    ),
  prices: priceRows(session)
})

/** What is done with the tables. */
type Body<A, E> = (tables: Tables) => Effect.Effect<A, E>

/** What became of a transaction whose end was not answered, as a later connection says. */
type Fate = "committed" | "aborted" | "in progress"

/** A ledger's tables in Postgres, and the connections to them. */
export const openDatabase = (place: Place): { readonly store: Store; readonly close: () => Promise<void> } => {
  const pool = poolOf(place)
  const schema = nameOf(place.schema)
  const channel = channelOf(place.schema)

  const called = <A>(call: () => Promise<A>): Stored<A> =>
    Effect.tryPromise({ try: call, catch: (cause) => faultOf(place.shown, cause) })

  const sessionOn = (client: PoolClient, lock: Session["lock"]): Session => ({
    ...{ schema, lock },
    ask: (sql, ...values) =>
      Effect.map(
        called(() => client.query(sql, [...values])),
        ({ rows }) => rows
      )
  })

  /** A connection for one use. One that was left in the middle of something is closed. */
  const onClient = <A, E>(use: (client: PoolClient) => Effect.Effect<A, E>): Effect.Effect<A, E | ProviderFault> =>
    Effect.acquireUseRelease(
      called(() => pool.connect()),
      use,
      (client, exit) => Effect.sync(() => client.release(Exit.isFailure(exit)))
    )

  /** Asks again while the server is not reached: for what was surely not written, or may be written twice. */
  const whileUnreachable = <A, E>(body: Effect.Effect<A, E | ProviderFault>): Effect.Effect<A, E | ProviderFault> =>
    Effect.retry(body, { while: (error) => error instanceof ProviderFault && isUnreachable(error), schedule: again })

  const fateOf = (id: string): Stored<Fate> =>
    whileUnreachable(
      onClient((client) => sessionOn(client, "").ask("SELECT pg_xact_status($1::text::xid8) AS fate", id))
    ).pipe(Effect.map(([row]) => String(row?.["fate"]) as Fate))

  /** What became of it once that is decided: a server that has lost its client notes it soon. */
  const settledFateOf = (id: string): Stored<Fate> =>
    Effect.repeat(fateOf(id), { until: (fate) => fate !== "in progress", schedule: again })

  let isReady = false
  const ready = Effect.suspend(() =>
    isReady
      ? Effect.void
      : onClient((client) => bringForward(sessionOn(client, ""), place)).pipe(
          Effect.tap(() =>
            Effect.sync(() => {
              isReady = true
            })
          )
        )
  )

  /** One transaction: its answer or refusal, and its id where its end was not answered. */
  const transact = <A, E>(body: Body<A, E>) =>
    onClient(
      Effect.fnUntraced(function* (client) {
        const session = sessionOn(client, " FOR NO KEY UPDATE")
        yield* session.ask("BEGIN")
        const [row] = yield* session.ask("SELECT pg_current_xact_id()::text AS id")
        const exit = yield* Effect.exit(body(tablesOf(session)))
        const end = yield* Effect.exit(
          Effect.uninterruptible(session.ask(Exit.isSuccess(exit) ? `NOTIFY ${channel}; COMMIT` : "ROLLBACK"))
        )
        return { exit, lostId: Exit.isFailure(end) && Exit.isSuccess(exit) ? String(row?.["id"]) : null }
      })
    )

  const read = <A, E>(body: Body<A, E>): Effect.Effect<A, E | ProviderFault> =>
    whileUnreachable(ready.pipe(Effect.andThen(onClient((client) => body(tablesOf(sessionOn(client, "")))))))

  const write = <A, E>(body: Body<A, E>): Effect.Effect<A, E | ProviderFault> =>
    ready.pipe(
      Effect.andThen(transact(body)),
      Effect.flatMap(
        ({ exit, lostId }): Effect.Effect<A, E | ProviderFault> =>
          lostId === null
            ? exit
            : Effect.flatMap(settledFateOf(lostId), (fate) => (fate === "committed" ? exit : write(body)))
      ),
      Effect.retry({
        while: (error) => error instanceof ProviderFault && (isUnreachable(error) || isCollision(error)),
        schedule: again
      })
    )

  return { store: { read, write }, close: () => pool.end() }
}
