import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { currentMoment, type Moment } from "../elapsed.ts"
import { type GpuError, NotFound } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord, MachineRecord } from "../ledger/ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { InstanceRef } from "../model/ref.ts"
import { confirmAfter, type Evidence, isOver } from "./absence.ts"
import type { AnyDefinition, Observed } from "./observe.ts"

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

/** What is done with rows and records, to tell of one machine. */
interface Rows<P extends string, K extends Kind, N> {
  readonly refOf: (id: string) => InstanceRef<P, K>
  readonly isFresh: (known: MachineRecord, record: LaunchRecord | undefined, now: Moment, inList: boolean) => boolean
  readonly isOdd: (native: N, now: number) => boolean
  readonly unseen: (id: string, record: LaunchRecord | undefined, now: number) => Instance<P, K>
  readonly ended: (id: string, known: MachineRecord, record: LaunchRecord | undefined, now: number) => Instance<P, K>
  readonly recordOf: (id: string) => Effect.Effect<LaunchRecord | undefined, GpuError>
  readonly admit: (
    id: string,
    native: N,
    by: "read" | "list",
    began: number
  ) => Effect.Effect<Observed<P, K, N>, GpuError>
  readonly prove: (
    id: string,
    marker: string | null,
    now: number,
    apart: ReadonlyArray<string>
  ) => Effect.Effect<Evidence<N>>
}

/** Looking for one machine, by the rule of `absence.ts`. */
export const sights = <P extends string, K extends Kind, N>(
  { read, isId, provider, kind }: AnyDefinition<P, K, N>,
  { refOf, isFresh, isOdd, unseen, ended, recordOf, admit, prove }: Rows<P, K, N>
) => {
  /** One machine as a read shows it; null when that suggests that there is none, which {@link confirm} has to prove. */
  const look = (id: string): Effect.Effect<Observed<P, K, N> | null, GpuError> =>
    Effect.flatMap(Clock.currentTimeMillis, (began) =>
      Effect.flatMap(read(id), (native) => (native === null ? Effect.succeed(null) : admit(id, native, "read", began)))
    )

  /** What a complete list, begun now, says of a machine whose absence something suggests. */
  const confirm = Effect.fnUntraced(function* (
    id: string,
    apart: ReadonlyArray<string> = []
  ): Effect.fn.Return<Confirmation<P, K, N>, GpuError> {
    const record = yield* recordOf(id)
    const began = yield* Clock.currentTimeMillis
    const evidence = yield* prove(id, record?.marker ?? null, began, apart)
    return evidence.says === "there"
      ? { says: "there", observed: yield* admit(id, evidence.native, "list", began) }
      : evidence
  })

  /** What there is to know of one machine; fails when that cannot be established. */
  const sight = Effect.fnUntraced(function* (id: string): Effect.fn.Return<Sight<P, K, N>, GpuError> {
    if (isId?.(id) === false) return { is: "gone" }
    const shown = yield* look(id)
    const ledger = yield* CurrentLedger
    const known = shown && isOver(shown.instance) ? null : yield* ledger.machine(refOf(id))
    const moment = yield* currentMoment
    if (shown && !(known?.intent?.action === "terminate" && isOdd(shown.native, moment.wall))) {
      return { is: "shown", by: "read", observed: shown }
    }
    if (!shown && known?.goneAt != null) return { is: "gone" }
    const record = known ? yield* recordOf(id) : undefined
    const mayHide = (inList: boolean) => !shown && known !== null && isFresh(known, record, moment, inList)
    const hidden = { is: "hidden", instance: unseen(id, record, moment.wall) } as const
    if (mayHide(false)) return hidden
    if (!shown && known) yield* Effect.sleep(confirmAfter)
    const evidence = yield* confirm(id)
    if (evidence.says === "there" && (!shown || isOver(evidence.observed.instance))) {
      return { is: "shown", by: "list", observed: evidence.observed }
    }
    if (shown && evidence.says !== "gone") return { is: "shown", by: "read", observed: shown }
    // A list may lag behind a launch as well: as long as it may, nothing is proven.
    if (mayHide(true)) return hidden
    if (evidence.says === "unclear") return yield* Effect.fail(evidence.error)
    if (known && known.goneAt === null && known.firstSeen !== null) {
      yield* Effect.ignore(ledger.gone(refOf(id), yield* Clock.currentTimeMillis))
    }
    return { is: "gone" }
  })

  const get = Effect.fnUntraced(function* (id: string): Effect.fn.Return<Instance<P, K>, GpuError> {
    const seen = yield* sight(id)
    if (seen.is !== "gone") return seen.is === "hidden" ? seen.instance : seen.observed.instance
    const known = yield* Effect.flatMap(CurrentLedger, (ledger) => ledger.machine(refOf(id)))
    if (known !== null) return ended(id, known, yield* recordOf(id), yield* Clock.currentTimeMillis)
    return yield* new NotFound({
      message: `${provider} knows no ${kind} "${id}", and this ledger has never seen it; list() shows what is there`,
      retry: "permanent",
      ref: refOf(id)
    })
  })

  return { look, confirm, sight, get }
}
