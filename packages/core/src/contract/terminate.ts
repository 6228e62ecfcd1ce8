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
import type { AnyDefinition, Observer } from "./observe.ts"
import type { TerminateOptions, Termination } from "./ops.ts"

/** Between the two looks that have to agree that a machine is gone. */
const confirmAfter = "3 seconds"

/** Whether nothing is left of a machine that could be ended or cost money. */
const isOver = ({ status, billing, actions }: Instance): boolean =>
  status === "terminated" || (status === "failed" && billing === "none" && !actions.includes("terminate"))

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
    seen: (refs, at) => ledger.seen(refs, at).pipe(orElse<void>(undefined)),
    intend: (ref, intent) => ledger.intend(ref, intent).pipe(orElse<void>(undefined)),
    gone: (ref, at) => ledger.gone(ref, at).pipe(orElse<void>(undefined))
  }
}

/**
 * Ends a machine and looks until it is gone: asks, reads, and asks again while it is still there.
 *
 * - A cloud's "destroyed" is a claim, a read that fails is not absence, and one read that finds nothing may lag: two in
 *   a row have to agree. A machine made a moment ago that never showed is not gone but not visible yet.
 * - A cloud that cannot end it yet is asked again until it can; the time for that is the machine's boot time, and comes
 *   on top of the time for ending it. One that refuses because the machine has ended meanwhile is success.
 */
export const terminator = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  { look, refOf, recordOf, mayHide }: Observer<P, K, N>
) => {
  const end = Effect.fnUntraced(function* (
    ref: InstanceRef<P, K>,
    options: TerminateOptions,
    faults: ReadonlyArray<string>
  ): Effect.fn.Return<Termination<P, K>, GpuError> {
    const ledger = yield* CurrentLedger
    const start = yield* currentMoment
    const within = Duration.fromInputUnsafe(options.within ?? definition.timing.terminateWithin)
    const busyFor = options.within === undefined ? Duration.toMillis(definition.timing.bootWithin) : 0
    let from = start.monotonic
    const patient = (options.ifBusy ?? "wait") === "wait"
    const known = yield* ledger.machine(ref)
    const before = known?.intent ?? null
    const record =
      known && known.firstSeen === null ? yield* Effect.orElseSucceed(recordOf(ref.id), () => undefined) : undefined
    if (known && before?.action !== "terminate") yield* ledger.intend(ref, { action: "terminate", at: start.wall })
    const takeBack = known ? ledger.intend(ref, before) : Effect.void
    let accepted = false
    let found = false
    for (let attempt = 1, absent = 0; ; attempt++) {
      const ask = absent === 1 ? Effect.succeed("waited") : Effect.as(definition.destroy(ref.id), "accepted")
      const answer = yield* ask.pipe(
        Effect.catchTag("NotFound", () => Effect.succeed("missing")),
        Effect.catchTag("Conflict", (busy) => Effect.succeed(busy)),
        Effect.tapError((error) => (attempt === 1 && !mayHaveTakenEffect(error) ? takeBack : Effect.void))
      )
      // A ref that nobody ever knew, such as a misspelt one, leaves no trace in the ledger.
      if (answer === "accepted" && !known && !accepted)
        yield* ledger.intend(ref, { action: "terminate", at: start.wall })
      accepted ||= answer === "accepted"
      const left = yield* look(ref.id)
      const now = yield* currentMoment
      const asked = now.monotonic - start.monotonic
      const isHidden = before?.action !== "terminate" && mayHide(known, record, now)
      absent = left === null ? absent + 1 : 0
      const isGone = left ? isOver(left.instance) : absent >= 2 && !isHidden
      found ||= accepted || (left !== null && !isGone)
      if (typeof answer !== "string" && !accepted && (isGone || !patient)) {
        yield* takeBack
        if (!isGone) return yield* answer
      }
      if (typeof answer !== "string" && asked <= busyFor) from = now.monotonic
      if (isGone) {
        if (known || found) yield* ledger.gone(refOf(ref.id), now.wall)
        const leftovers = definition.leftovers ? yield* definition.leftovers(ref.id) : []
        return {
          ref,
          alreadyGone: !found,
          leftovers: [...leftovers, ...new Set(faults)],
          observedAt: DateTime.makeUnsafe(now.wall)
        }
      }
      if (now.monotonic - from >= Duration.toMillis(within) && !isHidden) {
        const after = Duration.millis(asked)
        const refused = typeof answer === "string" ? "" : ` The cloud says: ${answer.message}.`
        return yield* new Timeout({
          message:
            `${ref} is still ${left?.instance.status ?? "not surely gone"} after ${Duration.format(after)} of asking ` +
            `for its end; it may still cost money.${refused} Call terminate again, or end it in the console`,
          retry: "temporary",
          after
        })
      }
      yield* Effect.sleep(left === null && absent === 1 ? confirmAfter : definition.timing.pollEvery)
    }
  })

  return (ref: InstanceRef<P, K>, options: TerminateOptions = {}): Effect.Effect<Termination<P, K>, GpuError> =>
    Effect.flatMap(CurrentLedger, (ledger) => {
      const faults: string[] = []
      return end(ref, options, faults).pipe(
        Effect.mapError((error) => withContext(error, { ref, leftovers: [ref] })),
        Effect.provideService(CurrentLedger, forgiving(ledger, faults)),
        Effect.provideService(Urgency, "urgent"),
        // However short whoever asks for something else is of time: an end waits for its turn.
        Effect.provideService(CurrentAnswerWatch, null)
      )
    })
}
