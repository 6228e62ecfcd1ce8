import { InvalidRequest, type Spent, type SpentBy } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { InputOf } from "./input/field.ts"
import { present } from "./input/present.ts"
import { tagsOf } from "./input/tags.ts"
import type { SpentJson } from "./protocol/answers/spent.ts"
import { spentSumJson, timeJson } from "./protocol/model.ts"
import type { spentInput } from "./spent.ts"

/** Adds up what the ledger saw machines cost. */
export const run = async (
  { gpu, now }: OperationContext,
  { by, since, from, to, tags }: InputOf<typeof spentInput>
): Promise<Spent> => {
  if (since !== undefined && from !== undefined) {
    throw InvalidRequest.of("since", "and from both say where to begin: give one of them")
  }
  const beginning = since === undefined ? from : new Date((to?.getTime() ?? now()) - since)
  return await (await gpu()).spent({
    ...(by && { by: by as SpentBy }),
    ...(beginning && { from: beginning }),
    ...(to && { to }),
    ...present({ tags: tagsOf(tags) })
  })
}

/** What was spent in JSON. */
export const encode = ({ by, from, to, rows, total }: Spent): SpentJson => ({
  by,
  from: from && timeJson(from),
  to: timeJson(to),
  rows: rows.map((row) => ({ of: row.of, ...spentSumJson(row) })),
  total: spentSumJson(total)
})
