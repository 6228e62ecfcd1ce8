import { type BillingInterval, InstanceRef, type Kind } from "@anygpu/core"
import type { HistoryTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import { isOneOf, refValues } from "./refs.ts"
import type { Row, Session } from "./session.ts"
import { decode, encode } from "./values.ts"

type Kept = Omit<BillingInterval, "ref"> & { readonly provider: string; readonly kind: Kind; readonly id: string }

const intervalOf = ({ record }: Row): BillingInterval => {
  const { provider, kind, id, ...interval } = decode<Kept>(record)
  return { ref: new InstanceRef(provider, kind, id), ...interval }
}

/** The rows of what machines have cost. */
export const historyRows = ({ ask, schema }: Session): HistoryTable => ({
  add: ({ ref: { provider, kind, id }, ...interval }) =>
    Effect.asVoid(
      ask(`INSERT INTO ${schema}.history (record) VALUES ($1)`, encode({ provider, kind, id, ...interval }))
    ),
  find: ({ from = null, to = null, refs }) =>
    Effect.map(
      ask(
        `SELECT record::text FROM ${schema}.history
         WHERE ($1::float8 IS NULL OR ends > $1) AND ($2::float8 IS NULL OR begins < $2)
           ${refs === undefined ? "" : `AND ${isOneOf(3)}`} ORDER BY begins, sequence`,
        ...[from, to, ...(refs === undefined ? [] : refValues(refs))]
      ),
      (rows) => rows.map(intervalOf)
    )
})
