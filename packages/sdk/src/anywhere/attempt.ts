import {
  Aftermath,
  type AnyProvider,
  type AttemptOutcome,
  Conflict,
  CurrentLedger,
  EarlierMachine,
  formatMoney,
  type GpuError,
  type Instance,
  type InstanceRef,
  isGpuError,
  leavesSomething,
  type Money,
  type Offer,
  type OutOfFunds,
  ProviderFault,
  reachOf,
  untilReady,
  withContext
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { noteFailure } from "../compare/failures.ts"
import { costOf, spentOn } from "../compare/job.ts"
import { shown } from "../spending/own-price.ts"
import { type Boot, begunWhenSent } from "./boot.ts"
import { freeKey, letGo } from "./held.ts"
import { type Counted, countedUnder } from "./key-budget.ts"
import { usedUp } from "./limits.ts"
import { readAgain, specOf, tooDear, turnedOutTooDear } from "./offered.ts"
import { note, type Search, settledIfOver, tell } from "./search.ts"

/** This offer came to nothing, and no machine of it is left: the next one may be tried. */
export interface MovedOn {
  readonly _tag: "MovedOn"
}
export const movedOn: MovedOn = { _tag: "MovedOn" }

/** What an error of a launch that left nothing means for the others; `stopped` ends the whole search. */
const outcomeOf = ({ request: { onCloudTrouble = "stop" } }: Search, error: GpuError): AttemptOutcome => {
  if (leavesSomething(error)) return "stopped"
  const reach = reachOf(error)
  if (reach === "cloud") return onCloudTrouble === "next" ? "refused" : "stopped"
  if (reach === "everywhere") return "stopped"
  switch (error._tag) {
    case "NoCapacity":
      return "no-capacity"
    case "NotFound":
      return "gone"
    case "Unsupported":
      return "unsupported"
    case "OutOfFunds":
      return "too-dear"
    default:
      return "unreachable"
  }
}

/** What became of a machine that did not get ready and is ended by now. */
const outcomeOfBoot = (search: Search, error: GpuError): AttemptOutcome => {
  if (error._tag === "NoCapacity") return "no-capacity"
  if (error._tag === "OutOfFunds" && error.ownLimit === true) return "too-dear"
  return reachOf(error) === "here" ? "not-ready" : outcomeOf(search, error)
}

/** The error of a machine that is ended by now: it leaves nothing, and tells what it cost. */
const afterEnd = (error: GpuError, spent: Money | null): GpuError => {
  const cost = spent === null ? "what it cost is not known" : `it cost ${formatMoney(spent)}`
  return withContext(error, { message: `${error.message}. It was ended: ${cost}`, leftovers: [] })
}
/** Fails when a machine that its cloud does not show yet turns out too dear as soon as it does. */
const tooDearLater = (
  provider: AnyProvider,
  instance: Instance,
  judge: (seen: Instance) => OutOfFunds | null
): Effect.Effect<never, OutOfFunds> =>
  Effect.flatMap(shown(provider, instance), (seen) => {
    const above = instance.reason === "not-visible-yet" ? judge(seen) : null
    return above ? Effect.fail(above) : Effect.never
  })

/**
 * Why a launch is over whose machine its user ended elsewhere, before this launch asked for that. Null when nobody did.
 *
 * - Nor when another process works on the same launch, and ended its machine to try the next offer.
 */
const endedElsewhere = (key: string | undefined, ref: InstanceRef, { timing }: AnyProvider) =>
  Effect.gen(function* () {
    const ledger = yield* CurrentLedger
    const known = yield* ledger.machine(ref)
    if (known?.intent?.action !== "terminate") return null
    if (key !== undefined && (yield* letGo(key, ref, timing))) return null
    const message = `${ref} was terminated elsewhere while it was waited for: its launch is over, and nothing more was rented`
    return new Conflict({ message, retry: "permanent", ref })
  }).pipe(Effect.catch(() => Effect.succeed(null)))

/** Another call took the key between the look at the ledger and this launch. */
const keyTaken = (key: string | undefined, ref: InstanceRef): Conflict =>
  new Conflict({ message: `the key "${key}" was taken for ${ref} meanwhile`, retry: "permanent", ref })

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
      const from = yield* search.now
      const { job, key } = search.request
      let offer = offered
      let boot: Boot | null = null
      let counted: Counted | null = null

      const noted = (outcome: AttemptOutcome, error?: GpuError, instance?: Instance) =>
        Effect.flatMap(search.now, (until) => {
          const { storageMiB } = job
          const made = instance && boot ? spentOn(boot.spec, boot.price, { from: boot.from, until, storageMiB }) : null
          const ended = error?.spent === undefined ? undefined : error.ref
          search.booting = search.booting.filter((one) => one !== boot)
          const spent = made ?? error?.spent
          note(search, { offer, outcome, from, until, error, spent, ref: instance?.ref ?? ended })
          const isEnded = outcome !== "ready" && !(error && leavesSomething(error))
          return isEnded && counted && spent ? counted.spent(spent) : Effect.void
        })
      const giveUp = Effect.fnUntraced(function* (
        outcome: AttemptOutcome,
        error: GpuError,
        instance?: Instance
      ): Effect.fn.Return<never, GpuError | MovedOn> {
        if (outcome === "unreachable" || outcome === "refused") yield* Effect.ignore(freeKey(key, offer))
        if (outcome === "refused") search.troubles.set(offer.provider, error)
        if (outcome === "not-ready") yield* Effect.ignore(noteFailure(offer, yield* Clock.currentTimeMillis))
        yield* noted(outcome, error, instance)
        return yield* Effect.fail(search.thrown ?? (outcome === "stopped" ? error : movedOn))
      })
      /** Runs a step before there is a machine; one that is interrupted is written down too. */
      const step = Effect.fnUntraced(function* <A>(
        run: Effect.Effect<A, GpuError>
      ): Effect.fn.Return<A, GpuError | MovedOn> {
        const exit = yield* Effect.exit(restore(run))
        if (Exit.isSuccess(exit)) return exit.value
        if (Cause.hasInterrupts(exit.cause)) {
          yield* noted(search.kept ? "lost-race" : "stopped")
          return yield* Effect.interrupt
        }
        return yield* Effect.failCause(exit.cause)
      })
      /** What a step that failed means for the search. */
      const judged = <A>(run: Effect.Effect<A, GpuError>, outcome = (error: GpuError) => outcomeOf(search, error)) =>
        Effect.catch(step(run), (error) =>
          error._tag === "MovedOn" ? Effect.fail(error) : giveUp(outcome(error), error)
        )

      tell(search, { type: "trying", offer })
      if (search.thrown) return yield* Effect.fail(search.thrown)
      const provider = search.providerOf(offer)
      if (!provider) {
        const message = `no ${offer.provider} ${offer.kind} provider is in this client`
        return yield* giveUp("unsupported", new ProviderFault({ message, retry: "permanent" }))
      }
      offer = yield* judged(readAgain(provider, offered, job.storageMiB), (error) =>
        error._tag === "NoCapacity" ? "gone" : outcomeOf(search, error)
      )
      const spec = yield* judged(specOf(search, offer, provider))
      const dear = tooDear(spec, search)
      if (dear) return yield* giveUp("too-dear", dear)
      const own: Boot = { spec, from: yield* search.now, price: null }
      boot = own
      search.booting = [...search.booting, own]
      let earlier: InstanceRef | null = null
      const hear = (known: InstanceRef) => {
        earlier = known
      }
      counted = countedUnder(key, costOf(spec, job))
      const made = counted.during(provider.launch(spec, job))
      const launch = Effect.provideService(settledIfOver(search, made), EarlierMachine, hear)
      const instance = yield* judged(launch)
      const { ref, marker } = instance
      yield* begunWhenSent(search, own, marker)
      // Another call has made it, and may be waiting for it: it is never ended from here.
      if (earlier !== null) return yield* giveUp("stopped", keyTaken(key, ref))

      /** Ends the machine; what cannot be ended ends the search, and is told also to those who aborted it. */
      const end = Effect.fnUntraced(function* (
        outcome: AttemptOutcome,
        because?: GpuError,
        elsewhere = false
      ): Effect.fn.Return<never, GpuError | MovedOn> {
        const ended = yield* Effect.result(provider.terminate(ref))
        if (ended._tag === "Failure") {
          yield* Effect.map(Aftermath, (hear) => hear(ended.failure))
          return yield* giveUp("stopped", ended.failure, instance)
        }
        // A key whose machine its user ended stays used.
        if (key !== undefined && marker !== null && !elsewhere) {
          const ledger = yield* CurrentLedger
          const why = `ended: ${outcome}`
          yield* Effect.ignore(ledger.settleLaunch(marker, { state: "refused", instanceId: ref.id, note: why }))
        }
        if (because) {
          const { storageMiB } = job
          const spent = spentOn(spec, own.price, { from: own.from, until: yield* search.now, storageMiB })
          return yield* giveUp(outcome, afterEnd(because, spent), instance)
        }
        yield* noted(outcome, undefined, instance)
        return yield* Effect.fail(movedOn)
      })

      tell(search, { type: "booting", offer, instance })
      if (search.thrown) return yield* end("stopped", search.thrown)
      /** Notes what the machine costs, as soon as that is known, and why that is too much. */
      const priced = (seen: Instance): OutOfFunds | null => {
        own.price = seen.price
        return turnedOutTooDear(spec, search, seen, provider)
      }
      const above = priced(instance)
      if (above) return yield* end("too-dear", above)
      const { readyWithin } = search.limits
      const wait = untilReady(provider, ref, readyWithin === undefined ? {} : { within: readyWithin })
      const watch = Effect.raceFirst(usedUp(search, own), tooDearLater(provider, instance, priced))
      const waited = yield* Effect.exit(restore(Effect.raceFirst(wait, watch)))
      const late = Exit.isSuccess(waited) ? priced(waited.value) : null
      if (late && search.kept === null && search.thrown === null) return yield* end("too-dear", late)
      if (Exit.isSuccess(waited) && search.kept === null && search.thrown === null) {
        search.kept = waited.value
        yield* noted("ready", undefined, instance)
        return waited.value
      }
      if (search.kept !== null) return yield* end("lost-race")
      if (search.thrown) return yield* end("stopped", search.thrown)
      if (Exit.isSuccess(waited)) return yield* end("stopped")
      const error: unknown = Cause.squash(waited.cause)
      if (Cause.hasInterrupts(waited.cause) || !isGpuError(error)) {
        yield* Effect.ignore(end("stopped"))
        return yield* Effect.failCause(waited.cause)
      }
      const conflict = yield* endedElsewhere(key, ref, provider)
      if (conflict) return yield* end("stopped", conflict, true)
      return yield* end(outcomeOfBoot(search, withContext(error, { leftovers: [] })), error)
    })
  )
