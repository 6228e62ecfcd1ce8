import type { OperationContext } from "@anygpu/operations"
import { moneyJson, timeJson } from "@anygpu/operations/encode"
import { errorJson } from "@anygpu/operations/failure"
import { ableOf } from "@anygpu/operations/run"
import type { EntryOf } from "../protocol/index.ts"
import type { LiveState } from "./state.ts"

/** From one look at the balances to the next, in milliseconds. */
const every = 5 * 60_000

/** Asks each cloud for its balance, and shows each as it answers. */
export const lookAtBalances = (context: Omit<OperationContext, "signal">, state: LiveState) => {
  const known = new Map<string, EntryOf<"balance">>()
  return async (signal: AbortSignal): Promise<number> => {
    const gpu = await context.gpu()
    const asked = ableOf(gpu, "balance").flatMap(([, kinds]) => kinds.slice(0, 1))
    const looks = asked.map(async (kind) => {
      const { provider } = kind
      const before = known.get(provider)
      const own = { key: `balance/${provider}`, is: "balance", provider } as const
      const none = { available: before?.available ?? null, observedAt: before?.observedAt ?? null }
      const entry = await kind.balance({ signal }).then(
        ({ available, observedAt }): EntryOf<"balance"> => ({
          ...{ ...own, available: moneyJson(available), observedAt: timeJson(observedAt), error: null }
        }),
        (error: unknown): EntryOf<"balance"> => ({ ...own, ...none, error: errorJson(error, false) })
      )
      if (signal.aborted) return
      known.set(provider, entry)
      state.set([entry])
    })
    await Promise.all(looks)
    return every
  }
}
