import {
  type AttemptOutcome,
  type GpuError,
  type Instance,
  mayLeaveMachine,
  type Offer,
  type Verification
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { noteFailure } from "../compare/failures.ts"
import { spentOn } from "../cost/launch-cost.ts"
import type { Boot } from "./boot.ts"
import { freeKey } from "./by-key.ts"
import type { Counted } from "./key-budget.ts"
import { isKept, outcomeOf } from "./outcome.ts"
import { note, type Search } from "./search.ts"

/** This offer came to nothing, and no machine of it is left: the next one may be tried. */
export interface TryNext {
  readonly _tag: "TryNext"
}
export const tryNext: TryNext = { _tag: "TryNext" }

/** One try of a launch, on one offer. It cannot be interrupted but where `restore` lets it. */
export interface Try {
  readonly search: Search
  readonly restore: <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** Epoch milliseconds. */
  readonly from: number
  /** As it was given; as it is on the market, once that was read. */
  offer: Offer
  /** What is made of it, from just before the create on. */
  boot: Boot | null
  /** How its machine compares with the offer, once it was asked. */
  verification: Verification | null
  /** What is held for it under the key of the launch. */
  counted: Counted | null
}

/** Writes down how a try ended; a machine that is ended is held under its key at what it did cost. */
export const noted = Effect.fnUntraced(function* (
  { search, from, offer, boot, counted }: Try,
  outcome: AttemptOutcome,
  { error, instance }: { readonly error?: GpuError | undefined; readonly instance?: Instance | undefined } = {}
): Effect.fn.Return<void> {
  const until = yield* search.now
  const { storageMiB } = search.job
  const made = instance && boot ? spentOn(boot.spec, boot.price, { from: boot.from, until, storageMiB }) : null
  const ended = error?.spent === undefined ? undefined : error.ref
  search.booting = search.booting.filter((one) => one !== boot)
  const spent = made ?? error?.spent
  note(search, { offer, outcome, from, until, error, spent, ref: instance?.ref ?? ended })
  if (!isKept(outcome) && !(error && mayLeaveMachine(error)) && counted && spent) yield* counted.spent(spent)
})

/** Ends a try with an error: {@link TryNext} where the next offer may be tried, else what ends the whole search. */
export const giveUp = Effect.fnUntraced(function* (
  one: Try,
  outcome: AttemptOutcome,
  error: GpuError,
  instance?: Instance
): Effect.fn.Return<never, GpuError | TryNext> {
  const { search, offer } = one
  if (outcome === "unreachable" || outcome === "refused") yield* Effect.ignore(freeKey(search.request.key, offer))
  if (outcome === "refused") search.troubles.set(offer.provider, error)
  if (outcome === "not-ready" || outcome === "not-as-offered")
    yield* Effect.ignore(noteFailure(offer, yield* Clock.currentTimeMillis))
  yield* noted(one, outcome, { error, instance })
  return yield* Effect.fail(search.thrown ?? (outcome === "stopped" ? error : tryNext))
})

/**
 * Runs a step before there is a machine. Where it fails, `outcome` says what that means for the search.
 *
 * - One that is interrupted is written down too.
 */
export const step = Effect.fnUntraced(function* <A>(
  one: Try,
  run: Effect.Effect<A, GpuError>,
  outcome = (error: GpuError) => outcomeOf(one.search, error)
): Effect.fn.Return<A, GpuError | TryNext> {
  const exit = yield* Effect.exit(one.restore(run))
  if (Exit.isSuccess(exit)) return exit.value
  if (Cause.hasInterrupts(exit.cause)) {
    yield* noted(one, one.search.kept ? "lost-race" : "stopped")
    return yield* Effect.interrupt
  }
  return yield* Effect.catch(Effect.failCause(exit.cause), (error) => giveUp(one, outcome(error), error))
})
