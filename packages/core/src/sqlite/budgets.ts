import { type Cost, commitmentOf } from "../ledger/budget.ts"
import type { BudgetTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"
import { moneyOf, numberOf, toLaunch } from "./values.ts"

/** What budgets hold, as rows beside the launches. Each call belongs into a transaction of its caller. */
export const budgetRows = ({ database, stored }: Connection): BudgetTable => {
  const columns = "per_hour_micros, per_hour_currency, total_micros, total_currency"
  const insert = database.prepare(`INSERT INTO commitments (marker, budget, ${columns}) VALUES (?, ?, ?, ?, ?, ?)`)
  const update = database.prepare(`UPDATE commitments SET (${columns}) = (?, ?, ?, ?) WHERE marker = ? AND budget = ?`)
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

  return {
    commitments: (budget) =>
      stored(() =>
        select.all(budget).flatMap((row) => {
          const cost = {
            perHour: moneyOf(row.per_hour_micros, row.per_hour_currency),
            total: moneyOf(row.total_micros, row.total_currency)
          }
          return commitmentOf(toLaunch(row), budget, cost, numberOf(row.gone_at)) ?? []
        })
      ),
    add: (marker, { budget, cost }) => stored(() => void insert.run(marker, budget.name, ...valuesOf(cost))),
    save: (marker, { budget, cost }) => stored(() => void update.run(...valuesOf(cost), marker, budget.name))
  }
}
