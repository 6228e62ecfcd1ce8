import * as Effect from "effect/Effect"
import { type AccountCalls, type NamedAccount, namedAccount } from "./account-name.ts"
import type { Store } from "./store.ts"

/** What a ledger does with the names of accounts. */
export const accountCalls = ({ write }: Store): AccountCalls => ({
  nameAccount: (provider, name, account) =>
    write(
      Effect.fnUntraced(function* ({ accounts }) {
        const before = yield* accounts.byName(provider, name)
        const next: NamedAccount = { provider, name, account: namedAccount(before?.account, account) }
        if (before === null) yield* accounts.add(next)
        else if (next.account !== before.account) yield* accounts.save(next)
        return next.account
      })
    )
})
