import { balance } from "@anygpu/operations"
import { formatMoney } from "anygpu"
import { answering } from "../command/answering.ts"
import { fieldsText } from "../fields.ts"
import { noneText } from "../listing.ts"

/** `anygpu balance`: what each account can spend. */
export const run = answering(balance, ({ out }, { balances, lacking, ...gathered }) => ({
  text: () =>
    balances.length > 0
      ? fieldsText(
          out,
          balances.map(({ provider, available }) => [provider, formatMoney(available, 2)] as const)
        )
      : noneText("No cloud gives a balance.", gathered.complete),
  notes: lacking.map((cloud) => `${cloud} gives no balance: see its console`),
  gathered
}))
