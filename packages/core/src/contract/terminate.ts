import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { CurrentAnswerWatch } from "../adapter/answer-time.ts"
import { Urgency } from "../adapter/limiter.ts"
import { currentMoment } from "../elapsed.ts"
import { type GpuError, mayHaveTakenEffect, type ProviderFault, Timeout, withContext } from "../errors.ts"
import { CurrentLedger } from "../ledger/current-ledger.ts"
import type { Ledger, MachineRecord } from "../ledger/ledger.ts"
import type { Instance } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { InstanceRef } from "../model/ref.ts"
import { confirmAfter, isOver } from "./absence.ts"
import { SameAccount } from "./accounts.ts"
import type { AnyDefinition, Observer } from "./observe.ts"
import type { TerminateOptions, Termination } from "./ops.ts"

/** The ledger as a termination needs it: what fails there is collected and keeps nobody from ending what costs money. */
const forgiving = (ledger: Ledger, faults: Array<string>): Ledger => {
  const orElse =
    <A>(otherwise: A) =>
    (effect: Effect.Effect<A, ProviderFault>): Effect.Effect<A> =>
      Effect.catch(effect, (fault) =>
        Effect.sync(() => {
          faults.push(`the ledger could not note its end: ${fault.message}`)
          return otherwise
        })
      )
  return {
    ...ledger,
    machine: (ref) => ledger.machine(ref).pipe(orElse<MachineRecord | null>(null)),
    seen: (refs, at, account) => ledger.seen(refs, at, account).pipe(orElse<void>(undefined)),
    intend: (ref, intent) => ledger.intend(ref, intent).pipe(orElse<void>(undefined)),
    gone: (ref, at) => ledger.gone(ref, at).pipe(orElse<void>(undefined))
  }
}

/** What an ask for the end of a machine came to; `waited` is none, between two looks. */
type Answer = "accepted" | "missing" | "waited" | GpuError

/** What is known after a look. */
interface View<P extends string, K extends Kind> {
  /** As it shows; null when a read finds nothing, undefined when nothing could be read. */
  readonly shown: Instance<P, K> | null | undefined
  /** Whether the look suggests that it is gone. */
  readonly isSuggested: boolean
}

/**
 * Ends a machine and looks until it is gone: asks, reads, and asks again while it is still there.
 *
 * - A cloud's "destroyed" is a claim, a read that fails is not absence, and one read that finds nothing may lag: two in
 *   a row have to agree, and then a complete list. A machine made a moment ago that never showed is not gone but not
 *   visible yet.
 * - A cloud that cannot end it yet is asked again until it can; the time for that is the machine's boot time, and comes
 *   on top of the time for ending it. One that was asked too often is asked again as well, within that time. One that refuses because the machine has ended meanwhile is success.
 * - Once an end is under way, a further one that is refused is normal, and so are reads that fail for a moment.
 */
export const terminator = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { look, confirm, sight, refOf, recordOf, instanceOf, isOdd, isFresh, mayHide }: Observer<P, K, N>
) => {
  /** Whether the cloud itself shows a machine as ending or gone, whatever we asked of it. */
  const isEnding = (id: string): Effect.Effect<boolean> =>
    Effect.flatMap(currentMoment, ({ wall }) =>
      Effect.match(look(id), {
        onFailure: () => false,
        onSuccess: (seen) => {
          if (seen === null) return true
          const instance = instanceOf(seen.native, null, wall)
          return instance.status === "terminating" || isOver(instance)
        }
      })
    )

  /** Asks for the end; a refusal is an answer where the machine is on its way out, or may be, and a failure elsewhere. */
  const ask = (id: string, isUnderWay: boolean): Effect.Effect<Answer, GpuError> =>
    Effect.as(definition.destroy(id), "accepted" as const).pipe(
      Effect.catch((error): Effect.Effect<Answer, GpuError> => {
        if (error._tag === "NotFound") return Effect.succeed("missing")
        if (error._tag === "Conflict") return Effect.succeed(error)
        // Nothing was done, and the machine costs on: it is asked again, as long as an end is asked for.
        if (error._tag === "RateLimited" && !error.ownLimit) return Effect.succeed(error)
        if (error._tag === "Unauthenticated" || error._tag === "PermissionDenied") return Effect.fail(error)
        const isLost = error._tag === "Network" || error._tag === "Timeout" || error._tag === "RateLimited"
        if (isUnderWay) return Effect.succeed(error)
        if (isLost) return Effect.fail(error)
        return Effect.flatMap(isEnding(id), (ending) => (ending ? Effect.succeed(error) : Effect.fail(error)))
      })
    )

  /** A read; one that fails for a moment tells nothing, once an end is under way. */
  const view = Effect.fnUntraced(function* (
    id: string,
    isUnderWay: boolean
  ): Effect.fn.Return<View<P, K> & { readonly error?: GpuError }, GpuError> {
    const looked = yield* Effect.result(look(id))
    if (looked._tag === "Failure") {
      if (!isUnderWay || looked.failure.retry === "permanent") return yield* Effect.fail(looked.failure)
      return { shown: undefined, isSuggested: false, error: looked.failure }
    }
    const seen = looked.success
    if (seen === null) return { shown: null, isSuggested: true }
    const { wall } = yield* currentMoment
    return { shown: seen.instance, isSuggested: isUnderWay && !isOver(seen.instance) && isOdd(seen.native, wall) }
  })

  /** Whether the end of a machine that this ledger does not know must be preceded by a look at what it is. */
  const isStranger = (ref: InstanceRef<P, K>, known: MachineRecord | null): Effect.Effect<boolean, GpuError> =>
    definition.kindOf === undefined || known?.firstSeen != null
      ? Effect.succeed(false)
      : Effect.map(recordOf(ref.id), (record) => record === undefined)

  const late = (ref: InstanceRef<P, K>, shown: Instance | null | undefined, after: Duration.Duration, why?: GpuError) =>
    new Timeout({
      message:
        `${ref} is still ${shown?.status ?? "not surely gone"} after ${Duration.format(after)} of asking ` +
        `for its end; it may still cost money.${why ? ` The cloud says: ${why.message}.` : ""} ` +
        "Call terminate again, or end it in the console",
      retry: "temporary",
      after,
      cause: why
    })

  const end = Effect.fnUntraced(function* (
    ref: InstanceRef<P, K>,
    options: TerminateOptions,
    faults: ReadonlyArray<string>,
    apart: ReadonlyArray<string>
  ): Effect.fn.Return<Termination<P, K>, GpuError> {
    const ledger = yield* CurrentLedger
    const start = yield* currentMoment
    const within = Duration.fromInputUnsafe(options.within ?? definition.timing.terminateWithin)
    const busyFor = options.within === undefined ? Duration.toMillis(definition.timing.bootWithin) : 0
    let from = start.monotonic
    const patient = (options.ifBusy ?? "wait") === "wait"
    const known = yield* ledger.machine(ref)
    if (definition.isId?.(ref.id) === false || (yield* isStranger(ref, known))) {
      const { is } = yield* sight(ref.id)
      if (is === "gone") return { ref, alreadyGone: true, leftovers: [], observedAt: yield* DateTime.now }
    }
    const before = known?.intent ?? null
    const wasAsked = before?.action === "terminate"
    if (known && !wasAsked) yield* ledger.intend(ref, { action: "terminate", at: start.wall })
    const record = known && !wasAsked ? yield* Effect.orElseSucceed(recordOf(ref.id), () => undefined) : undefined
    const takeBack = known ? ledger.intend(ref, before) : Effect.void
    let accepted = false
    let found = false
    let why: GpuError | undefined
    for (let attempt = 1, absent = 0; ; attempt++) {
      const answer: Answer =
        absent === 1
          ? "waited"
          : yield* ask(ref.id, accepted || wasAsked).pipe(
              Effect.tapError((error) => (attempt === 1 && !mayHaveTakenEffect(error) ? takeBack : Effect.void))
            )
      // A ref that nobody ever knew, such as a misspelt one, leaves no trace in the ledger.
      if (answer === "accepted" && !known && !accepted)
        yield* ledger.intend(ref, { action: "terminate", at: start.wall })
      accepted ||= answer === "accepted"
      if (answer !== "waited") why = typeof answer === "string" ? undefined : answer
      const { shown, isSuggested, error } = yield* view(ref.id, accepted || wasAsked)
      why = error ?? why
      absent = isSuggested ? absent + 1 : 0
      const now = yield* currentMoment
      const asked = now.monotonic - start.monotonic
      // What was never seen, or not taken when asked for its end, may be too new to show: then a list proves nothing yet.
      const isNew = known !== null && !accepted && isFresh(known, record, now, true)
      const isHidden = !wasAsked && (isNew || mayHide(known, record, now))
      const evidence = absent >= 2 && !isHidden ? yield* confirm(ref.id, apart) : null
      if (evidence?.says === "unclear") {
        if (evidence.error.retry === "permanent") return yield* Effect.fail(evidence.error)
        why = evidence.error
      }
      const left = evidence?.says === "there" ? evidence.observed.instance : shown
      if (evidence?.says === "there") absent = 0
      const isGone = evidence?.says === "gone" || (left != null && isOver(left))
      found ||= accepted || (left != null && !isGone)
      if (typeof answer !== "string" && !accepted && !isGone && !patient) {
        yield* takeBack
        return yield* Effect.fail(answer)
      }
      if (typeof answer !== "string" && answer._tag === "Conflict" && asked <= busyFor) from = now.monotonic
      if (isGone) {
        const at = (yield* currentMoment).wall
        if (known || found) yield* ledger.gone(refOf(ref.id), at)
        const leftovers = definition.leftovers ? yield* definition.leftovers(ref.id) : []
        return {
          ref,
          alreadyGone: !found,
          leftovers: [...leftovers, ...new Set(faults)],
          observedAt: DateTime.makeUnsafe(at)
        }
      }
      if (now.monotonic - from >= Duration.toMillis(within) && !isHidden) {
        return yield* late(ref, left, Duration.millis(asked), why)
      }
      yield* Effect.sleep(absent === 1 ? confirmAfter : definition.timing.pollEvery)
    }
  })

  /** `apart`: other machines of the same launch, which do not speak against the end of this one. */
  return (
    ref: InstanceRef<P, K>,
    options: TerminateOptions = {},
    apart: ReadonlyArray<string> = []
  ): Effect.Effect<Termination<P, K>, GpuError> =>
    Effect.flatMap(CurrentLedger, (ledger) => {
      const faults: string[] = []
      return end(ref, options, faults, apart).pipe(
        // What is not found under this ref, such as a machine of another kind, is nothing that this ref left.
        Effect.mapError((error) => withContext(error, { ref, ...(error._tag !== "NotFound" && { leftovers: [ref] }) })),
        Effect.provideService(CurrentLedger, forgiving(ledger, faults)),
        Effect.provideService(Urgency, "urgent"),
        Effect.provideService(SameAccount, options.account === "same"),
        // However short whoever asks for something else is of time: an end waits for its turn.
        Effect.provideService(CurrentAnswerWatch, null)
      )
    })
}
