import { type GpuError, type Instance, LeftoverReporter, mayLeaveMachine, type Offer, Timeout } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { mergeErrors } from "../client/merge-errors.ts"
import type { Comparison } from "../compare/comparison.ts"
import { refusalOf } from "../compare/workload.ts"
import { costOf } from "../cost/launch-cost.ts"
import { attempt } from "./attempt.ts"
import { earlierBy } from "./by-key.ts"
import { optionsOf } from "./candidate.ts"
import { excludedOf, nothingHad, spentInAll, withTrail } from "./ending.ts"
import { attemptsLeft, attemptsUsedUp, mayRace } from "./limits.ts"
import { lookAgain } from "./look-again.ts"
import {
  besideEarlier,
  findCandidates,
  type Market,
  openSearch,
  orEarlier,
  type PlacementParts,
  totalAbove
} from "./open-search.ts"
import type { Launched, LaunchRequest } from "./request.ts"
import { filtersOf } from "./request-check.ts"
import { type Search, summaryOf } from "./search.ts"
import { type TryNext, tryNext } from "./try.ts"

/** One launch, and where its candidates come of once that is known. */
interface Placement {
  readonly parts: PlacementParts
  readonly search: Search
  comparison: Comparison | null
}

/** What a launch answers with a machine: its own, or that of an earlier one with its key. */
const answerWith = ({ search, comparison }: Placement, instance: Instance, isEarlier: boolean): Launched => {
  const { trail, leftoverErrors } = search
  const verification = isEarlier ? null : search.verification
  const excluded = excludedOf(search, comparison)
  const problems = comparison?.problems ?? []
  return { instance, isEarlier, verification, trail, excluded, spent: spentInAll(trail), leftoverErrors, problems }
}

/** Whether an offer cannot run the launch, by its cloud's own rules; then it is counted. Sends nothing. */
const isUnfit = Effect.fnUntraced(function* (search: Search, offer: Offer): Effect.fn.Return<boolean, GpuError> {
  const provider = search.providerOf(offer)
  if (!provider) return false
  const refusal = yield* refusalOf(provider, offer, yield* optionsOf(search, offer, provider))
  if (refusal) search.unfit.add(offer, refusal.option, 1, refusal.problem)
  return refusal !== null
})

/** Takes out of the queue what cannot be next there: offers of clouds that refuse the account, and unfit ones. */
const passOver = Effect.fnUntraced(function* (
  search: Search,
  queue: Offer[],
  at: number
): Effect.fn.Return<void, GpuError> {
  const { troubles, passedOver } = search
  for (let next = queue[at]; next; next = queue[at]) {
    const { provider } = next
    const isTroubled = troubles.has(provider)
    if (isTroubled) passedOver.set(provider, (passedOver.get(provider) ?? 0) + 1)
    else if (!(yield* isUnfit(search, next))) return
    queue.splice(at, 1)
  }
})

/**
 * The next offers to try, taken from the queue: two at once in a race, where the limits leave room for both.
 *
 * - Those of clouds that refuse the account are passed over, and those that cannot run the launch; both are counted.
 */
const nextOffers = Effect.fnUntraced(function* (
  search: Search,
  queue: Offer[]
): Effect.fn.Return<ReadonlyArray<Offer>, GpuError> {
  const isRace = search.request.strategy === "race"
  yield* passOver(search, queue, 0)
  if (isRace) yield* passOver(search, queue, 1)
  const now = yield* search.now
  return queue.splice(0, isRace && mayRace(search, queue, now) ? 2 : 1)
})

/** Tries some offers at once until one machine is kept; answers the error that stops the launch, where there is one. */
const tryAtOnce = Effect.fnUntraced(function* (
  search: Search,
  offers: ReadonlyArray<Offer>
): Effect.fn.Return<GpuError | undefined> {
  const stops: GpuError[] = []
  const lanes = offers.map((offer) =>
    attempt(search, offer).pipe(
      Effect.catch((error): Effect.Effect<void, TryNext> => {
        if (error._tag === "TryNext") return Effect.fail(error)
        stops.push(error)
        // What the caller threw ends the other one too; what a cloud says does not.
        return search.thrown ? Effect.void : Effect.fail(tryNext)
      })
    )
  )
  yield* Effect.ignore(Effect.raceAll(lanes))
  return stops[0]
})

/**
 * The machine of another launch that took the key since it was looked at, on whatever cloud it is. Fails with what stops the
 * launch where that is something else; null when that other launch came to nothing, and the key is free for the next offer.
 */
const takenMeanwhile = Effect.fnUntraced(function* (
  search: Search,
  stop: GpuError
): Effect.fn.Return<Instance | null, GpuError> {
  const isTaken = search.request.key !== undefined && stop._tag === "Conflict" && !mayLeaveMachine(stop)
  const taken = isTaken ? yield* earlierBy(search) : null
  if (taken || (isTaken && stop.ref)) return taken
  return yield* Effect.fail(stop)
})

/** Holds the launch to what `maxAbove` allows beyond its best candidate, where no other limit is given. */
const limitByBest = Effect.fnUntraced(function* (
  search: Search,
  { candidates }: Market
): Effect.fn.Return<void, GpuError> {
  const { maxTotal, maxAbove } = search.limits
  const [best] = candidates
  const provider = best && search.providerOf(best.offer)
  if (maxTotal || maxAbove === undefined || !best || !provider) return
  const options = yield* optionsOf(search, best.offer, provider)
  const { total } = costOf({ ...options, offer: best.offer }, search.job)
  if (!total) return
  const most = besideEarlier(search, totalAbove(total, candidates.length, maxAbove))
  search.limits = { ...search.limits, maxTotal: most }
})

/** Tries one offer after the other, or two at once, until a machine is kept. */
const walk = Effect.fnUntraced(function* (placement: Placement, market: Market): Effect.fn.Return<Launched, GpuError> {
  const { search } = placement
  const queue = market.candidates.map(({ offer }) => offer)
  while (queue.length > 0) {
    if (attemptsLeft(search) === 0) return yield* attemptsUsedUp(search, queue.length)
    const some = yield* nextOffers(search, queue)
    if (some.length === 0) break
    const stop = yield* tryAtOnce(search, some)
    if (search.thrown) return yield* search.thrown
    if (search.kept) return answerWith(placement, search.kept, false)
    const taken = stop ? yield* takenMeanwhile(search, stop) : null
    if (taken) return answerWith(placement, taken, true)
  }
  // Who took the last offer may have taken it for this very key.
  const late = yield* earlierBy(search)
  if (late) return answerWith(placement, late, true)
  return yield* nothingHad(search, market, filtersOf(search.request))
})

/** The machine of the key, or a new one on the best candidate that can be had. */
const place = Effect.fnUntraced(function* (placement: Placement): Effect.fn.Return<Launched, GpuError> {
  const { parts, search } = placement
  const held = yield* earlierBy(search)
  if (held) return answerWith(placement, held, true)
  const market = yield* orEarlier(search, findCandidates(parts, search), (machine) =>
    answerWith(placement, machine, true)
  )
  if ("instance" in market) return market
  placement.comparison = market.comparison
  yield* limitByBest(search, market)
  return yield* walk(placement, market)
})

/** The deadline is over and no machine is kept. */
const overdue = { _tag: "Overdue" } as const

/** The same launch, which fails with `Timeout` when no machine is kept by its deadline. */
const inTime = ({ search }: Placement, run: Effect.Effect<Launched, GpuError>): Effect.Effect<Launched, GpuError> => {
  const { deadline } = search.limits
  if (deadline === undefined) return run
  const timer = Effect.flatMap(Effect.sleep(deadline), () => {
    search.overdue = search.kept === null
    return search.overdue ? Effect.fail(overdue) : Effect.never
  })
  return Effect.raceFirst(run, timer).pipe(
    Effect.catchTag("Overdue", () => {
      const after = Duration.fromInputUnsafe(deadline)
      const ended = search.leftoverErrors.length > 0 ? "" : "; what was made is ended"
      const message = `No machine was ready within ${Duration.format(after)} (${summaryOf(search.trail)})${ended}`
      return Effect.fail(new Timeout({ message, retry: "temporary", after }))
    })
  )
}

/** Ends a machine that was kept at the very moment at which the launch failed or was aborted: it belongs to nobody. */
const endKept = ({ search }: Placement): Effect.Effect<void> =>
  Effect.suspend(() => {
    const { kept } = search
    const provider = kept && search.providerOf(kept.ref)
    if (!kept || !provider) return Effect.void
    return Effect.catch(Effect.asVoid(provider.terminate(kept.ref)), (error) =>
      Effect.map(LeftoverReporter, (report) => report(error))
    )
  })

/**
 * Launches on the best offer that can be had, and returns when its machine is ready, or made.
 *
 * - The machine of an earlier launch with the same key goes before everything else.
 * - The next offer is only tried when nothing is left of the one before: refused, proven absent, or ended and seen gone.
 * - Moves on for what reaches no further than the offer: no capacity, a gone offer, a price above a limit, a cloud that
 *   cannot be reached or cannot do what is asked, and a machine that is not ready in time through its host's fault.
 * - Also for a machine that is not what was offered, where `verify` asks that.
 * - What reaches the whole cloud stops it, or moves on to other clouds, as `onCloudTrouble` says. What is wrong with the
 *   request stops it at once. Every error carries the `trail`.
 */
export const launchWith = (parts: PlacementParts) =>
  Effect.fnUntraced(function* (request: LaunchRequest): Effect.fn.Return<Launched, GpuError> {
    const search = yield* openSearch(parts, request)
    const placement: Placement = { parts, search, comparison: null }
    const report = yield* LeftoverReporter
    return yield* inTime(placement, lookAgain(search, place(placement))).pipe(
      Effect.onError(() => endKept(placement)),
      Effect.provideService(LeftoverReporter, (error) => {
        search.leftoverErrors.push(error)
        report(error)
      }),
      Effect.mapError((error) =>
        withTrail(mergeErrors(error, search.leftoverErrors), search.trail, placement.comparison?.problems ?? [])
      )
    )
  })
