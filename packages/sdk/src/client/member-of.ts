import { CurrentLedger, type GpuError, type InstanceRef, sharesAccount, toRef } from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Member } from "./account-name.ts"

type Members = readonly [Member, ...ReadonlyArray<Member>]

/** Under which account the ledger has a machine; undefined where it does not say. */
const storedFor = Effect.fnUntraced(function* (ref: InstanceRef) {
  const { provider, kind, id } = ref
  const ledger = yield* CurrentLedger
  const known = yield* ledger.machine(ref)
  return known?.account ?? (yield* ledger.launches({ provider, kind, instanceId: id })).at(-1)?.account
})

/** The account that shows a machine which the ledger does not know; the first one where none does. */
const shownBy = Effect.fnUntraced(function* (members: Members, ref: InstanceRef) {
  for (const member of members) {
    const seen = yield* Effect.result(member.provider.get(ref))
    if (Result.isSuccess(seen) && seen.success.status !== "terminated") return member
  }
  return members[0]
})

/** The account of a text: by what is known of each, else by what the clouds say. */
const ownerOf = Effect.fnUntraced(function* (members: Members, text: string) {
  const shares = ({ provider: { account } }: Member) => account !== undefined && sharesAccount(text, account.known())
  const known = members.find(shares)
  if (known) return known
  let unsure: Member | undefined
  for (const member of members) {
    const kinship = yield* member.provider.account?.kinTo(text) ?? Effect.succeed({ is: "same" } as const)
    if (kinship.is === "same") return member
    if (kinship.is === "unsure") unsure ??= member
  }
  // It says itself that the machine is on another account.
  return unsure ?? members[0]
})

/** The account that a machine is on. */
export const memberOf = Effect.fnUntraced(function* (
  members: ReadonlyArray<Member>,
  target: unknown
): Effect.fn.Return<Member, GpuError> {
  const [first, ...others] = members
  if (first === undefined) throw new Error("a cloud has at least one account")
  const all: Members = [first, ...others]
  const ref = yield* Effect.fromResult(toRef(target))
  const stored = yield* storedFor(ref)
  return stored === undefined ? yield* shownBy(all, ref) : yield* ownerOf(all, stored)
})
