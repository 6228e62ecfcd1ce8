import type { DatabaseSync } from "node:sqlite"
import type { OutOfFunds } from "../errors.ts"
import { type Commitment, type Cost, commitmentOf, overAfterChange, type Reservation } from "../ledger/budget.ts"
import { moneyOf, numberOf, toLaunch } from "./values.ts"

/** What budgets hold, as rows beside the launches. Each call belongs into a transaction of its caller. */
export const budgetRows = (database: DatabaseSync) => {
  const columns = "per_hour_micros, per_hour_currency, total_micros, total_currency"
  const insert = database.prepare(`INSERT INTO commitments (marker, budget, ${columns}) VALUES (?, ?, ?, ?, ?, ?)`)
  const change = database.prepare(`UPDATE commitments SET (${columns}) = (?, ?, ?, ?) WHERE marker = ? AND budget = ?`)
  const select = database.prepare(
    `SELECT launches.*, ${columns}, gone_at FROM commitments
       JOIN launches USING (marker)
       LEFT JOIN machines ON machines.provider = launches.provider AND machines.kind = launches.kind
         AND machines.id = launches.instance_id
     WHERE budget = ? ORDER BY commitments.sequence`
  )
  const valuesOf = ({ perHour, total }: Cost) => [
    ...[perHour?.micros ?? null, perHour?.currency ?? null],
    ...[total?.micros ?? null, total?.currency ?? null]
  ]

  const commitments = (budget: string): ReadonlyArray<Commitment> =>
    select.all(budget).flatMap((row) => {
      const cost = {
        perHour: moneyOf(row.per_hour_micros, row.per_hour_currency),
        total: moneyOf(row.total_micros, row.total_currency)
      }
      return commitmentOf(toLaunch(row), budget, cost, numberOf(row.gone_at)) ?? []
    })
  const reserve = (marker: string, { budget, cost }: Reservation): void => {
    insert.run(marker, budget.name, ...valuesOf(cost))
  }
  const recommit = (marker: string, { budget, cost }: Reservation): OutOfFunds | null => {
    change.run(...valuesOf(cost), marker, budget.name)
    return overAfterChange(commitments(budget.name), marker, budget)
  }
  return { commitments, reserve, recommit }
}
