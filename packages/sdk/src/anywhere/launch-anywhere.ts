import {
  Aftermath,
  CurrentLedger,
  type GpuError,
  type Instance,
  InvalidRequest,
  leavesSomething,
  type Offer,
  shape,
  steadyClock,
  Timeout
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { inOne } from "../client/in-one.ts"
import type { CompareRequest } from "../compare/compare.ts"
import { Comparison } from "../compare/comparison.ts"
import { counting, refusalOf } from "../compare/workload.ts"
import type { Guarded } from "../spending/guarded.ts"
import { attempt, type MovedOn, movedOn } from "./attempt.ts"
import { nothingHad, spentInAll, whyOf, withTrail } from "./ending.ts"
import { heldBy } from "./held.ts"
import { spentUnder } from "./key-budget.ts"
import { attemptsLeft, attemptsUsedUp, mayRace } from "./limits.ts"
import { optionsOf, workloadOf } from "./offered.ts"
import type { AnywhereRequest, EarlierOptions, Launched, LaunchLimits } from "./request.ts"
import { checkBid, checkRequest, isListed, readCandidates } from "./request-check.ts"
import { type Search, summaryOf } from "./search.ts"

/** What a client has for launching anywhere. */
export interface Anywhere {
  readonly providers: ReadonlyArray<Guarded>
  readonly compare: (request: CompareRequest) => Effect.Effect<Comparison, GpuError>
}

const among =
  (providers: ReadonlyArray<Guarded>): Search["providerOf"] =>
  ({ provider, kind }) =>
    providers.find((one) => one.provider === provider && one.kind === kind)

/** The limits that a comparison can hold to as well. */
const moneyIn = ({ maxPerHour, maxTotal }: LaunchLimits = {}): Pick<CompareRequest, "maxPerHour" | "maxTotal"> => ({
  ...(maxPerHour && { maxPerHour }),
  ...(maxTotal && { maxTotal })
})

/** What the limits of a request come to, with those that are only in what it compares. */
const limitsOf = ({ candidates = {}, limits }: AnywhereRequest): LaunchLimits => ({
  ...moneyIn(isListed(candidates) ? {} : candidates),
  ...(shape.present(limits) as LaunchLimits)
})

const earlierShape = shape.argument({ until: shape.optional(shape.oneOf("ready", "made")) })

/** The machine that an earlier launch with a request's key made; see `Gpu.earlierLaunch`. */
export const earlierLaunch =
  (providers: ReadonlyArray<Guarded>) =>
  (request: AnywhereRequest, options: EarlierOptions = {}): Effect.Effect<Instance | null, GpuError> =>
    Effect.gen(function* () {
      yield* checkRequest(request)
      const issues = earlierShape("options", options)
      if (issues.length > 0) return yield* InvalidRequest.all(issues)
      if (request.key === undefined) return null
      return yield* heldBy(
        request.key,
        { request, limits: limitsOf(request), providerOf: among(providers) },
        options.until
      )
    })

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

/** The deadline is over and no machine is kept. */
const overdue = { _tag: "Overdue" } as const

/**
 * Launches on the best of several offers, and returns when a machine is ready.
 *
 * - The next offer is only tried when nothing is left of the one before: refused, proven absent, or ended and seen gone.
 * - Moves on for what reaches no further than the offer: no capacity, a gone offer, a price above a limit, a cloud that
 *   cannot be reached or cannot do what is asked, and a machine that is not ready in time through its host's fault.
 * - What reaches the whole cloud stops it, or moves on to other clouds, as `onCloudTrouble` says. What is wrong with the
 *   request stops it at once. Every error carries the `trail`.
 */
export const launchAnywhere =
  ({ providers, compare }: Anywhere) =>
  (request: AnywhereRequest): Effect.Effect<Launched, GpuError> =>
    Effect.gen(function* () {
      yield* checkRequest(request)
      const hear = yield* Aftermath
      const { job, candidates = {}, key } = request
      const given = isListed(candidates) ? yield* readCandidates(candidates) : null
      const filters = isListed(candidates) ? {} : candidates
      const search: Search = {
        ...{
          request,
          now: yield* steadyClock,
          kept: null,
          overdue: false,
          thrown: null,
          trail: [],
          booting: [],
          unended: [],
          earlier: []
        },
        ...{ limits: limitsOf(request), providerOf: among(providers), troubles: new Map(), passedOver: new Map() },
        ...{ adapted: new Map(), unfit: counting() }
      }
      const { trail, unended, limits } = search
      // What differs from offer to offer is not known before: then each is checked at its turn.
      const runs = request.adapt ? {} : { workload: workloadOf(request) }
      let found = candidates instanceof Comparison ? candidates : null
      const problems = () => found?.problems ?? []
      const launched = (instance: Instance): Launched => ({
        ...{ instance, trail, why: whyOf(search, found), spent: spentInAll(trail), unended, problems: problems() }
      })

      const run = Effect.gen(function* () {
        const held = key === undefined ? null : yield* heldBy(key, search)
        if (held) return launched(held)
        if (key !== undefined) search.earlier = yield* spentUnder(yield* CurrentLedger, key)
        yield* checkBid(request)
        found = given ? found : yield* compare({ ...runs, ...moneyIn(limits), ...filters, job })
        const offers = (given ?? [...(found ?? [])]).map(({ offer }) => offer)
        const queue = [...offers]
        while (queue.length > 0) {
          if (attemptsLeft(search) === 0) return yield* attemptsUsedUp(search, queue.length)
          const some = yield* nextOffers(search, queue)
          if (some.length === 0) break
          const stops: GpuError[] = []
          const lanes = some.map((offer) =>
            attempt(search, offer).pipe(
              Effect.catch((error): Effect.Effect<void, MovedOn> => {
                if (error._tag === "MovedOn") return Effect.fail(error)
                stops.push(error)
                // What the caller threw ends the other one too; what a cloud says does not.
                return search.thrown ? Effect.void : Effect.fail(movedOn)
              })
            )
          )
          yield* Effect.ignore(Effect.raceAll(lanes))
          if (search.thrown) return yield* search.thrown
          if (search.kept) return launched(search.kept)
          const [stop] = stops
          // Another launch took the key since it was looked at: its machine is the answer, on whatever cloud it is.
          const isTaken = key !== undefined && stop?._tag === "Conflict" && !leavesSomething(stop)
          const taken = isTaken ? yield* heldBy(key, search) : null
          if (taken) return launched(taken)
          // Null: that launch came to nothing, and the key is free for the next offer.
          if (stop && !(isTaken && stop.ref)) return yield* stop
        }
        // Who took the last offer may have taken it for this very key.
        const late = key === undefined ? null : yield* heldBy(key, search)
        if (late) return launched(late)
        return yield* nothingHad(search, offers.length, found, filters.gpu)
      })

      /** A machine that was ready at the very moment at which the launch failed or was aborted belongs to nobody. */
      const endKept = Effect.suspend(() => {
        const { kept } = search
        const provider = kept && search.providerOf(kept.ref)
        if (!kept || !provider) return Effect.void
        return Effect.catch(provider.terminate(kept.ref), (error) => Effect.map(Aftermath, (hear) => hear(error)))
      })

      const inTime = (deadline: Duration.Input) =>
        Effect.raceFirst(
          run,
          Effect.flatMap(Effect.sleep(deadline), () => {
            search.overdue = search.kept === null
            return search.overdue ? Effect.fail(overdue) : Effect.never
          })
        ).pipe(
          Effect.catchTag("Overdue", () => {
            const after = Duration.fromInputUnsafe(deadline)
            const ended = unended.length > 0 ? "" : "; what was made is ended"
            const message = `No machine was ready within ${Duration.format(after)} (${summaryOf(trail)})${ended}`
            return Effect.fail(new Timeout({ message, retry: "temporary", after }))
          })
        )

      const { deadline } = limits
      return yield* (deadline === undefined ? run : inTime(deadline)).pipe(
        Effect.onError(() => endKept),
        Effect.provideService(Aftermath, (error) => {
          unended.push(error)
          hear(error)
        }),
        Effect.mapError((error) => withTrail(inOne(error, unended), trail, problems()))
      )
    })
