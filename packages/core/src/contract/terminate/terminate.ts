import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { CurrentAnswerWatch } from "../../adapter/answer-time.ts"
import { CurrentPriority } from "../../context/priority.ts"
import { currentMoment, type Moment } from "../../elapsed.ts"
import { type GpuError, mayHaveTakenEffect, Timeout, Unsupported, withContext } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import type { InstanceRef } from "../../model/ref.ts"
import { SameAccount } from "../accounts.ts"
import type { TerminateOptions, Termination } from "../ops.ts"
import { confirmAfter, isOver } from "../read/absence.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"
import { type Answer, askForEnd } from "./ask.ts"
import { begin, type Ending, type Ground, takeBack } from "./ending.ts"
import { forgivingLedger } from "./forgiving-ledger.ts"

/** Ends a machine, verified. `apart`: other machines of the same launch, which do not speak against the end of this one. */
export type Terminator<P extends string, K extends Kind> = (
  ref: InstanceRef<P, K>,
  options?: TerminateOptions,
  apart?: ReadonlyArray<string>
) => Effect.Effect<Termination<P, K>, GpuError>

/** How far the end has come. */
interface Progress {
  accepted: boolean
  /** Whether there was a machine to end. */
  found: boolean
  /** The last thing that kept it from being ended, or from being seen. */
  why: GpuError | undefined
  /** So many looks in a row suggest that it is gone. */
  absent: number
  /** So many complete lists in a row show it no more. */
  lists: number
  /** Since when its end is waited for, in milliseconds of the monotonic clock. */
  from: number
}

/** What a round of asking and looking came to; `left`: the machine as it shows, null where a look finds nothing. */
interface Round {
  readonly isGone: boolean
  /** Whether it may be there and not show yet. */
  readonly isHidden: boolean
  readonly left: Instance | null | undefined
  readonly now: Moment
}

const isUnderWay = ({ wasAsked }: { readonly wasAsked: boolean }, { accepted }: Progress) => accepted || wasAsked

/** Asks for the end, save between two looks or two lists that have to agree; a ref that nobody knows leaves no trace before. */
const ask = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  ending: Ending<P, K, N>,
  progress: Progress,
  isFirst: boolean
): Effect.fn.Return<Answer, GpuError> {
  const { definition, machines, ref, known, begun } = ending
  if (progress.absent === 1 || progress.lists === 1) return "waited"
  const answer = yield* askForEnd(definition, machines, ref.id, isUnderWay(ending, progress)).pipe(
    Effect.tapError((error) => (isFirst && !mayHaveTakenEffect(error) ? takeBack(ending) : Effect.void))
  )
  if (answer === "accepted" && !known && !progress.accepted) {
    const ledger = yield* CurrentLedger
    yield* ledger.intend(ref, { action: "terminate", at: begun.wall })
  }
  progress.accepted ||= answer === "accepted"
  progress.why = typeof answer === "string" ? undefined : answer
  return answer
})

/** A read: the machine as it shows, null when nothing is found; undefined for a failure once an end is under way. */
const look = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  ending: Ending<P, K, N>,
  progress: Progress
): Effect.fn.Return<Instance<P, K> | null | undefined, GpuError> {
  const { machines, ref } = ending
  const looked = yield* Effect.result(machines.look(ref.id))
  let isSuggested = false
  if (looked._tag === "Failure") {
    const isMomentary = isUnderWay(ending, progress) && looked.failure.retry !== "permanent"
    if (!isMomentary) return yield* Effect.fail(looked.failure)
    progress.why = looked.failure
  } else if (looked.success === null) isSuggested = true
  else {
    const { instance, native } = looked.success
    const { wall } = yield* currentMoment
    isSuggested = isUnderWay(ending, progress) && !isOver(instance) && machines.isOdd(native, wall)
  }
  progress.absent = isSuggested ? progress.absent + 1 : 0
  return looked._tag === "Failure" ? undefined : (looked.success?.instance ?? null)
})

/** Judges what a look shows: two that suggest its absence have to agree, and then a complete list. */
const judge = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  ending: Ending<P, K, N>,
  progress: Progress,
  shown: Instance<P, K> | null | undefined
): Effect.fn.Return<Round, GpuError> {
  const { machines, ref, apart, known, record, wasAsked } = ending
  const now = yield* currentMoment
  // What was never seen, or not taken when asked for its end, may be too new to show: then a list proves nothing yet.
  const isYoung = known !== null && machines.isFresh(known, record, now, true)
  const isHidden = !wasAsked && ((isYoung && !progress.accepted) || machines.mayHide(known, record, now))
  const evidence = progress.absent >= 2 && !isHidden ? yield* machines.confirm(ref.id, apart) : null
  if (evidence?.says === "unclear") {
    if (evidence.error.retry === "permanent") return yield* Effect.fail(evidence.error)
    progress.why = evidence.error
  }
  const left = evidence?.says === "there" ? evidence.observed.instance : shown
  if (evidence?.says === "there") progress.absent = 0
  progress.lists = evidence?.says === "gone" ? progress.lists + 1 : 0
  // One list may be from before a young machine was made: two have to agree.
  const isGone = progress.lists >= (isYoung ? 2 : 1) || (left != null && isOver(left))
  progress.found ||= progress.accepted || (left != null && !isGone)
  return { isGone, isHidden, left, now }
})

const late = (
  ref: InstanceRef,
  shown: Instance | null | undefined,
  after: Duration.Duration,
  why: GpuError | undefined
) =>
  new Timeout({
    message:
      `${ref} is still ${shown?.status ?? "not surely gone"} after ${Duration.format(after)} of asking ` +
      `for its end; it may still cost money.${why ? ` The cloud says: ${why.message}.` : ""} ` +
      "Call terminate again, or end it in the console",
    retry: "temporary",
    after,
    cause: why
  })

/** Asks, looks, and asks again until the machine is gone; answers whether there was one to end. */
const untilGone = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  ending: Ending<P, K, N>
): Effect.fn.Return<boolean, GpuError> {
  const { definition, ref, begun, within, busyFor, isPatient } = ending
  const progress: Progress = {
    accepted: false,
    found: false,
    why: undefined,
    absent: 0,
    lists: 0,
    from: begun.monotonic
  }
  for (let isFirst = true; ; isFirst = false) {
    const answer = yield* ask(ending, progress, isFirst)
    const shown = yield* look(ending, progress)
    const { isGone, isHidden, left, now } = yield* judge(ending, progress, shown)
    if (isGone) return progress.found
    const asked = now.monotonic - begun.monotonic
    if (typeof answer !== "string") {
      if (!progress.accepted && !isPatient) {
        yield* takeBack(ending)
        return yield* Effect.fail(answer)
      }
      if (answer._tag === "Conflict" && asked <= busyFor) progress.from = now.monotonic
    }
    if (now.monotonic - progress.from >= within && !isHidden) {
      return yield* late(ref, left, Duration.millis(asked), progress.why)
    }
    yield* Effect.sleep(progress.absent === 1 ? confirmAfter : definition.timing.pollEvery)
  }
})

const keepsNoVolumes = ({ provider, kind }: { readonly provider: string; readonly kind: Kind }) =>
  new Unsupported({
    message: `${provider} keeps no volumes of a ${kind} that a launch made: leave out volumes: "delete"`,
    retry: "permanent",
    feature: "volumes"
  })

/** Deletes the volumes that the launch of a machine made; answers why any of them may be left. */
const deleteVolumes = <P extends string, K extends Kind, N>({
  definition,
  record
}: Ending<P, K, N>): Effect.Effect<ReadonlyArray<string>> => {
  const why = (because: string) => `Volumes of its launch may be left, and cost on: ${because}`
  if (!record || !definition.deleteVolumes)
    return Effect.succeed([why("the ledger does not know its launch, so none were deleted")])
  return Effect.match(definition.deleteVolumes(record.marker), {
    onSuccess: () => [],
    onFailure: ({ message }) => [why(message)]
  })
}

const end = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  ground: Ground<P, K, N>,
  ref: InstanceRef<P, K>,
  options: TerminateOptions,
  apart: ReadonlyArray<string>,
  faults: ReadonlyArray<string>
): Effect.fn.Return<Termination<P, K>, GpuError> {
  const { definition, machines } = ground
  if (options.volumes === "delete" && !definition.deleteVolumes) return yield* keepsNoVolumes(definition)
  const ending = yield* begin(ground, ref, options, apart)
  if (ending === null) return { ref, alreadyGone: true, leftovers: [], observedAt: yield* DateTime.now }
  const found = yield* untilGone(ending)
  const at = (yield* currentMoment).wall
  const ledger = yield* CurrentLedger
  if (ending.known || found) yield* ledger.gone(machines.refOf(ref.id), at)
  const kept = options.volumes === "delete" ? yield* deleteVolumes(ending) : []
  const leftovers = definition.leftovers ? yield* definition.leftovers(ref.id) : []
  return {
    ...{ ref, alreadyGone: !found },
    leftovers: [...kept, ...leftovers, ...new Set(faults)],
    observedAt: DateTime.makeUnsafe(at)
  }
})

/**
 * Ends a machine and looks until it is gone: asks, reads, and asks again while it is still there.
 *
 * - A cloud's "destroyed" is a claim, a read that fails is not absence, and one read that finds nothing may lag: two in
 *   a row have to agree, and then a complete list. A machine made a moment ago that never showed is not gone but not
 *   visible yet.
 * - A cloud that cannot end it yet is asked again until it can; the time for that is the machine's boot time, and comes
 *   on top of the time for ending it. One that was asked too often is asked again as well, within that time. One that
 *   refuses because the machine has ended meanwhile is success.
 * - Once an end is under way, a further one that is refused is normal, and so are reads that fail for a moment.
 */
export const terminator = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  machines: Reader<P, K, N>
): Terminator<P, K> => {
  const ground: Ground<P, K, N> = { definition, machines }
  return (ref, options = {}, apart = []) =>
    Effect.flatMap(CurrentLedger, (ledger) => {
      const faults: string[] = []
      return end(ground, ref, options, apart, faults).pipe(
        // What is not found under this ref, such as a machine of another kind, is nothing that this ref left.
        Effect.mapError((error) => withContext(error, { ref, ...(error._tag !== "NotFound" && { leftovers: [ref] }) })),
        Effect.provideService(CurrentLedger, forgivingLedger(ledger, faults)),
        Effect.provideService(CurrentPriority, "urgent"),
        Effect.provideService(SameAccount, options.account === "same"),
        // However little time the caller has for other things: an end waits for its turn.
        Effect.provideService(CurrentAnswerWatch, null)
      )
    })
}
