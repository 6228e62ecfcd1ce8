import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { type Account, accountId, type Kinship } from "../adapter/account.ts"
import { type GpuError, PermissionDenied, type ProviderFault } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Kind } from "../model/kind.ts"
import { Listing } from "../model/listing.ts"
import { InstanceRef } from "../model/ref.ts"
import type { AnyDefinition } from "./read/any-definition.ts"

/*
 * A key sees the machines of its own account only. One rule, for all clouds and everything that asks for a machine:
 *
 * - A machine that is shown is of this account, whatever the ledger says.
 * - A machine of another account, as both clouds' words have it, is not asked for its end.
 * - That a machine does not show says nothing, unless the ledger has it under this account.
 */

/** A person's word that a machine launched with another key is of this key's account: then its absence counts. */
export const SameAccount = Context.Reference<boolean>("@anygpu/core/SameAccount", { defaultValue: () => false })

/**
 * How the account in a ledger is related to the one of a provider; where either is unknown, nothing speaks against it.
 */
const kinOf = (account: Account | undefined, stored: string | undefined): Effect.Effect<Kinship> =>
  account === undefined || stored === undefined ? Effect.succeed({ is: "same" }) : account.kinTo(stored)

/** Why nothing can be said of a machine, or done to it, by the account of another key. */
const otherAccount = (
  what: string,
  provider: string,
  stored: string,
  kinship: Exclude<Kinship, { readonly is: "same" }>
): PermissionDenied => {
  const id = accountId(stored)
  const whose = id === null ? "" : ` (${id})`
  return new PermissionDenied({
    message:
      kinship.is === "other"
        ? `${what} belongs to another account of ${provider}${whose} than the key in use: nothing was done, and it may ` +
          "cost money there; use the key of that account"
        : `${what} was launched with another key of ${provider}, and whether that is of the same account is not known ` +
          `(${kinship.because}): that this key does not show it says nothing, and it may cost money. Use that key, or ` +
          "say that the key was renewed: terminate it with --same-account",
    retry: "permanent",
    provider
  })
}

/** The same cloud by the rule above. */
export const onOneAccount = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>
): AnyDefinition<P, K, N> => {
  const { account, provider, kind } = definition
  if (account === undefined) return definition
  const refOf = (id: string) => new InstanceRef(provider, kind, id)

  /** Under which account the ledger has a machine that is not known to be gone; where it cannot be read, none. */
  const storedFor = Effect.fnUntraced(function* (id: string): Effect.fn.Return<string | undefined, ProviderFault> {
    const ledger = yield* CurrentLedger
    const known = yield* ledger.machine(refOf(id))
    if (known?.goneAt != null) return undefined
    return known?.account ?? (yield* ledger.launches({ provider, kind, instanceId: id })).at(-1)?.account
  })

  /** Fails where the ledger has a machine under another account; `shown` is what this key says of it. */
  const check = Effect.fnUntraced(function* (id: string, shown: "asked" | "absent"): Effect.fn.Return<void, GpuError> {
    const stored = yield* storedFor(id)
    if (stored === undefined) return
    const kinship = yield* kinOf(account, stored)
    if (kinship.is === "same" || (kinship.is === "unsure" && (shown === "asked" || (yield* SameAccount)))) return
    return yield* otherAccount(String(refOf(id)), provider, stored, kinship)
  })

  /** A list that shows no machine of a launch on another account is not whole, as far as that launch goes. */
  const checkList = Effect.fnUntraced(function* (marker: string, listing: Listing<N>) {
    const isShown = listing.items.some((native) => definition.describe(native).marker === marker)
    if (isShown || !listing.complete) return listing
    const ledger = yield* CurrentLedger
    const [launch] = yield* ledger.launches({ marker })
    const kinship = yield* kinOf(account, launch?.account)
    if (launch?.account === undefined || kinship.is === "same") return listing
    const error = otherAccount(`the launch "${launch.name}" (${marker})`, provider, launch.account, kinship)
    const problems = [{ provider, kind, part: `launch ${marker}`, error }]
    return new Listing<N>({ ...listing, complete: false, problems: [...listing.problems, ...problems] })
  })

  return {
    ...definition,
    read: (id) =>
      Effect.flatMap(definition.read(id), (native) =>
        native === null ? Effect.as(check(id, "absent"), null) : Effect.succeed(native)
      ),
    destroy: (id) =>
      check(id, "asked").pipe(
        Effect.andThen(Effect.suspend(() => definition.destroy(id))),
        Effect.catchTag("NotFound", (missing) => Effect.andThen(check(id, "absent"), Effect.fail(missing)))
      ),
    find: (marker) => Effect.flatMap(definition.find(marker), (listing) => checkList(marker, listing))
  }
}

/** The launches that were made on another account, or with a key of which it is not known whose it is. */
export const elsewhere = Effect.fnUntraced(function* (
  account: Account | undefined,
  launches: ReadonlyArray<LaunchRecord>
): Effect.fn.Return<ReadonlySet<LaunchRecord>> {
  const kin = new Map<string, Kinship>()
  const found = new Set<LaunchRecord>()
  for (const launch of launches) {
    const text = launch.account
    if (text === undefined) continue
    const kinship = kin.get(text) ?? (yield* kinOf(account, text))
    kin.set(text, kinship)
    if (kinship.is !== "same") found.add(launch)
  }
  return found
})
