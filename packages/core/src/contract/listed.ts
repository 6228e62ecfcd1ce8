import * as Effect from "effect/Effect"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import { Listing } from "../model/listing.ts"
import type { AnyDefinition } from "./observe.ts"

/** Whether a listed machine counts as one of this kind: one that does not tell is what the ledger knows it as. */
export const isOfKind = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { provider, kind, kindOf, kindUnlessTold, describe }: AnyDefinition<P, K, N>,
  native: N,
  isKnown: (id: string) => boolean
) {
  if (kindUnlessTold === undefined || kindOf?.(native) != null) return true
  const { id } = describe(native)
  if (isKnown(id)) return true
  const launches = yield* Effect.flatMap(CurrentLedger, (ledger) => ledger.launches({ provider, instanceId: id }))
  return (launches.at(-1)?.kind ?? kindUnlessTold) === kind
})

/** The same listing of machines, with what they say of themselves that cannot be read. */
export const withProblems = <P extends string, K extends Kind>(
  { problems, complete, observedAt, leftOut }: Listing<unknown>,
  items: ReadonlyArray<Instance<P, K>>
): Listing<Instance<P, K>> => {
  const others = problems.filter(({ field }) => field === undefined)
  const own = items.flatMap((instance) => instance.problems ?? [])
  return new Listing({ items, complete, observedAt, leftOut, problems: [...others, ...own] })
}
