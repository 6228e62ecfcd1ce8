import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type Moment, momentOn } from "../../elapsed.ts"
import type { GpuError } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { MachineRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import { InstanceRef } from "../../model/ref.ts"
import { againAt, isOver, type Prover } from "./absence.ts"
import type { AnyDefinition } from "./any-definition.ts"
import { asLaunched } from "./as-launched.ts"
import { instanceOf } from "./assemble.ts"
import { noteBilling } from "./billing.ts"
import type { Freshness } from "./freshness.ts"
import { sinceLaunch } from "./since.ts"

/** A machine just read: the common form, and the native one. */
export interface Observed<P extends string, K extends Kind, N> {
  readonly instance: Instance<P, K>
  readonly native: N
}

/** How a row came: by a read of one machine, or in a list. */
export type ReadBy = "read" | "list"

/** The time of an answer. */
export interface Span {
  /** Epoch milliseconds when it was asked for. */
  readonly began: number
  /** When it was there: what it shows is as old as that, whatever is read afterwards. */
  readonly moment: Moment
}

/** What reading rows needs. */
export interface Reading<P extends string, K extends Kind, N> {
  readonly definition: AnyDefinition<P, K, N>
  readonly fresh: Freshness<P, K, N>
  readonly prover: Prover<N>
}

/** How much of a machine a row shows. */
export const viewOf = ({ listKnowsLess }: { readonly listKnowsLess?: boolean }, by: ReadBy): Instance["view"] =>
  by === "list" && listKnowsLess ? "summary" : "detail"

/** Whether a row says something that is in no document of the cloud, or that cannot be read. */
export const isOdd = <P extends string, K extends Kind, N>(
  { isStrange }: AnyDefinition<P, K, N>,
  native: N,
  now: number
): boolean => isStrange(native, { intent: null, now })

/** Whether the ledger does not know yet that a machine was seen, and with which key. */
export const isNews = <P extends string, K extends Kind, N>(
  { account }: AnyDefinition<P, K, N>,
  known: MachineRecord | null | undefined
): boolean => known?.firstSeen == null || (account !== undefined && !account.isOfKey(known.account))

/**
 * When a machine that was verified gone is there all the same, by an answer that was asked for after that; null when
 * not.
 *
 * - What remains of an ended machine does not count, nor a read in words that nobody knows: the list judges those.
 */
export const showsAgain = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  known: MachineRecord | null | undefined,
  { instance, native }: Observed<P, K, N>,
  [began, now]: readonly [began: number, now: number],
  by: ReadBy
): number | null =>
  isOver(instance) || (by === "read" && isOdd(definition, native, began)) ? null : againAt(known, began, now)

/** The launch of this ledger that made a machine. */
export const recordOf = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { provider, kind }: AnyDefinition<P, K, N>,
  id: string
) {
  const ledger = yield* CurrentLedger
  return (yield* ledger.launches({ provider, kind, instanceId: id })).at(-1)
})

/** A row as an instance, with what the ledger knows of it; what the ledger misses is noted. */
const observe = <P extends string, K extends Kind, N>(
  { definition, fresh }: Reading<P, K, N>,
  ref: InstanceRef<P, K>,
  native: N,
  by: ReadBy,
  { began, moment }: Span
): Effect.Effect<Observed<P, K, N>, GpuError> =>
  Effect.withFiber((fiber) => {
    const ledger = fiber.getRef(CurrentLedger)
    return Effect.flatMap(ledger.machine(ref), (known) => {
      const now = moment.wall
      const intent = fresh.standing(ref.id, known?.intent ?? null, native, moment)
      const read = instanceOf(definition, native, intent, now, viewOf(definition, by))
      const observed = { instance: asLaunched(read, known), native }
      // By the wall clock as it is now: an end that was noted since the answer is not ahead of it.
      const again = showsAgain(definition, known, observed, [began, momentOn(fiber.getRef(Clock.Clock)).wall], by)
      // Reading goes on when the ledger cannot be written: what it misses now, it notes at the next look.
      const news = [
        ...(isNews(definition, known) ? [Effect.ignore(ledger.seen([ref], now, definition.account?.known()))] : []),
        ...(again === null ? [] : [Effect.ignore(ledger.seen([ref], again))]),
        ...(known?.intent && intent === null ? [Effect.ignore(ledger.intend(ref, null))] : [])
      ]
      const dated = Effect.flatMap(sinceLaunch(observed.instance), (instance) =>
        Effect.as(noteBilling([[instance, known]], now), { instance, native })
      )
      return news.length > 0 ? Effect.andThen(Effect.all(news), dated) : dated
    })
  })

/** What a row amounts to, if it is this machine, and of this kind: a launch of this ledger is surer about that. */
export const admit = <P extends string, K extends Kind, N>(
  on: Reading<P, K, N>,
  id: string,
  native: N,
  by: ReadBy,
  span: Span
): Effect.Effect<Observed<P, K, N>, GpuError> => {
  const { definition, prover } = on
  const wrong = prover.checkAnswer(id, native)
  if (wrong) return Effect.fail(wrong)
  const other = prover.otherKind(native)
  const observed = observe(on, new InstanceRef(definition.provider, definition.kind, id), native, by, span)
  if (other === null) return observed
  return Effect.flatMap(recordOf(definition, id), (launch) =>
    launch ? observed : Effect.fail(prover.wrongKind(id, other))
  )
}
