import type { Cost, EndClaim, ProviderFault } from "@anygpu/core"
import {
  cannotArrive,
  contentsOf,
  fill,
  type LedgerContents,
  type MovablePlace,
  type MoveState,
  type Stored,
  type Tables,
  type Unlisted
} from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import { Client } from "pg"
import { nameOf, tablesOf } from "./database.ts"
import { faultOf } from "./faults.ts"
import { machineOf } from "./machines.ts"
import { bringForward } from "./migrate.ts"
import { seriesOf } from "./prices.ts"
import type { Row, Session } from "./session.ts"
import { decode, unescaped } from "./values.ts"

/** The tables of a ledger's rows, those that a move brings over. */
const copied = [
  ...["launches", "machines", "commitments", "failures", "runs", "orders", "history", "claims", "accounts"],
  ...["price_looks", "price_series", "prices", "market_hours"]
]

const textOf = (value: unknown): string => unescaped(String(value))

const unlistedIn = Effect.fnUntraced(function* ({ ask, schema }: Session): Effect.fn.Return<Unlisted, ProviderFault> {
  const all = <A>(sql: string, of: (row: Row) => A) => Effect.map(ask(sql), (rows) => rows.map(of))
  return {
    machines: yield* all(`SELECT record::text FROM ${schema}.machines ORDER BY sequence`, machineOf),
    held: yield* all(`SELECT marker, budget, cost::text FROM ${schema}.commitments ORDER BY sequence`, (row) => ({
      ...{ marker: textOf(row["marker"]), budget: textOf(row["budget"]), cost: decode<Cost>(row["cost"]) }
    })),
    claims: yield* all(`SELECT record::text FROM ${schema}.claims`, ({ record }) => decode<EndClaim>(record)),
    accounts: yield* all(`SELECT * FROM ${schema}.accounts`, (row) => ({
      ...{ provider: textOf(row["provider"]), name: textOf(row["name"]), account: textOf(row["account"]) }
    })),
    looks: yield* all(`SELECT * FROM ${schema}.price_looks WHERE minute >= 0`, (row) => {
      const { provider, kind, interruptible, minute } = seriesOf(row)
      return { provider, kind, interruptible, minute }
    }),
    prices: yield* all(
      `SELECT s.*, prices.minute, prices.micros FROM ${schema}.price_series AS s JOIN ${schema}.prices ON series = s.id
         ORDER BY prices.minute`,
      seriesOf
    )
  }
})

const stateIn = ({ ask, schema }: Session): Stored<MoveState> =>
  Effect.map(ask(`SELECT * FROM ${schema}.moves`), ([row]): MoveState => {
    if (row === undefined) return { is: "here" }
    const [place, token] = [textOf(row["place"]), String(row["token"])]
    return row["is_left"] === true ? { is: "left", to: place, token } : { is: "arriving", from: place, token }
  })

const note = Effect.fnUntraced(function* ({ ask, schema }: Session, isLeft: boolean, place: string, token: string) {
  yield* ask(`DELETE FROM ${schema}.moves`)
  yield* ask(`INSERT INTO ${schema}.moves (is_left, place, token) VALUES ($1, $2, $3)`, isLeft, place, token)
})

/** Each write of each process is refused from then on, also of those that have it open, and of older versions. */
const refuseWrites = Effect.fnUntraced(function* ({ ask, schema }: Session, to: string) {
  const words = `this ledger was moved to ${to}`.replaceAll("'", "''").replaceAll("%", "%%")
  yield* ask(
    `CREATE FUNCTION ${schema}.refuse_moved() RETURNS trigger LANGUAGE plpgsql AS $body$
       BEGIN RAISE EXCEPTION '${words}'; END $body$`
  )
  for (const table of copied) {
    yield* ask(
      `CREATE TRIGGER refuse_moved BEFORE INSERT OR UPDATE OR DELETE ON ${schema}.${table}
         FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.refuse_moved()`
    )
  }
})

/** A schema of a server that can be moved; made where it is missing. Close it when it is done. */
export const postgresPlace = (url: string, shown: string, name: string): MovablePlace & { close(): Promise<void> } => {
  const schema = nameOf(name)
  const client = new Client({ connectionString: url, application_name: "anygpu ledger move", lock_timeout: 20_000 })
  client.on("error", () => {})
  const session: Session = {
    ...{ schema, lock: "" },
    ask: (sql, ...values) =>
      Effect.tryPromise({
        try: async () => (await client.query(sql, [...values])).rows,
        catch: (cause) => faultOf(shown, cause)
      })
  }
  const { ask } = session
  const tables: Tables = tablesOf(session)
  let opening: Promise<unknown> | undefined
  const opened = Effect.tryPromise({
    try: async () => {
      opening ??= client.connect()
      await opening
    },
    catch: (cause) => faultOf(shown, cause)
  }).pipe(Effect.andThen(bringForward(session, { url, schema: name, connections: 1, shown }, { evenIfMoved: true })))

  /** A transaction in which nobody else writes. */
  const alone = <A>(body: Stored<A>): Stored<A> =>
    Effect.acquireUseRelease(
      ask("BEGIN ISOLATION LEVEL REPEATABLE READ"),
      () =>
        // The first query, so that what is read is what nobody changes any more.
        ask(`LOCK TABLE ${copied.map((table) => `${schema}.${table}`).join(", ")} IN EXCLUSIVE MODE`).pipe(
          Effect.andThen(body),
          Effect.tap(() => ask("COMMIT"))
        ),
      // After a commit there is nothing to undo, and Postgres only warns.
      () => Effect.ignore(ask("ROLLBACK"))
    )
  const contents: Stored<LedgerContents> = Effect.flatMap(unlistedIn(session), (unlisted) =>
    contentsOf(tables, unlisted)
  )

  return {
    shown: name === "anygpu" ? shown : `${shown} (schema ${name})`,
    state: () => Effect.andThen(opened, stateIn(session)),
    leave: (to, token, copy) =>
      alone(
        contents.pipe(
          Effect.flatMap(copy),
          Effect.andThen(note(session, true, to, token)),
          Effect.andThen(refuseWrites(session, to))
        )
      ),
    arrive: (from, token, brought) =>
      alone(
        Effect.gen(function* () {
          const before = yield* stateIn(session)
          const over = cannotArrive(shown, yield* contents, before.is === "arriving" ? before.from : null, from)
          if (over) return yield* Effect.fail(over)
          for (const table of copied) yield* ask(`DELETE FROM ${schema}.${table}`)
          yield* fill(tables, brought)
          yield* note(session, false, from, token)
        })
      ),
    settle: Effect.asVoid(ask(`DELETE FROM ${schema}.moves`)),
    close: () => client.end()
  }
}
