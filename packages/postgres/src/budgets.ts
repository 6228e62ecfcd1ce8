import type { Cost, LaunchRecord } from "@anygpu/core"
import { type BudgetTable, commitmentOf } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

/** What budgets hold, as rows beside the launches. */
export const budgetRows = ({ ask, lock, schema }: Session): BudgetTable => {
  /** A sum is no row: who may add to it holds the row of its budget, and reads after that what others added before. */
  const hold = (budget: string) =>
    lock === ""
      ? Effect.void
      : ask(`INSERT INTO ${schema}.budgets (name) VALUES ($1) ON CONFLICT DO NOTHING`, budget).pipe(
          Effect.andThen(ask(`SELECT FROM ${schema}.budgets WHERE name = $1${lock}`, budget))
        )
  return {
    commitments: Effect.fnUntraced(function* (budget) {
      yield* hold(escaped(budget))
      const rows = yield* ask(
        `SELECT launches.record::text, cost::text, machines.record ->> 'goneAt' AS gone_at
           FROM ${schema}.commitments JOIN ${schema}.launches USING (marker)
           LEFT JOIN ${schema}.machines ON machines.provider = launches.provider AND machines.kind = launches.kind
             AND machines.id = launches.instance_id
         WHERE budget = $1 ORDER BY commitments.sequence`,
        escaped(budget)
      )
      return rows.flatMap(({ record, cost, gone_at }) => {
        const goneAt = gone_at === null ? null : Number(gone_at)
        return commitmentOf(decode<LaunchRecord>(record), budget, decode<Cost>(cost), goneAt) ?? []
      })
    }),
    add: (marker, { budget, cost }) =>
      Effect.asVoid(
        ask(
          `INSERT INTO ${schema}.commitments (marker, budget, cost) VALUES ($1, $2, $3)`,
          ...[escaped(marker), escaped(budget.name), encode(cost)]
        )
      ),
    save: (marker, { budget, cost }) =>
      Effect.asVoid(
        ask(
          `UPDATE ${schema}.commitments SET cost = $3 WHERE marker = $1 AND budget = $2`,
          ...[escaped(marker), escaped(budget.name), encode(cost)]
        )
      )
  }
}
