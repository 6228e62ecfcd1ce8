import { InvalidRequest, type Spent, type SpentBy, type SpentRow } from "anygpu"
import { toMillis } from "effect/Duration"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import type { SpentJson } from "./protocol/answers/spent.ts"
import { moneyJson, timeJson } from "./protocol/model.ts"
import type { spentInput } from "./spent.ts"

/** Adds up what the ledger saw machines cost. */
export const run = async (
  { gpu, now }: OperationContext,
  { by, since, from, to }: InputOf<typeof spentInput>
): Promise<Spent> => {
  if (since !== undefined && from !== undefined) {
    throw InvalidRequest.of("since", "and from both say where to begin: give one of them")
  }
  const beginning = since === undefined ? from : new Date((to?.getTime() ?? now()) - since)
  return await (await gpu()).spent({
    ...(by && { by: by as SpentBy }),
    ...(beginning && { from: beginning }),
    ...(to && { to })
  })
}

const rowJson = ({ cost, paid, unobserved, unpriced }: Omit<SpentRow, "of">) => ({
  cost: cost.map(moneyJson),
  paidSeconds: toMillis(paid) / 1000,
  unobservedSeconds: toMillis(unobserved) / 1000,
  unpricedSeconds: toMillis(unpriced) / 1000
})

/** What was spent in JSON. */
export const encode = ({ by, from, to, rows, total }: Spent): SpentJson => ({
  by,
  from: from && timeJson(from),
  to: timeJson(to),
  rows: rows.map((row) => ({ of: row.of, ...rowJson(row) })),
  total: rowJson(total)
})
