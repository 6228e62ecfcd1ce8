import { formatMoney } from "anygpu"
import { askAccounts } from "../accounts.ts"
import type { Run } from "../catalogue/entry.ts"
import { fieldsText } from "../fields.ts"
import { gatheredJson, moneyJson, timeJson } from "../json/model.ts"
import type { BalanceJson } from "../json/shapes.ts"
import { tellProblems } from "../listing.ts"

/** `anygpu balance`: what each account can spend. */
export const run: Run = async (context) => {
  const { out, signal } = context
  const gpu = await context.gpu()
  const { answers, lacking, problems } = await out.during("asking for balances", () =>
    askAccounts(gpu, { op: "balance", each: "cloud" }, async ({ provider, balance }) => ({
      provider,
      ...(await balance({ signal }))
    }))
  )
  out.answer({
    json: (): BalanceJson => ({
      balances: answers.map(({ provider, available, observedAt }) => ({
        ...{ provider, available: moneyJson(available), observedAt: timeJson(observedAt) }
      })),
      lacking: [...lacking],
      ...gatheredJson(problems, context.now())
    }),
    text: () =>
      answers.length > 0
        ? fieldsText(
            out,
            answers.map(({ provider, available }) => [provider, formatMoney(available, 2)] as const)
          )
        : "No cloud tells a balance."
  })
  for (const cloud of lacking) out.note(`${cloud} tells no balance: see its console`)
  return tellProblems(out, { complete: problems.length === 0, problems })
}
