import type { AnyProvider, Cloud } from "@anygpu/core"
import { type Guarded, guarded } from "../spending/guarded.ts"
import type { SpendLimit } from "../spending/spending.ts"
import type { Member } from "./account-name.ts"
import { joinAccounts } from "./join-accounts.ts"

/** A cloud with all accounts that a client has of it. */
export interface JoinedCloud {
  readonly name: string
  /** Its kinds, each over all accounts. */
  readonly kinds: Readonly<Record<string, Guarded>>
  /** The kinds of each account by themselves. */
  readonly each: ReadonlyArray<Guarded>
  /** Of the first account. */
  readonly native: unknown
}

/** One kind of an account. A provider says its name where it has one. */
const memberWith = (provider: AnyProvider, account: string | undefined, limit: SpendLimit | undefined): Member => ({
  provider: { ...guarded(provider, limit), ...(account !== undefined && { accountName: account }) },
  name: account ?? null
})

/** The kinds of a cloud, each over all accounts that there are of it. */
const joinedKinds = (
  accounts: ReadonlyArray<Cloud>,
  limit: SpendLimit | undefined
): Readonly<Record<string, Guarded>> => {
  const kinds = [...new Set(accounts.flatMap(({ kinds }) => Object.keys(kinds)))]
  return Object.fromEntries(
    kinds.map((kind) => [
      kind,
      joinAccounts(
        accounts.flatMap(({ kinds, account }) => {
          const provider = kinds[kind]
          return provider ? [memberWith(provider, account, limit)] : []
        })
      )
    ])
  )
}

/** The clouds of a client, those of one name joined; each launch is held to the limit. */
export const joinedClouds = (opened: ReadonlyArray<Cloud>, limit: SpendLimit | undefined): ReadonlyArray<JoinedCloud> =>
  Array.from(
    Map.groupBy(opened, ({ name }) => name),
    ([name, accounts]) => ({
      name,
      kinds: joinedKinds(accounts, limit),
      each: accounts.flatMap(({ kinds, account }) =>
        Object.values(kinds).map((provider) => joinAccounts([memberWith(provider, account, limit)]))
      ),
      native: accounts[0]?.native
    })
  )
