import { type GpuError, mayLeaveMachine, withContext } from "@anygpu/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { counting } from "../compare/workload.ts"
import { millisOf } from "../millis.ts"
import { report, type Search } from "./search.ts"

/** How soon the market is looked at again, and how seldom at most, in milliseconds: each cloud is asked for all its offers. */
const [soonest, seldom] = [30_000, 5 * 60_000]

/** Each pause is so much longer than the one before. */
const growth = 1.5

/** How long it is waited after so many looks, in milliseconds. */
export const pauseAfter = (looks: number): number => Math.min(seldom, soonest * growth ** (looks - 1))

/** What a look may fail with and the next one find otherwise: it may be there only for now. */
const passing: ReadonlySet<GpuError["_tag"]> = new Set([
  "ProviderFault",
  "Network",
  "Timeout",
  "RateLimited",
  "BadResponse"
])

/** Whether nothing could be had now, nothing is left of what was tried, and later something may be. */
export const mayBeHadLater = (error: GpuError): boolean => {
  if (mayLeaveMachine(error)) return false
  if (error._tag === "NoCapacity") return true
  // Too dear by the limits of the launch: prices fall, and budgets get room.
  if (error._tag === "OutOfFunds")
    return error.ownLimit === true && error.available !== undefined && error.needed !== undefined
  return error.retry === "temporary" && passing.has(error._tag)
}

/** Forgets what is true of one look alone; what was tried, and what that cost, stays. */
const forget = (search: Search, limits: Search["limits"]): void => {
  search.limits = limits
  search.unfit = counting()
  search.troubles.clear()
  search.passedOver.clear()
}

/**
 * Looks again, at a pace that a cloud can bear, while nothing can be had: for as long as the request's `waitForCapacity` says.
 *
 * - Each look is at the market as it is then. Nothing is rented between two looks, and a process that dies meanwhile leaves
 *   nothing.
 * - Fails with what the last look failed with, and at once with what no later look can change.
 */
export const lookAgain = <A>(search: Search, look: Effect.Effect<A, GpuError>): Effect.Effect<A, GpuError> => {
  const { waitForCapacity: within } = search.request
  if (within === undefined) return look
  return Effect.gen(function* () {
    const { limits } = search
    const until = (yield* search.now) + millisOf(within)
    for (let looks = 1; ; looks++) {
      const looked = yield* Effect.result(look)
      if (looked._tag === "Success") return looked.success
      const { failure } = looked
      if (!mayBeHadLater(failure)) return yield* Effect.fail(failure)
      const left = until - (yield* search.now)
      if (left <= 0) {
        const message = `${failure.message.replace(/\.$/, "")}. It was looked for again and again for ${Duration.format(Duration.fromInputUnsafe(within))}`
        return yield* Effect.fail(withContext(failure, { message }))
      }
      const after = Duration.millis(Math.min(pauseAfter(looks), left))
      report(search, { type: "looking-again", because: failure, after })
      if (search.thrown) return yield* search.thrown
      yield* Effect.sleep(after)
      forget(search, limits)
    }
  })
}
