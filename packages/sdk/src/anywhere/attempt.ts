import {
  Aftermath,
  type AnyProvider,
  type AttemptOutcome,
  CurrentLedger,
  compareAtPar,
  estimate,
  formatMoney,
  type GpuError,
  type Instance,
  type LaunchSpec,
  leavesSomething,
  NoCapacity,
  type Offer,
  type OfferFilter,
  OutOfFunds,
  ProviderFault,
  waitUntilReady
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { JobTotal } from "../guarded.ts"
import { note, type Search, tell } from "./search.ts"

/** This offer came to nothing, and no machine of it is left: the next one may be tried. */
export interface MovedOn {
  readonly _tag: "MovedOn"
}
const movedOn: MovedOn = { _tag: "MovedOn" }

/** What an error of a launch that left nothing means for the others; `stopped` ends the whole search. */
const outcomeOf = (error: GpuError): AttemptOutcome => {
  if (leavesSomething(error)) return "stopped"
  switch (error._tag) {
    case "NoCapacity":
      return "no-capacity"
    case "NotFound":
      return "gone"
    case "Unsupported":
      return "unsupported"
    case "OutOfFunds":
      return error.ownLimit ? "too-dear" : "stopped"
    case "Network":
    case "Timeout":
    case "ProviderFault":
    case "RateLimited":
    case "BadResponse":
      return "unreachable"
    default:
      return "stopped"
  }
}

/** The offer as it is on the market now; `NoCapacity` when it is not there any more. */
const readAgain = (provider: AnyProvider, offer: Offer, storageMiB: number | undefined) => {
  const { gpu, interruptible } = offer
  const filter: OfferFilter = {
    interruptible,
    ...(gpu?.known && { gpu: gpu.model, gpuCount: gpu.count }),
    ...(storageMiB !== undefined && { minDiskMiB: storageMiB })
  }
  return provider.offers(filter).pipe(
    Effect.flatMap((listing): Effect.Effect<Offer, GpuError> => {
      const now = listing.items.find(({ id }) => id === offer.id)
      if (now) return Effect.succeed(now)
      const message = `${offer.provider} offer ${offer.id} is not on the market any more`
      return listing.complete
        ? Effect.fail(new NoCapacity({ message, retry: "permanent" }))
        : Effect.fail(listing.problems[0]?.error ?? new ProviderFault({ message, retry: "temporary" }))
    })
  )
}

/** Why an offer costs more than it may by now; null when it does not. */
const tooDear = (offer: Offer, { request: { job, limits } }: Search): OutOfFunds | null => {
  const total = estimate(offer, job)?.total ?? null
  const checks = [
    { what: "per hour", needed: offer.price, available: limits?.maxPerHour },
    { what: "for the job", needed: total, available: limits?.maxTotal }
  ]
  for (const { what, needed, available } of checks) {
    if (!available || (needed && compareAtPar(needed, available) <= 0)) continue
    const costs = needed ? `costs ${formatMoney(needed)} ${what} now` : `names no price ${what} any more`
    const message = `${offer.provider} offer ${offer.id} ${costs}, above the limit of ${formatMoney(available)}`
    return new OutOfFunds({ message, retry: "permanent", available, ownLimit: true, ...(needed && { needed }) })
  }
  return null
}

/** The launch on one offer: of `image` and `os` each kind of machine gets the one that it takes. */
const specOf = ({ request }: Search, offer: Offer, { launchOptions }: AnyProvider): LaunchSpec => {
  const { job: _, candidates: __, adapt, limits, strategy: ___, onProgress: ____, ...given } = request
  const { image, os, ...options } = { ...given, ...adapt?.(offer) }
  const both = image !== undefined && os !== undefined
  return {
    ...options,
    offer,
    ...(image !== undefined && (!both || launchOptions.has("image")) && { image }),
    ...(os !== undefined && (!both || launchOptions.has("os")) && { os }),
    ...(limits?.maxPerHour && { maxPerHour: limits.maxPerHour })
  } as LaunchSpec
}

/**
 * Tries one offer: reads its price again, launches, and waits until the machine is ready.
 *
 * - Fails with {@link MovedOn} when nothing is left of it and the next may be tried; with the error itself when the
 *   search has to stop.
 * - A machine that is not kept is ended, and verified gone, before this ends: also when it is interrupted.
 */
export const attempt = (search: Search, offered: Offer): Effect.Effect<Instance, GpuError | MovedOn> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const from = yield* Clock.currentTimeMillis
      const { job, limits, key } = search.request
      const giveUp = Effect.fnUntraced(function* (
        outcome: AttemptOutcome,
        error: GpuError,
        instance?: Instance
      ): Effect.fn.Return<never, GpuError | MovedOn> {
        const until = yield* Clock.currentTimeMillis
        if (outcome === "not-ready") search.failures.note(offered, until)
        note(search, { offer: offered, outcome, from, until, error, ...(instance && { ref: instance.ref }) })
        return yield* Effect.fail(outcome === "stopped" ? error : movedOn)
      })
      tell(search, { type: "trying", offer: offered })
      const provider = search.providerOf(offered)
      if (!provider) {
        const message = `no ${offered.provider} ${offered.kind} provider is in this client`
        return yield* giveUp("unsupported", new ProviderFault({ message, retry: "permanent" }))
      }

      const read = yield* Effect.result(restore(readAgain(provider, offered, job.storageMiB)))
      if (read._tag === "Failure") {
        const outcome = outcomeOf(read.failure)
        return yield* giveUp(outcome === "no-capacity" ? "gone" : outcome, read.failure)
      }
      const offer = read.success
      const dear = tooDear(offer, search)
      if (dear) return yield* giveUp("too-dear", dear)

      const total = estimate(offer, job)?.total ?? null
      const launch = Effect.provideService(provider.launch(specOf(search, offer, provider)), JobTotal, total)
      const launched = yield* Effect.result(restore(launch))
      if (launched._tag === "Failure") return yield* giveUp(outcomeOf(launched.failure), launched.failure)
      const instance = launched.success
      const { ref, marker } = instance

      /** Ends the machine; what cannot be ended ends the search, and is told also to those who aborted it. */
      const end = Effect.fnUntraced(function* (
        outcome: AttemptOutcome,
        because: GpuError | null
      ): Effect.fn.Return<never, GpuError | MovedOn> {
        const ended = yield* Effect.result(provider.terminate(ref))
        const until = yield* Clock.currentTimeMillis
        if (ended._tag === "Failure") {
          note(search, { offer, outcome: "stopped", ref, from, until, error: ended.failure })
          yield* Effect.map(Aftermath, (hear) => hear(ended.failure))
          return yield* Effect.fail(ended.failure)
        }
        if (key !== undefined && marker !== null) {
          const ledger = yield* CurrentLedger
          const why = `ended: ${outcome}`
          yield* Effect.ignore(ledger.settleLaunch(marker, { state: "refused", instanceId: ref.id, note: why }))
        }
        if (because) return yield* giveUp(outcome, because, instance)
        note(search, { offer, outcome, ref, from, until })
        return yield* Effect.fail(movedOn)
      })

      tell(search, { type: "booting", offer, instance })
      const waited = yield* Effect.exit(
        restore(waitUntilReady(provider, ref, limits?.readyWithin === undefined ? {} : { within: limits.readyWithin }))
      )
      if (Exit.isSuccess(waited) && search.kept === null) {
        search.kept = waited.value
        note(search, { offer, outcome: "ready", ref, from, until: yield* Clock.currentTimeMillis })
        return waited.value
      }
      if (search.kept !== null) return yield* end("lost-race", null)
      if (Exit.isFailure(waited) && Cause.hasInterrupts(waited.cause)) {
        yield* Effect.ignore(end("stopped", null))
        return yield* Effect.interrupt
      }
      const failure = (Exit.isFailure(waited) ? Cause.squash(waited.cause) : null) as GpuError
      return yield* end(failure._tag === "NoCapacity" ? "no-capacity" : "not-ready", failure)
    })
  )
