import { type BalanceJson, gatheredJson, moneyJson, timeJson } from "@anygpu/operations/protocol"
import { formatMoney } from "anygpu"
import type { Run } from "../catalogue/entry.ts"
import { fieldsText } from "../fields.ts"
import { noneText, tellProblems } from "../listing.ts"

/** `anygpu balance`: what each account can spend. */
export const run: Run = async (context) => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const found = await out.during("asking for balances", () => gpu.accounts("balance", { signal }))
  const balances = found.answers.map(({ provider, answer }) => ({ provider, ...answer }))
  out.answer({
    json: (): BalanceJson => ({
      balances: balances.map(({ provider, available, observedAt }) => ({
        ...{ provider, available: moneyJson(available), observedAt: timeJson(observedAt) }
      })),
      lacking: [...found.lacking],
      ...gatheredJson(found)
    }),
    text: () =>
      balances.length > 0
        ? fieldsText(
            out,
            balances.map(({ provider, available }) => [provider, formatMoney(available, 2)] as const)
          )
        : noneText("No cloud tells a balance.", found.complete)
  })
  for (const cloud of found.lacking) out.note(`${cloud} tells no balance: see its console`)
  return tellProblems(out, found)
}
