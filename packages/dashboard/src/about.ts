import type { OperationContext } from "@anygpu/operations"
import type { Cloud } from "anygpu"
import { budgetOf } from "anygpu/effect"
import { type Allowance, isAllowed, remoteOperations } from "./calls.ts"
import { limitsJson } from "./live/ledger-facts.ts"
import type { AboutJson } from "./protocol/index.ts"

const cloudJson = ({ name, account, kinds }: Cloud): AboutJson["clouds"][number] => ({
  name,
  account: account ?? null,
  kinds: Object.values(kinds).map(({ kind, capabilities, launchOptions, endsItself }) => ({
    ...{ kind, capabilities: [...capabilities], launchOptions: [...launchOptions], endsItself: endsItself === "cloud" }
  }))
})

/** What a server is, and what may be done through it. */
export const aboutJson = async (
  context: Pick<OperationContext, "clouds">,
  allowance: Allowance,
  simulatedSpeed: number | null
): Promise<AboutJson> => {
  const { changes, spending } = allowance
  return {
    ...{ simulated: simulatedSpeed !== null, timeRuns: simulatedSpeed ?? 1 },
    allows: { changes, spending: spending && { budget: budgetOf(spending).name, limits: limitsJson(spending) } },
    operations: Array.from(remoteOperations.values(), (operation) => {
      const { name, title, summary, effect, idempotent } = operation
      return { name, title, summary, effect, idempotent, allowed: isAllowed(operation, allowance) }
    }),
    clouds: (await context.clouds()).map(cloudJson)
  }
}
