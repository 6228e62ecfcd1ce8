import * as Effect from "effect/Effect"
import { FreshRead } from "../../adapter/coalesce.ts"
import type { GpuError } from "../../errors.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { Listing } from "../../model/listing.ts"
import { earlier } from "../named.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"
import type { Terminator } from "../terminate/terminate.ts"
import type { Settlement } from "./settlement.ts"

/** What looking for a launch's machine needs. */
export interface Looking<P extends string, K extends Kind, N> {
  readonly definition: AnyDefinition<P, K, N>
  readonly refOf: Reader<P, K, N>["refOf"]
  readonly terminate: Terminator<P, K>
}

/** What a list that shows no machine with a launch's marker says of the launch. */
const withoutIt = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { definition, refOf }: Looking<P, K, N>,
  record: LaunchRecord,
  listing: Listing<N>
) {
  if (!listing.complete) {
    const problem = listing.problems.find(({ field }) => field === undefined)
    return { found: "unclear", because: problem?.error.message ?? "the list is incomplete" } as const
  }
  const wasBefore = earlier(definition)
  for (const native of listing.items.filter((one) => definition.hidesMarker(one))) {
    const { id } = definition.describe(native)
    if (yield* Effect.orElseSucceed(wasBefore(record, id), () => false)) continue
    const because = `the marker of ${refOf(id)} cannot be read: it may be the machine of this launch`
    return { found: "unclear", because } as const
  }
  return { found: "nothing" } as const
})

/** One look at the cloud's list for a launch's marker. Found more than once: one is adopted, the others are ended. */
const lookOnce = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Looking<P, K, N>,
  record: LaunchRecord
): Effect.fn.Return<Settlement<P, K>, GpuError> {
  const { definition, refOf, terminate } = on
  const listing = yield* Effect.provideService(definition.find(record.marker), FreshRead, true)
  const described = listing.items.map((native) => definition.describe(native))
  const own = described.filter((machine) => machine.marker === record.marker)
  // One machine may come twice in a list that changed while its pages were read: that is no double.
  const [first, ...extras] = new Set(own.map(({ id }) => id))
  for (const extra of extras) yield* terminate(refOf(extra))
  return first === undefined ? yield* withoutIt(on, record, listing) : { found: "machine", id: first }
})

/** One look at the cloud's list for a launch's marker; a list that fails says nothing. */
export const lookFor = <P extends string, K extends Kind, N>(
  on: Looking<P, K, N>,
  record: LaunchRecord
): Effect.Effect<Settlement<P, K>> =>
  Effect.catch(lookOnce(on, record), (error) => Effect.succeed({ found: "unclear", because: error.message } as const))

/** One look for many launches at once: what a list of all machines says of each. */
export const lookForAll = <P extends string, K extends Kind, N>(
  on: Looking<P, K, N>
): Effect.Effect<(record: LaunchRecord) => Effect.Effect<Settlement<P, K>>> =>
  on.definition.readAll().pipe(
    Effect.map((listing) => {
      const facts = listing.items.map((native) => on.definition.describe(native))
      return (record: LaunchRecord): Effect.Effect<Settlement<P, K>> => {
        const machine = facts.find((one) => one.marker === record.marker)
        return machine ? Effect.succeed({ found: "machine", id: machine.id }) : withoutIt(on, record, listing)
      }
    }),
    Effect.catch((error) => Effect.succeed(() => Effect.succeed({ found: "unclear", because: error.message } as const)))
  )
