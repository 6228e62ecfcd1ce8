import type { InputOf } from "@anygpu/operations"
import { createGpu, InvalidRequest, type Money, type SpendLimit } from "anygpu"
import type { budgetFields } from "./command/budget-fields.ts"
import { type Context, patienceOf } from "./context.ts"
import { provingLogins } from "./login-proof.ts"

/** What all launches under one name may cost together. */
export type BudgetInput = InputOf<typeof budgetFields>

const limitNames = ["perHour", "perDay", "perMonth", "total"] as const

/** What the config file keeps under the name of a budget. */
const keptLimits = async ({ settings, io }: Context, given: string | undefined) => {
  const [{ readConfig }, { configPath }, { parseMoney }] = await Promise.all([
    import("./config.ts"),
    import("./paths.ts"),
    import("@anygpu/operations/run")
  ])
  const config = await readConfig(settings.config ?? configPath(io.env))
  const name = given ?? config.budget
  const kept = name === undefined ? undefined : config.budgets?.[name]
  const limits = limitNames.flatMap((limit): ReadonlyArray<readonly [string, Money]> => {
    const text = kept?.[limit]
    return text === undefined ? [] : [[limit, parseMoney(text, `budgets.${name}.${limit}`)]]
  })
  return { name, limits: Object.fromEntries(limits) as Omit<SpendLimit, "budget"> }
}

/**
 * The limit of what is rented by a call: that of its options, else that of the config file; null where there is none.
 *
 * - Throws `InvalidRequest` for a budget that has no limit: it would count and keep nothing out.
 */
const spendLimitOf = async (
  context: Context,
  { budget, maxPerDay, maxPerMonth }: BudgetInput
): Promise<SpendLimit | null> => {
  const { name, limits } = await keptLimits(context, budget)
  const limit: SpendLimit = {
    ...limits,
    ...(maxPerDay && { perDay: maxPerDay }),
    ...(maxPerMonth && { perMonth: maxPerMonth }),
    ...(name !== undefined && { budget: name })
  }
  if (limitNames.some((one) => limit[one] !== undefined)) return limit
  if (name === undefined) return null
  throw InvalidRequest.of(
    budget === undefined ? "budget" : "--budget",
    `"${name}" has no limit: pass --max-per-day or --max-per-month, or write "budgets": { "${name}": { "perDay": "50" } } into the config file`
  )
}

/**
 * The limit of a server that this command starts, by its options; null for one that rents nothing.
 *
 * - Throws `InvalidRequest` for a limit of nothing, and for other limits without --allow-spend.
 */
export const servedLimit = (
  { allowSpend: total, budget, maxPerDay, maxPerMonth }: BudgetInput & { readonly allowSpend?: Money | undefined },
  usualBudget: string
): (SpendLimit & { readonly total: Money }) | null => {
  if (total?.micros === 0) throw InvalidRequest.of("--allow-spend", "is nothing: leave it out for a server that reads")
  if (total === undefined && (maxPerDay || maxPerMonth)) {
    throw InvalidRequest.of("--allow-spend", "is missing: without it nothing is rented, and no other limit is needed")
  }
  if (total === undefined) return null
  return {
    ...{ total, budget: budget ?? usualBudget },
    ...(maxPerDay && { perDay: maxPerDay }),
    ...(maxPerMonth && { perMonth: maxPerMonth })
  }
}

/** The same context, whose client rents within a limit. */
export const withinLimit = async (context: Context, spendLimit: SpendLimit): Promise<Context> => {
  const { clock } = context.io
  const gpu = createGpu({
    clouds: await context.clouds(),
    ledger: await context.ledger(),
    spendLimit,
    ...(await patienceOf(context.settings, context.io)),
    ...(clock && { clock }),
    ssh: provingLogins(context, context.settings.sim || clock !== undefined)
  })
  return { ...context, gpu: async () => gpu, runs: async () => gpu }
}

/** The same context, which rents within the budget of its options, or of the config file, where there is one. */
export const withinBudget = async (context: Context, input: BudgetInput): Promise<Context> => {
  const limit = await spendLimitOf(context, input)
  return limit === null ? context : await withinLimit(context, limit)
}
