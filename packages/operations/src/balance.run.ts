import type { Balance } from "anygpu"
import type { OperationContext } from "./context.ts"
import type { BalanceJson } from "./protocol/answers/balance.ts"
import { type Gathered, gatheredJson, moneyJson, timeJson } from "./protocol/model.ts"

/** What each account can spend. */
export interface Balances extends Gathered {
  readonly balances: ReadonlyArray<Pick<Balance, "available" | "observedAt"> & { readonly provider: string }>
  /** Clouds that give no balance. */
  readonly lacking: ReadonlyArray<string>
}

/** Asks all clouds for their balances. */
export const run = async (context: OperationContext): Promise<Balances> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const { answers, ...found } = await out.during("asking for balances", () => gpu.accounts("balance", { signal }))
  return { ...found, balances: answers.map(({ provider, answer }) => ({ provider, ...answer })) }
}

/** The balances in JSON. */
export const encode = ({ balances, lacking, ...found }: Balances): BalanceJson => ({
  balances: balances.map(({ provider, available, observedAt }) => ({
    ...{ provider, available: moneyJson(available), observedAt: timeJson(observedAt) }
  })),
  lacking: [...lacking],
  ...gatheredJson(found)
})
