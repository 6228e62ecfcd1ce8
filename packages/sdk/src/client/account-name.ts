import {
  type Account,
  accountId,
  CurrentLedger,
  type GpuError,
  type Kinship,
  PermissionDenied,
  ProviderFault,
  sharesAccount
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import type { Guarded } from "../spending/guarded.ts"

/** One account of a cloud: one kind of it, and its name; null where it has none. */
export interface Member {
  readonly provider: Guarded
  readonly name: string | null
}

const whose = (account: string): string => {
  const id = accountId(account)
  return id === null ? "" : ` (${id})`
}

/** Why a key is not used under a name. */
const refusal = (
  { provider: { provider, account }, name }: Member,
  before: string,
  kinship: Exclude<Kinship, { readonly is: "same" }>
): GpuError =>
  kinship.is === "other"
    ? new PermissionDenied({
        message:
          `the key for the account "${name}" of ${provider} is of another account${whose(account?.known() ?? "")} than that ` +
          `name means in this ledger${whose(before)}: nothing was sent; use the key of that account, or give this one a ` +
          "name of its own",
        ...{ retry: "permanent", provider }
      })
    : new ProviderFault({
        message:
          `whose the key for the account "${name}" of ${provider} is could not be asked (${kinship.because}), and this ` +
          "ledger has seen other keys under that name: nothing was sent; try again",
        ...{ retry: "temporary", provider }
      })

/** Fails where a name means another account than the one of its key. */
const check = Effect.fnUntraced(function* (
  member: Member,
  name: string,
  account: Account
): Effect.fn.Return<void, GpuError> {
  const ledger = yield* CurrentLedger
  const own = yield* account.asked
  const before = yield* ledger.nameAccount(member.provider.provider, name, own)
  if (sharesAccount(before, own)) return
  const kinship = yield* account.kinTo(before)
  if (kinship.is !== "same") return yield* Effect.fail(refusal(member, before, kinship))
})

/**
 * Makes sure that a name means the account that it has meant since it was used first, once in a client.
 *
 * - `PermissionDenied` when the cloud says that the key is of another account. Where the cloud has no word for its accounts, any
 *   key may take the place of the one before.
 */
export const nameCheck = (member: Member): Effect.Effect<void, GpuError> => {
  const { name, provider } = member
  const { account } = provider
  if (name === null || account === undefined) return Effect.void
  let isSure = false
  return Effect.suspend(() =>
    isSure
      ? Effect.void
      : Effect.tap(check(member, name, account), () =>
          Effect.sync(() => {
            isSure = true
          })
        )
  )
}
