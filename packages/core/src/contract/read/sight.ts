import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { currentMoment } from "../../elapsed.ts"
import { type GpuError, NotFound } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { MachineRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import { Listing } from "../../model/listing.ts"
import { InstanceRef } from "../../model/ref.ts"
import { confirmAfter, type Evidence, isOver } from "./absence.ts"
import { admit, isOdd, type Observed, type Reading, recordOf, type Span } from "./admit.ts"
import type { AnyDefinition } from "./any-definition.ts"
import { endedOf, unseenOf } from "./assemble.ts"

/**
 * What is known of one machine: it is shown, by a read or by a list that contradicts the read; it was launched so lately
 * that it may be there and not show; or it is proven gone.
 */
export type Sight<P extends string, K extends Kind, N> =
  | { readonly is: "shown"; readonly by: "read" | "list"; readonly observed: Observed<P, K, N> }
  | { readonly is: "hidden"; readonly instance: Instance<P, K> }
  | { readonly is: "gone" }

/** What a complete list says of a machine, with the machine where it shows it. */
export type Confirmation<P extends string, K extends Kind, N> =
  | Exclude<Evidence<N>, { readonly says: "there" }>
  | { readonly says: "there"; readonly observed: Observed<P, K, N> }

/** A machine with what its cloud says of it elsewhere. */
const withBesides = <P extends string, K extends Kind, N>(
  { besides }: AnyDefinition<P, K, N>,
  native: N,
  { began }: Span
): Effect.Effect<N> => {
  if (!besides) return Effect.succeed(native)
  const alone = Listing.read({ items: [native], observedAt: DateTime.makeUnsafe(began), problems: [] })
  return Effect.map(besides(alone, "read"), ({ items: [whole] }) => whole ?? native)
}

/** What a machine that was just read amounts to, with what its cloud says of it elsewhere. */
export const admitRead = <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>,
  id: string,
  native: N,
  span: Span
): Effect.Effect<Observed<P, K, N>, GpuError> =>
  Effect.flatMap(withBesides(on.definition, native, span), (whole) => admit(on, id, whole, "read", span))

/** One machine as a read shows it; null when that suggests its absence, which {@link confirm} has to prove. */
export const look = <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>,
  id: string
): Effect.Effect<Observed<P, K, N> | null, GpuError> =>
  Effect.gen(function* () {
    const began = yield* Clock.currentTimeMillis
    const native = yield* on.definition.read(id)
    if (native === null) return null
    return yield* admitRead(on, id, native, { began, moment: yield* currentMoment })
  })

/** What a complete list, begun now, says of a machine whose absence something suggests. */
export const confirm = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>,
  id: string,
  apart: ReadonlyArray<string> = []
): Effect.fn.Return<Confirmation<P, K, N>, GpuError> {
  const record = yield* recordOf(on.definition, id)
  const began = yield* Clock.currentTimeMillis
  const evidence = yield* on.prover.prove(id, record?.marker ?? null, began, apart)
  return evidence.says === "there"
    ? {
        says: "there",
        observed: yield* admit(on, id, evidence.native, "list", { began, moment: yield* currentMoment })
      }
    : evidence
})

/** What a list says of a machine that a read does not show, or shows in words that nobody knows. */
const byList = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>,
  ref: InstanceRef<P, K>,
  shown: Observed<P, K, N> | null,
  known: MachineRecord | null
): Effect.fn.Return<Sight<P, K, N>, GpuError> {
  const ledger = yield* CurrentLedger
  const moment = yield* currentMoment
  const record = known ? yield* recordOf(on.definition, ref.id) : undefined
  const mayHide = (inList: boolean) => !shown && known !== null && on.fresh.isFresh(known, record, moment, inList)
  const hidden = { is: "hidden", instance: unseenOf(on.definition, ref.id, record, moment.wall) } as const
  if (mayHide(false)) return hidden
  if (!shown && known) yield* Effect.sleep(confirmAfter)
  const evidence = yield* confirm(on, ref.id)
  if (evidence.says === "there" && (!shown || isOver(evidence.observed.instance))) {
    return { is: "shown", by: "list", observed: evidence.observed }
  }
  if (shown && evidence.says !== "gone") return { is: "shown", by: "read", observed: shown }
  // A list may lag behind a launch as well: as long as it may, nothing is proven.
  if (mayHide(true)) return hidden
  if (evidence.says === "unclear") return yield* Effect.fail(evidence.error)
  if (known && known.goneAt === null && known.firstSeen !== null) {
    yield* Effect.ignore(ledger.gone(ref, yield* Clock.currentTimeMillis))
  }
  return { is: "gone" }
})

/** What there is to know of one machine; fails when that cannot be established. */
export const sight = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>,
  id: string
): Effect.fn.Return<Sight<P, K, N>, GpuError> {
  const { definition } = on
  if (definition.isId?.(id) === false) return { is: "gone" }
  const ref = new InstanceRef(definition.provider, definition.kind, id)
  const shown = yield* look(on, id)
  const ledger = yield* CurrentLedger
  const known = shown && isOver(shown.instance) ? null : yield* ledger.machine(ref)
  const { wall } = yield* currentMoment
  if (shown && !(known?.intent?.action === "terminate" && isOdd(definition, shown.native, wall))) {
    return { is: "shown", by: "read", observed: shown }
  }
  if (!shown && known?.goneAt != null) return { is: "gone" }
  return yield* byList(on, ref, shown, known)
})

/** One machine; a known one that is proven gone is answered as ended, and one that nobody ever knew is `NotFound`. */
export const get = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>,
  id: string
): Effect.fn.Return<Instance<P, K>, GpuError> {
  const { definition } = on
  const { provider, kind } = definition
  const seen = yield* sight(on, id)
  if (seen.is !== "gone") return seen.is === "hidden" ? seen.instance : seen.observed.instance
  const ref = new InstanceRef(provider, kind, id)
  const ledger = yield* CurrentLedger
  const known = yield* ledger.machine(ref)
  if (known !== null) {
    return endedOf(definition, known, yield* recordOf(definition, id), yield* Clock.currentTimeMillis)
  }
  return yield* new NotFound({
    message: `${provider} knows no ${kind} "${id}", and this ledger has never seen it; list() shows what is there`,
    retry: "permanent",
    ref
  })
})
