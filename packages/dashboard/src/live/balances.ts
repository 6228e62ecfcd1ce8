import type { OperationContext } from "@anygpu/operations"
import { moneyJson, timeJson } from "@anygpu/operations/encode"
import { errorJson } from "@anygpu/operations/failure"
import { ableOf } from "@anygpu/operations/run"
import type { Balance, GpuClient } from "anygpu"
import type { EntryOf } from "../protocol/index.ts"
import type { LiveState } from "./state.ts"

/** From one look at the balances to the next, in milliseconds. */
const every = 5 * 60_000

type Entry = EntryOf<"balance">

/** What a look has learnt of one account. */
type Said = { readonly balance: Pick<Balance, "available" | "observedAt"> } | { readonly error: unknown }

const entryOf = (provider: string, account: string | null, said: Said, before: Entry | undefined): Entry => {
  const own = { key: ["balance", provider, ...(account === null ? [] : [account])].join("/"), provider, account }
  if ("error" in said) {
    const { available = null, observedAt = null } = before ?? {}
    return { ...own, is: "balance", available, observedAt, error: errorJson(said.error, false) }
  }
  const { available, observedAt } = said.balance
  return { ...own, is: "balance", available: moneyJson(available), observedAt: timeJson(observedAt), error: null }
}

/**
 * Asks each cloud for its balance, and shows each as it answers; several accounts of one cloud are shown together.
 *
 * - What was known of an account that fails stays, with its age and the error.
 */
export const lookAtBalances = (context: Omit<OperationContext, "signal">, state: LiveState) => {
  const known = new Map<string, Entry>()
  const show = (provider: string, account: string | null, said: Said): void => {
    const { key } = entryOf(provider, account, said, undefined)
    const entry = entryOf(provider, account, said, known.get(key))
    known.set(key, entry)
    state.set([entry])
  }

  /** The clouds of which a client has several accounts: one question is about all of these. */
  const lookAtSeveral = async (gpu: GpuClient, clouds: ReadonlySet<string>, signal: AbortSignal): Promise<void> => {
    const { answers, problems } = await gpu.accounts("balance", { signal })
    for (const { provider, account = null, answer } of answers) {
      if (clouds.has(provider)) show(provider, account, { balance: answer })
    }
    for (const { provider, error } of problems) if (clouds.has(provider)) show(provider, null, { error })
  }

  return async (signal: AbortSignal): Promise<number> => {
    const gpu = await context.gpu()
    const opened = Map.groupBy(await context.clouds(), ({ name }) => name)
    const able = ableOf(gpu, "balance").filter(([, kinds]) => kinds.length > 0)
    const hasSeveral = ([name]: (typeof able)[number]) => (opened.get(name)?.length ?? 1) > 1
    const several = new Set(able.filter(hasSeveral).map(([name]) => name))
    const looks = able
      .filter((cloud) => !hasSeveral(cloud))
      .map(async ([name, [kind]]) => {
        const account = opened.get(name)?.[0]?.account ?? null
        const said = await kind?.balance({ signal }).then(
          (balance): Said => ({ balance }),
          (error: unknown): Said => ({ error })
        )
        if (said && !signal.aborted) show(name, account, said)
      })
    if (several.size > 0) looks.push(lookAtSeveral(gpu, several, signal))
    await Promise.allSettled(looks)
    return every
  }
}
