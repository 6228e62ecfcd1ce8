import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Urgency } from "../adapter/limiter.ts"
import { currentMoment, type Moment, makeAges, monotonicMillis } from "../elapsed.ts"
import { type GpuError, type ProviderFault, withContext } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { LaunchRecord } from "../ledger/ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { InstanceRef } from "../model/ref.ts"
import type { AnyDefinition, Observer } from "./observe.ts"
import type { Recovery } from "./ops.ts"
import type { terminator } from "./terminate.ts"

/** What looking for a launch's machine came to. */
export type Settlement =
  | { readonly found: "machine"; readonly id: string }
  | { readonly found: "nothing" }
  | { readonly found: "unclear"; readonly because: string }

/** Seconds between looks while a lost answer is settled: soon at first, since most machines show at once. */
const waits = [0, 2, 4, 8, 15, 30]

/** A machine is rented and the ledger does not know: the error names it. */
export const unnoted = (ref: InstanceRef, fault: ProviderFault): ProviderFault =>
  withContext(fault, {
    message: `${ref} is rented and costs money, but the ledger could not note it: ${fault.message}`,
    leftovers: [ref]
  })

/** How long after a launch its absence is still said by `recover`. */
const saidFor = Duration.toMillis("1 hour")

/** How many milliseconds after a launch a machine of it is still looked for that came late. */
export const lookedFor: number = Duration.toMillis("30 days")

/**
 * Settling launches whose outcome is not known: by the marker, from complete lists only.
 *
 * - Found once: adopted. Found more than once: one is adopted, the others are ended.
 * - Absence is only concluded when the last look was complete and the launch can no longer be under way. How long ago it
 *   was opened is read from the monotonic clock: a wall clock that was set forward makes no launch absent.
 */
export const settler = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { refOf, get, unseen }: Observer<P, K, N>,
  terminate: ReturnType<typeof terminator<P, K, N>>
) => {
  const { timing, provider, kind } = definition

  /** One look at the cloud's list for the marker. */
  const lookOnce = (marker: string): Effect.Effect<Settlement, GpuError> =>
    definition.find(marker).pipe(
      Effect.flatMap((listing) =>
        Effect.gen(function* () {
          // One machine may come twice in a list that changed while its pages were read: that is no double.
          const [first, ...extras] = new Set(listing.items.map((native) => definition.describe(native).id))
          for (const extra of extras) yield* terminate(refOf(extra))
          if (first !== undefined) return { found: "machine", id: first } as const
          if (listing.complete) return { found: "nothing" } as const
          return { found: "unclear", because: listing.problems[0]?.error.message ?? "the list is incomplete" } as const
        })
      )
    )

  /** The same, where a list that fails says nothing. */
  const lookAt = (marker: string): Effect.Effect<Settlement> =>
    Effect.catch(lookOnce(marker), (error) => Effect.succeed({ found: "unclear", because: error.message } as const))

  const ages = makeAges()

  /** For how many milliseconds the launch's request can still take effect, or its machine still be invisible. */
  const unclearFor = (record: LaunchRecord, now: Moment): number =>
    Duration.toMillis(timing.createWithin) +
    Duration.toMillis(timing.appearWithin) -
    ages.of(record.marker, record, now)

  /** Writes down what was found. */
  const note = Effect.fnUntraced(function* (record: LaunchRecord, settlement: Settlement) {
    const ledger = yield* CurrentLedger
    if (settlement.found === "machine") {
      const ref = refOf(settlement.id)
      const at = yield* Clock.currentTimeMillis
      return yield* ledger
        .settleLaunch(record.marker, { state: "created", instanceId: ref.id, at })
        .pipe(Effect.mapError((fault) => unnoted(ref, fault)))
    }
    return yield* settlement.found === "nothing"
      ? ledger.settleLaunch(record.marker, { state: "absent", note: "no machine with this marker in complete lists" })
      : ledger.settleLaunch(record.marker, { state: "unsettled", note: settlement.because })
  })

  /** What the caller whose launch it is has written down meanwhile; null while it is open. */
  const toldBy = (marker: string): Effect.Effect<Settlement | null, GpuError> =>
    Effect.flatMap(CurrentLedger, (ledger) => ledger.launches({ marker })).pipe(
      Effect.map(([record]) => {
        if (record?.state === "created" && record.instanceId !== null)
          return { found: "machine", id: record.instanceId }
        return record?.state === "refused" ? { found: "nothing" } : null
      })
    )

  /**
   * Looks until the machine shows or its absence is sure.
   *
   * - `finished`: the request is known to be over, so only the cloud's own delay is waited for.
   */
  const settle = Effect.fnUntraced(
    function* (record: LaunchRecord, finished: boolean): Effect.fn.Return<Settlement, GpuError> {
      const now = yield* currentMoment
      const left = finished ? Duration.toMillis(timing.appearWithin) : unclearFor(record, now)
      const until = now.monotonic + left
      let last: Settlement = { found: "unclear", because: "it was not looked for yet" }
      for (let look = 0, begun = now.monotonic; look === 0 || begun < until; look++) {
        const told = finished ? null : yield* toldBy(record.marker)
        if (told) return told
        const at = yield* monotonicMillis
        const wait = waits[Math.min(look, waits.length - 1)] ?? 30
        yield* Effect.sleep(Math.min(wait * 1000, Math.max(0, until - at)))
        begun = yield* monotonicMillis
        last = yield* lookAt(record.marker)
        if (last.found === "machine") break
      }
      yield* note(record, last)
      return last
    },
    Effect.provideService(Urgency, "urgent")
  )

  /** One look for many launches at once: what a list of all machines says of a marker. */
  const lookForAll = (): Effect.Effect<(marker: string) => Settlement> =>
    definition.readAll().pipe(
      Effect.map((listing) => (marker: string): Settlement => {
        const facts = listing.items.map((native) => definition.describe(native))
        const machine = facts.find((one) => one.marker === marker)
        if (machine) return { found: "machine", id: machine.id }
        if (listing.complete) return { found: "nothing" }
        return { found: "unclear", because: listing.problems[0]?.error.message ?? "the list is incomplete" }
      }),
      Effect.catch((error) => Effect.succeed(() => ({ found: "unclear", because: error.message }) as const))
    )

  /**
   * Settles everything the ledger holds open for this provider and kind, with one look each.
   *
   * - What was absent is looked for in one list, for so long as a machine may come late.
   */
  const recover = Effect.fnUntraced(function* (): Effect.fn.Return<Recovery<P, K>, GpuError> {
    const ledger = yield* CurrentLedger
    const now = yield* currentMoment
    const isLate = ({ state, at }: LaunchRecord) => state === "absent" && now.wall - at > lookedFor
    const open = (yield* ledger.launches({ provider, kind, states: ["open", "unsettled", "absent"] })).filter(
      (record) => !isLate(record)
    )
    const inList = open.some(({ state }) => state === "absent") ? yield* lookForAll() : null
    const adopted: Instance<P, K>[] = []
    const absent: LaunchRecord[] = []
    const unsettled: LaunchRecord[] = []
    for (const record of open) {
      const listed = record.state === "absent" && inList ? inList(record.marker) : null
      const settlement = listed && listed.found !== "machine" ? listed : yield* lookAt(record.marker)
      if (settlement.found !== "machine" && record.state === "absent" && now.wall - record.at > saidFor) continue
      if (settlement.found === "nothing" && unclearFor(record, now) > 0) {
        unsettled.push(record)
        continue
      }
      yield* note(record, settlement)
      if (settlement.found === "machine") {
        const { id } = settlement
        adopted.push(yield* get(id).pipe(Effect.catch(() => Effect.succeed(unseen(id, record, now.wall)))))
      } else (settlement.found === "nothing" ? absent : unsettled).push(record)
    }
    return { adopted, absent, unsettled }
  })

  /** A launch that is opened now: how long it is under way is known from its first moment. */
  const opened = (record: LaunchRecord, now: Moment): void => void ages.of(record.marker, record, now)

  return { settle, recover, opened }
}

/** What {@link settler} makes. */
export type Settler<P extends string, K extends Kind, N> = ReturnType<typeof settler<P, K, N>>
