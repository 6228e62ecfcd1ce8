import {
  type Account,
  CurrentLedger,
  type GpuError,
  type Instance,
  InvalidRequest,
  type Kinship,
  type LaunchSpec,
  type Ledger,
  Listing,
  type Offer,
  operationRows,
  type Recovery,
  shape,
  sharesAccount,
  Unsupported
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Guarded } from "../spending/guarded.ts"
import { type Member, nameCheck } from "./account-name.ts"
import { mapOperations } from "./map-operations.ts"
import { memberOf } from "./member-of.ts"

/*
 * Several accounts of one cloud, as one provider: what is about a machine goes to the account that it is on, what is about
 * the market or all machines goes to each, and a launch to the account of its offer.
 */

type Answer = Effect.Effect<unknown, GpuError>
type Call = (...args: ReadonlyArray<unknown>) => Answer

const knownOf = ({ provider }: Member): string | undefined => provider.account?.known()

/** Whether a record is about a machine of an account; of one that nobody knows, also. */
const isOf = (member: Member, siblings: ReadonlyArray<Member>, account: string | undefined): boolean => {
  const shares = (one: Member): boolean => {
    const known = knownOf(one)
    return account !== undefined && known !== undefined && sharesAccount(account, known)
  }
  return account === undefined || shares(member) || !siblings.some(shares)
}

/** The ledger without what is known to be on the other accounts: what one key does not show is not missing. */
const viewOf = (ledger: Ledger, member: Member, siblings: ReadonlyArray<Member>): Ledger => ({
  ...ledger,
  launches: (query) =>
    Effect.map(ledger.launches(query), (all) => all.filter(({ account }) => isOf(member, siblings, account))),
  machines: (provider, kind) =>
    Effect.map(
      ledger.machines(provider, kind),
      (all) => new Map([...all].filter(([, { account }]) => isOf(member, siblings, account)))
    )
})

const isInstance = (answer: unknown): answer is Instance =>
  shape.isFields(answer) && "ref" in answer && "status" in answer && "billing" in answer

/** An answer with the name of its account, where it is one that has it. */
const tagged = <A>(answer: A, name: string | null): A => {
  if (name === null) return answer
  if (answer instanceof Listing) return answer.with(answer.items.map((item: unknown) => withName(item, name))) as A
  return isInstance(answer) ? { ...answer, account: name } : answer
}

const withName = (item: unknown, name: string): unknown =>
  shape.isFields(item) && "provider" in item && "pricePerHour" in item && "availability" in item
    ? { ...(item as unknown as Offer), account: name }
    : tagged(item, name)

/** The operations of one account, on its part of the ledger, under its name. */
const ownOperations = (member: Member, siblings: ReadonlyArray<Member>): Guarded => {
  const checked = nameCheck(member)
  return mapOperations(member.provider, (operation, name) => (...args) => {
    if (name === "check") return operation(...args)
    const run = Effect.suspend(() => operation(...args) as Answer)
    return Effect.flatMap(CurrentLedger, (ledger) =>
      checked.pipe(
        // What costs money is ended also when the ledger cannot be written.
        Effect.catch((error) =>
          name === "terminate" && error.operation === "ledger" ? Effect.void : Effect.fail(error)
        ),
        Effect.andThen(
          Effect.provideService(run, CurrentLedger, siblings.length > 0 ? viewOf(ledger, member, siblings) : ledger)
        ),
        Effect.map((answer) => tagged(answer, member.name))
      )
    )
  }) as Guarded
}

/** Asks every account; one that fails is a problem of the answer, and the error of all when all do. */
const listed = (
  members: ReadonlyArray<Member>,
  part: string,
  ask: (member: Member) => Effect.Effect<Listing<unknown>, GpuError>
) =>
  Effect.gen(function* () {
    const results = yield* Effect.forEach(members, (one) => Effect.result(ask(one)), { concurrency: "unbounded" })
    const listings = results.flatMap((result) => (Result.isSuccess(result) ? [result.success] : []))
    const problems = results.flatMap((result, index) => {
      const { provider, name } = members[index] ?? { provider: undefined, name: null }
      if (Result.isSuccess(result) || provider === undefined) return []
      const what = `${part} of the account ${name === null ? "without a name" : `"${name}"`}`
      return [{ provider: provider.provider, kind: provider.kind, part: what, error: result.failure }]
    })
    const [first] = problems
    if (listings.length === 0 && first) return yield* Effect.fail(first.error)
    const merged = Listing.merge(listings, yield* DateTime.now)
    return problems.length === 0
      ? merged
      : new Listing({ ...merged, complete: false, problems: [...merged.problems, ...problems] })
  })

const recovered = Effect.fnUntraced(function* (members: ReadonlyArray<Member>) {
  const results = yield* Effect.forEach(members, ({ provider }) => Effect.result(provider.recover()), {
    concurrency: "unbounded"
  })
  // What the others have settled is in the ledger.
  const all = yield* Effect.forEach(results, Effect.fromResult)
  return {
    adopted: all.flatMap(({ adopted }) => adopted),
    absent: all.flatMap(({ absent }) => absent),
    unsettled: all.flatMap(({ unsettled }) => unsettled),
    late: all.flatMap(({ late }) => late)
  } satisfies Recovery
})

const accountWords = (members: ReadonlyArray<Member>): string =>
  members.map(({ name }) => (name === null ? "one without a name" : `"${name}"`)).join(", ")

/** The account that an offer is of; `InvalidRequest` where it is none of this client's. */
const onOffer = (members: ReadonlyArray<Member>, { offer }: Pick<LaunchSpec, "offer">) => {
  const member = members.find(({ name }) => name === (offer.account ?? null))
  if (member) return Effect.succeed(member)
  const named = offer.account === undefined ? "names no account" : `is of the account "${offer.account}"`
  const problem = `${named}, and this client has of ${offer.provider}: ${accountWords(members)}`
  return Effect.fail(InvalidRequest.of("offer.account", problem))
}

/** What is known of several accounts together: for those who ask whether a machine is on one of them. */
const accountOf = (members: ReadonlyArray<Member>): Account | undefined => {
  const accounts = members.flatMap(({ provider }) => provider.account ?? [])
  const [first] = accounts
  if (first === undefined || accounts.length < 2) return first
  return {
    ...first,
    isOfKey: (text) => accounts.some((account) => account.isOfKey(text)),
    kinTo: (text) =>
      Effect.map(
        Effect.forEach(accounts, (account) => account.kinTo(text)),
        (all): Kinship =>
          all.find(({ is }) => is === "same") ?? all.find(({ is }) => is === "unsure") ?? { is: "other" }
      )
  }
}

const severalAccounts = ({ provider, kind }: Guarded, operation: string, members: ReadonlyArray<Member>) =>
  new Unsupported({
    message: `${provider} has several accounts in this client (${accountWords(members)}): ask for the ${operation} of all by accounts()`,
    ...{ retry: "permanent", provider, kind, operation, feature: operation }
  })

/** What an operation that is about no machine asks of several accounts. */
const ofAccounts = (first: Guarded, operation: string, members: ReadonlyArray<Member>): Call => {
  const each = (args: ReadonlyArray<unknown>) => (member: Member) =>
    ((member.provider as unknown as Record<string, Call>)[operation] ?? (() => Effect.never))(...args)
  switch (operation) {
    case "offers":
    case "list":
    case "sshKeys":
    case "volumes":
      return (...args) =>
        listed(members, operation, (one) => each(args)(one) as Effect.Effect<Listing<unknown>, GpuError>)
    case "recover":
      return () => recovered(members)
    case "addSshKey":
    case "removeSshKey":
      return (...args) => Effect.map(Effect.forEach(members, each(args)), ([answer]) => answer)
    case "balance":
      return () => Effect.fail(severalAccounts(first, operation, members))
    default:
      return (...args) => each(args)(members[0] ?? { provider: first, name: null })
  }
}

/**
 * One kind of a cloud over all accounts that a client has of it; each keeps to its own part of the ledger.
 *
 * - A machine is on the account that the ledger has it under, else on the one that shows it.
 */
export const joinAccounts = (given: ReadonlyArray<Member>): Guarded => {
  const [lone] = given
  if (lone?.name === null && given.length === 1) return lone.provider
  const members = given.map((member) => ({
    ...member,
    provider: ownOperations(
      member,
      given.filter((one) => one !== member)
    )
  }))
  const [only] = members
  if (only === undefined) throw new Error("a cloud has at least one account")
  const first = only.provider
  if (members.length === 1) return first
  const account = accountOf(members)
  const joined = mapOperations(first, (_, operation): Call => {
    if (operation === "launch" || operation === "check") {
      return (...args) =>
        Effect.flatMap(onOffer(members, args[0] as LaunchSpec), ({ provider }) =>
          (provider[operation] as unknown as Call)(...args)
        )
    }
    if (operationRows[operation]?.onMachine) {
      return (ref, ...args) =>
        Effect.flatMap(memberOf(members, ref), ({ provider }) =>
          ((provider as unknown as Record<string, Call>)[operation] ?? (() => Effect.never))(ref, ...args)
        )
    }
    return ofAccounts(first, operation, members)
  }) as Guarded
  return { ...joined, ...(account && { account }) }
}
