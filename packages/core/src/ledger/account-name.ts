import type * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"
import { accountParts, mergedAccount } from "../model/account-text.ts"

/** Which account of a cloud a name means, as a ledger keeps it. */
export interface NamedAccount {
  readonly provider: string
  /** As the cloud's factory was given it: `team`. */
  readonly name: string
  /** As `Account` gives it. */
  readonly account: string
}

/** What a ledger knows of the names of accounts. */
export interface AccountCalls {
  /**
   * Says which account a name of a cloud means, as `Account` gives it, and answers which one it has meant since it was used
   * first: the same one, or another, which stays.
   *
   * - Another key of the account is added to it: where the cloud's own words for both are the same, or the cloud has none.
   */
  nameAccount(provider: string, name: string, account: string): Effect.Effect<string, ProviderFault>
}

/** What a name means after a key was used under it. */
export const namedAccount = (before: string | undefined, now: string): string => {
  if (before === undefined) return now
  const [old, given] = [accountParts(before), accountParts(now)]
  if (old.keys.some((key) => given.keys.includes(key))) return mergedAccount(before, now)
  // A cloud that has a word for its accounts, and could not be asked: nobody knows whose the key is.
  return old.id === given.id ? mergedAccount(before, now) : before
}
