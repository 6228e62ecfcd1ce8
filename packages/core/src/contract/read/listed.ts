import * as Effect from "effect/Effect"
import type { ProviderFault } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import { Listing } from "../../model/listing.ts"
import type { AnyDefinition } from "./any-definition.ts"

/** The machines of this kind on a list of several: the ledger gives the kind of one whose row does not say. */
export const ofKind = <P extends string, K extends Kind, N>(
  { provider, kind, kindOf, kindUnlessTold, describe }: AnyDefinition<P, K, N>,
  items: ReadonlyArray<N>,
  known: ReadonlyMap<string, unknown>
): Effect.Effect<ReadonlyArray<N>, ProviderFault> => {
  if (kindUnlessTold === undefined) return Effect.succeed(items)
  const isLaunchedSo = (native: N) =>
    Effect.map(
      Effect.flatMap(CurrentLedger, (ledger) => ledger.launches({ provider, instanceId: describe(native).id })),
      (launches) => (launches.at(-1)?.kind ?? kindUnlessTold) === kind
    )
  return Effect.filter(items, (native) => {
    const told = kindOf?.(native) ?? null
    if (told !== null) return Effect.succeed(told === kind)
    return known.has(describe(native).id) ? Effect.succeed(true) : isLaunchedSo(native)
  })
}

/** The same listing of machines, with what they say of themselves that cannot be read. */
export const withProblems = <P extends string, K extends Kind>(
  { problems, complete, observedAt, excluded }: Listing<unknown>,
  items: ReadonlyArray<Instance<P, K>>
): Listing<Instance<P, K>> => {
  const others = problems.filter(({ field }) => field === undefined)
  const own = items.flatMap((instance) => instance.problems ?? [])
  return new Listing({ items, complete, observedAt, excluded, problems: [...others, ...own] })
}
