import {
  type AttemptOutcome,
  Conflict,
  CurrentLedger,
  type GpuError,
  type Instance,
  isGpuError,
  LeftoverReporter,
  type OutOfFunds,
  untilReady,
  withContext
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { spentOn } from "../cost/launch-cost.ts"
import type { Guarded } from "../spending/guarded.ts"
import { shown } from "../spending/own-price.ts"
import type { Boot } from "./boot.ts"
import { letGo } from "./by-key.ts"
import { turnedOutTooDear } from "./candidate.ts"
import { usedUp } from "./limits.ts"
import { loginOf } from "./log-in.ts"
import { afterEnd, outcomeOfBoot } from "./outcome.ts"
import { report } from "./search.ts"
import { giveUp, noted, type Try, type TryNext, tryNext } from "./try.ts"
import { verifyMade } from "./verify.ts"

/** A machine that a try has made. */
export interface Made {
  readonly one: Try
  readonly provider: Guarded
  readonly boot: Boot
  /** As it was when it was made. */
  readonly instance: Instance
}

/** Notes what the machine costs, as soon as that is known, and answers why that is too much; null when it is not. */
const priced = ({ one, provider, boot }: Made, seen: Instance): OutOfFunds | null => {
  boot.price = seen.pricePerHour
  return turnedOutTooDear(boot.spec, one.search, seen, provider)
}

/** Why a machine is ended, and whether its key stays used: as of one that its user ended elsewhere. */
interface Because {
  readonly error?: GpuError
  readonly isKeyUsed?: boolean
}

/** Ends the machine; what cannot be ended ends the search, and is reported also to those who aborted it. */
const end = Effect.fnUntraced(function* (
  { one, provider, boot, instance }: Made,
  outcome: AttemptOutcome,
  { error, isKeyUsed = false }: Because = {}
): Effect.fn.Return<never, GpuError | TryNext> {
  const { search } = one
  const { ref, marker } = instance
  const ended = yield* Effect.result(provider.terminate(ref))
  if (ended._tag === "Failure") {
    yield* Effect.map(LeftoverReporter, (report) => report(ended.failure))
    return yield* giveUp(one, "stopped", ended.failure, instance)
  }
  if (search.request.key !== undefined && marker !== null && !isKeyUsed) {
    const ledger = yield* CurrentLedger
    const note = `ended: ${outcome}`
    yield* Effect.ignore(ledger.settleLaunch(marker, { state: "refused", instanceId: ref.id, note }))
  }
  if (error) {
    const { storageMiB } = search.job
    const spent = spentOn(boot.spec, boot.price, { from: boot.from, until: yield* search.now, storageMiB })
    return yield* giveUp(one, outcome, afterEnd(error, spent), instance)
  }
  yield* noted(one, outcome, { instance })
  return yield* Effect.fail(tryNext)
})

/** The machine as it is to be answered: ready, or made. A price that is limited is waited for until its cloud shows it. */
const waitFor = (made: Made): Effect.Effect<Instance, GpuError> => {
  const { one, provider, boot, instance } = made
  const { search, offer } = one
  const { request, limits } = search
  const { readyWithin, maxPerHour, maxTotal } = limits
  if (request.until !== "created") {
    const ready = untilReady(provider, instance.ref, readyWithin === undefined ? {} : { within: readyWithin })
    const letIn = Effect.flatMap(ready, (seen) => {
      const login = loginOf(search, seen, boot.spec)
      if (login === null) return Effect.succeed(seen)
      report(search, { type: "logging-in", offer, instance: seen })
      return login
    })
    return request.verify ? Effect.tap(letIn, (seen) => verifyMade(one, seen)) : letIn
  }
  return maxPerHour || maxTotal ? shown(provider, instance) : Effect.succeed(instance)
}

/** Fails when a machine that its cloud does not show yet turns out too dear as soon as it does. */
const tooDearLater = (made: Made): Effect.Effect<never, OutOfFunds> =>
  Effect.flatMap(shown(made.provider, made.instance), (seen) => {
    const above = made.instance.reason === "not-visible-yet" ? priced(made, seen) : null
    return above ? Effect.fail(above) : Effect.never
  })

/** Keeps the machine that is as it is wanted; ends it where another one was kept meanwhile, or its price is too much. */
const keepIt = Effect.fnUntraced(function* (
  made: Made,
  seen: Instance
): Effect.fn.Return<Instance, GpuError | TryNext> {
  const { one, instance } = made
  const { search } = one
  const above = priced(made, seen)
  if (search.kept !== null) return yield* end(made, "lost-race")
  if (search.thrown) return yield* end(made, "stopped", { error: search.thrown })
  if (above) return yield* end(made, "too-dear", { error: above })
  search.kept = seen
  search.verification = one.verification
  yield* noted(one, search.request.until ?? "ready", { instance })
  return seen
})

/**
 * Why a launch is over whose machine its user ended elsewhere, before this launch asked for that. Null when nobody did.
 *
 * - Nor when another process works on the same launch, and ended its machine to try the next offer.
 */
const endedElsewhere = ({ one: { search }, provider, instance: { ref } }: Made): Effect.Effect<Conflict | null> =>
  Effect.gen(function* () {
    const { key } = search.request
    const ledger = yield* CurrentLedger
    const known = yield* ledger.machine(ref)
    if (known?.intent?.action !== "terminate") return null
    if (key !== undefined && (yield* letGo(key, ref, provider.timing))) return null
    const message = `${ref} was terminated elsewhere while it was waited for: its launch is over, and nothing more was rented`
    return new Conflict({ message, retry: "permanent", ref })
  }).pipe(Effect.catch(() => Effect.succeed(null)))

/** Ends the machine whose wait has failed, or was interrupted, and says what that means for the search. */
const endWaiting = Effect.fnUntraced(function* (
  made: Made,
  cause: Cause.Cause<GpuError>
): Effect.fn.Return<never, GpuError | TryNext> {
  const { search } = made.one
  if (search.kept !== null) return yield* end(made, "lost-race")
  if (search.thrown) return yield* end(made, "stopped", { error: search.thrown })
  const error: unknown = Cause.squash(cause)
  if (Cause.hasInterrupts(cause) || !isGpuError(error)) {
    yield* Effect.ignore(end(made, "stopped"))
    return yield* Effect.failCause(cause)
  }
  const conflict = yield* endedElsewhere(made)
  if (conflict) return yield* end(made, "stopped", { error: conflict, isKeyUsed: true })
  const isMisfit = made.one.verification?.outcome === "not-as-offered"
  const outcome = isMisfit ? "not-as-offered" : outcomeOfBoot(search, withContext(error, { leftovers: [] }))
  return yield* end(made, outcome, { error })
})

/** Waits until a machine is as it is wanted, within the limits of its launch; one that is not kept is ended. */
export const keep = Effect.fnUntraced(function* (made: Made): Effect.fn.Return<Instance, GpuError | TryNext> {
  const { one, boot, instance } = made
  const { search, offer, restore } = one
  report(search, { type: "booting", offer, instance })
  if (search.thrown) return yield* end(made, "stopped", { error: search.thrown })
  const above = priced(made, instance)
  if (above) return yield* end(made, "too-dear", { error: above })
  const isOver = usedUp(search, boot)
  const watch = search.request.until === "created" ? isOver : Effect.raceFirst(isOver, tooDearLater(made))
  const waited = yield* Effect.exit(restore(Effect.raceFirst(waitFor(made), watch)))
  return yield* Exit.isSuccess(waited) ? keepIt(made, waited.value) : endWaiting(made, waited.cause)
})
