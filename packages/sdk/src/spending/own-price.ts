import {
  type AnyProvider,
  type Budget,
  type Cost,
  formatMoney,
  type GpuError,
  type Instance,
  type Job,
  type LaunchSpec,
  type Ledger,
  LeftoverReporter,
  type Money,
  monotonicMillis,
  steadyClock,
  withContext,
  zero
} from "@anygpu/core"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { costOf, spentOn } from "../cost/launch-cost.ts"
import { isDearer } from "./spending.ts"

type Restore = <A, E>(effect: Effect.Effect<A, E>) => Effect.Effect<A, E>

/** When a launch began, and what time it is since. */
export interface Begun {
  /** Epoch milliseconds. */
  readonly from: number
  /** The moment by the wall clock as it was when it began, in epoch milliseconds: setting it changes nothing. */
  readonly now: Effect.Effect<number>
}

/** A launch begins. */
export const begin: Effect.Effect<Begun> = Effect.flatMap(steadyClock, (now) =>
  Effect.map(now, (from) => ({ from, now }))
)

/** A launch for which a budget holds something. */
interface Kept extends Begun {
  readonly marker: string
  readonly spec: LaunchSpec
  readonly budget: Budget
  readonly ledger: Ledger
}

/** The launch of a machine that was made, and what is held for it. */
interface Made extends Kept {
  readonly provider: AnyProvider
  /** For what the machine is wanted; null when nobody said. */
  readonly wanted: Job | null
  readonly cost: Cost
  readonly restore: Restore
}

/** From now on a launch is held at what its machine did cost: for one that was ended as soon as it was made. */
const holdSpent = ({ marker, budget, ledger }: Kept, total: Money | null | undefined): Effect.Effect<void> =>
  total
    ? Effect.ignore(ledger.recommit(marker, { budget, cost: { perHour: zero(total.currency), total } }))
    : Effect.void

/** The error of a launch, with what its machine did cost where the launch itself has ended it. */
export const withSpent = Effect.fnUntraced(function* (error: GpuError, spec: LaunchSpec, { from, now }: Begun) {
  const { ref, leftovers = [] } = error
  if (ref === undefined || leftovers.length > 0 || error.unclear || error.spent) return error
  const price = error._tag === "OutOfFunds" && error.needed ? error.needed : null
  const spent = spentOn(spec, price, { from, until: yield* now })
  return spent ? withContext(error, { spent }) : error
})

/** Holds what a machine did cost that the launch itself has ended; one that is left keeps what is held for it. */
export const releaseEnded = (kept: Kept, { spent }: GpuError): Effect.Effect<void> => holdSpent(kept, spent)

/** A machine once its cloud shows it, which may take a while: before that its price is not known. */
export const shown = Effect.fnUntraced(function* (provider: AnyProvider, machine: Instance) {
  const { timing } = provider
  const until = (yield* monotonicMillis) + Duration.toMillis(timing.appearWithin)
  let last = machine
  while (last.reason === "not-visible-yet" && (yield* monotonicMillis) < until) {
    yield* Effect.sleep(timing.pollEvery)
    const before = last
    last = yield* Effect.catch(provider.get(machine.ref), () => Effect.succeed(before))
  }
  return last.status === "terminated" ? machine : last
})

/** Ends a machine that cannot be kept; an error that it could not be is heard by those who aborted the launch, too. */
const discard = Effect.fnUntraced(function* (
  made: Made,
  { ref, pricePerHour: price }: Instance,
  because: GpuError
): Effect.fn.Return<never, GpuError> {
  const { provider, marker, ledger } = made
  const ended = yield* Effect.result(provider.terminate(ref))
  if (ended._tag === "Failure") {
    const message = `${because.message}. It left ${ref} behind, which could not be ended (${ended.failure.message}): end it`
    const left = withContext(because, { message, ref, leftovers: [ref] })
    yield* Effect.map(LeftoverReporter, (report) => report(left))
    return yield* Effect.fail(left)
  }
  const note = because.message
  yield* Effect.ignore(ledger.settleLaunch(marker, { state: "refused", instanceId: ref.id, note }))
  const spent = spentOn(made.spec, price, { from: made.from, until: yield* made.now })
  yield* holdSpent(made, spent)
  return yield* Effect.fail(
    withContext(because, {
      message: `${because.message}. It was ended again`,
      ...{ ref, leftovers: [] },
      ...(spent && { spent })
    })
  )
})

/**
 * The machine of a launch, held at its own price where it turned out dearer than its offer.
 *
 * - Waits until its cloud shows it, since it has no price before.
 * - One that passes the budget by that is ended: `OutOfFunds`. So is one whose price the ledger cannot note.
 */
export const keepWithin = Effect.fnUntraced(function* (
  made: Made,
  launched: Instance
): Effect.fn.Return<Instance, GpuError> {
  const { provider, marker, spec, wanted, budget, cost, ledger, restore } = made
  const looked = yield* Effect.exit(restore(shown(provider, launched)))
  if (Exit.isFailure(looked)) {
    if (Cause.hasInterrupts(looked.cause)) yield* provider.terminate(launched.ref)
    return yield* Effect.failCause(looked.cause)
  }
  const machine = looked.value
  const { ref, pricePerHour: price } = machine
  if (!isDearer(price, cost.perHour, provider.priceRoundedTo)) return machine
  const held = yield* Effect.result(ledger.recommit(marker, { budget, cost: costOf(spec, wanted, machine) }))
  const error = held._tag === "Failure" ? held.failure : held.success
  if (error === null) return machine
  const fact = `${ref} turned out to cost ${formatMoney(price)} per hour, more than it was offered for`
  const why = withContext(error, { message: `${fact}: ${error.message}` })
  return yield* discard(made, machine, why)
})
