import {
  type AnyProvider,
  CurrentLedger,
  type GpuError,
  InvalidRequest,
  LaunchUnsettled,
  NoCapacity,
  Timeout,
  waitUntilReady,
  withContext
} from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { CompareRequest } from "../compare.ts"
import type { Candidate, Comparison } from "../comparison.ts"
import type { Failures } from "../failures.ts"
import { attempt } from "./attempt.ts"
import type { AnywhereRequest, Launched, LaunchLimits } from "./request.ts"
import { type Search, summaryOf } from "./search.ts"

/** What a client has for launching anywhere. */
export interface Anywhere {
  readonly providers: ReadonlyArray<AnyProvider>
  readonly compare: (request: CompareRequest) => Effect.Effect<Comparison, GpuError>
  readonly failures: Failures
}

/** The limits that a comparison can hold to as well. */
const moneyIn = ({ maxPerHour, maxTotal }: LaunchLimits = {}): Pick<CompareRequest, "maxPerHour" | "maxTotal"> => ({
  ...(maxPerHour && { maxPerHour }),
  ...(maxTotal && { maxTotal })
})

const isListed = (candidates: object): candidates is Iterable<Candidate> => Symbol.iterator in candidates

/** The machine of an earlier launch with the same key, in this process or a dead one; null when none is left of it. */
const heldBy = (key: string, providers: ReadonlyArray<AnyProvider>) =>
  Effect.gen(function* () {
    const ledger = yield* CurrentLedger
    const read = Effect.map(ledger.launches({ key }), (all) => all.findLast(({ state }) => state !== "refused"))
    const before = yield* read
    const provider = providers.find((one) => one.provider === before?.provider && one.kind === before.kind)
    if (!before || !provider) return null
    if (before.instanceId === null) yield* provider.recover()
    const now = yield* read
    if (!now || now.state === "absent") return null
    if (now.instanceId === null) {
      const message = `An earlier launch with the key "${key}" is not settled yet: call recover() later; nothing was sent`
      return yield* new LaunchUnsettled({ message, retry: "temporary", marker: now.marker })
    }
    const { items } = yield* provider.list()
    const mine = items.find(({ ref }) => ref.id === now.instanceId)
    if (!mine || ["terminating", "terminated"].includes(mine.status)) return null
    return yield* waitUntilReady(provider, mine.ref)
  })

/**
 * Launches on the best of several offers, and returns when a machine is ready.
 *
 * - The next offer is only tried when nothing is left of the one before: refused, proven absent, or ended and seen gone.
 * - Moves on for no capacity, a gone offer, a price above a limit, a cloud that cannot be reached or cannot do what is
 *   asked, and a machine that is not ready in time. Stops for anything else. Every error carries the `trail`.
 */
export const launchAnywhere =
  ({ providers, compare, failures }: Anywhere) =>
  (request: AnywhereRequest): Effect.Effect<Launched, GpuError> => {
    const { job, candidates = {}, limits, strategy = "order", key } = request
    const search: Search = {
      ...{ request, failures, kept: null, trail: [] },
      providerOf: ({ provider, kind }) => providers.find((one) => one.provider === provider && one.kind === kind)
    }
    const withTrail = (error: GpuError) => withContext(error, { trail: search.trail })

    const run = Effect.gen(function* () {
      if (strategy !== "order" && strategy !== "race") {
        return yield* InvalidRequest.of("strategy", 'must be "order" or "race"')
      }
      const held = key === undefined ? null : yield* heldBy(key, providers)
      if (held) return { instance: held, trail: [] }
      const found = isListed(candidates) ? null : yield* compare({ ...moneyIn(limits), ...candidates, job })
      const listed = isListed(candidates) ? candidates : (found ?? [])
      const offers = Array.from(listed, ({ offer }) => offer)
      const atOnce = strategy === "race" ? 2 : 1
      for (let next = 0; next < offers.length; next += atOnce) {
        const [first, second] = offers.slice(next, next + atOnce).map((offer) => attempt(search, offer))
        if (!first) break
        const stops: GpuError[] = []
        const watched = (one: typeof first) =>
          Effect.tapError(one, (error) => Effect.sync(() => error._tag !== "MovedOn" && stops.push(error)))
        const tried = second ? Effect.race(watched(first), watched(second)) : watched(first)
        const instance = yield* Effect.catch(tried, () => Effect.succeed(null))
        if (instance) return { instance, trail: search.trail }
        const [stop] = stops
        if (stop) return yield* stop
      }
      const why = found?.why.map(({ provider, kind, rule, count }) => `${provider} ${kind}: ${count} by ${rule}`) ?? []
      const left = why.length > 0 ? ` Left out: ${why.join(", ")}.` : ""
      const tried = offers.length > 0 ? `None of ${offers.length} offers could be had` : "No offer fits"
      const summary = search.trail.length > 0 ? ` (${summaryOf(search.trail)})` : ""
      return yield* new NoCapacity({ message: `${tried}${summary}.${left}`, retry: "temporary" })
    })

    /** A machine that was ready at the very moment of an abort belongs to nobody. */
    const endKept = Effect.suspend(() => {
      const { kept } = search
      const provider = kept && providers.find((one) => one.provider === kept.ref.provider && one.kind === kept.ref.kind)
      return kept && provider ? Effect.ignore(provider.terminate(kept.ref)) : Effect.void
    })
    const whole = Effect.onInterrupt(run, () => endKept)
    const { deadline } = limits ?? {}
    if (deadline === undefined) return Effect.mapError(whole, withTrail)
    return Effect.timeoutOrElse(whole, {
      duration: deadline,
      orElse: () => {
        const after = Duration.fromInputUnsafe(deadline)
        const message = `No machine was ready within ${Duration.format(after)} (${summaryOf(search.trail)}); what was made is ended`
        return Effect.fail(new Timeout({ message, retry: "temporary", after }))
      }
    }).pipe(Effect.mapError(withTrail))
  }
