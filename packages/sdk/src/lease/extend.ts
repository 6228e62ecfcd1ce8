import {
  addMoney,
  type CloudEnd,
  Conflict,
  type Cost,
  cloudEndOf,
  type GpuError,
  type InstanceRef,
  type LaunchRecord,
  type Ledger,
  OutOfFunds,
  scaleMoney
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { budgetOf, type SpendLimit } from "../spending/spending.ts"
import { isLeased, type Leased } from "../upkeep/leased.ts"
import { ttlOf } from "./terms.ts"

/** What moves the end of a lease. */
export interface ExtendParts {
  readonly ledger: Ledger
  readonly limit: SpendLimit | undefined
  /** Moves the end that the machine's cloud keeps, where it keeps one. */
  readonly scheduleEnd: (ref: InstanceRef, end: CloudEnd | null) => Effect.Effect<unknown, GpuError>
}

/** Until when a machine is rented now, and until when it was. */
export interface Extended {
  readonly ref: InstanceRef
  readonly until: DateTime.Utc
  readonly before: DateTime.Utc
}

const hour = 3_600_000

const leaseOf = Effect.fnUntraced(function* (ledger: Ledger, ref: InstanceRef): Effect.fn.Return<Leased, GpuError> {
  const { provider, kind, id } = ref
  const launch = (yield* ledger.launches({ provider, kind, instanceId: id })).at(-1)
  if (launch && isLeased(launch)) return launch
  const message = `${ref} has no end that could be moved: ${launch ? "nothing ends it by itself" : "this ledger did not launch it"}`
  return yield* new Conflict({ message, retry: "permanent", operation: "extend", ref })
})

/** What a launch costs with so many more milliseconds, in begun hours; what is not known stays so. */
const longer = ({ perHour, total }: Cost, millis: number): Cost => ({
  perHour,
  total: total && perHour && addMoney(total, scaleMoney(perHour, Math.ceil(millis / hour)))
})

/**
 * Holds in the budget what the longer time costs; answers what takes that back.
 *
 * - A machine that the budget holds nothing for is `OutOfFunds`: what it costs longer would count nowhere.
 */
const holdLonger = Effect.fnUntraced(function* (
  { ledger, limit }: ExtendParts,
  { marker }: LaunchRecord,
  ref: InstanceRef,
  millis: number
): Effect.fn.Return<
  { readonly check: Effect.Effect<void, GpuError>; readonly takeBack: Effect.Effect<void> },
  GpuError
> {
  if (!limit) return { check: Effect.void, takeBack: Effect.void }
  const budget = budgetOf(limit)
  const held = (yield* ledger.commitments(budget.name)).find((one) => one.marker === marker)
  if (!held) {
    const message = `${ref} was not launched in the budget "${budget.name}", which holds nothing for it: its end was not moved`
    return yield* new OutOfFunds({ message, retry: "permanent", ref, ownLimit: true })
  }
  const takeBack = Effect.ignore(ledger.recommit(marker, { budget, cost: held.cost }))
  const check = Effect.flatMap(ledger.recommit(marker, { budget, cost: longer(held.cost, millis) }), (over) =>
    over ? Effect.fail(over) : Effect.void
  )
  yield* check.pipe(Effect.tapError(() => takeBack))
  return { check, takeBack }
})

/**
 * Makes `extend`: a leased machine is there for so long from now, where it would have ended earlier.
 *
 * - Money first: the budget of the client holds the longer time before anything else is written. A day's or a month's limit is
 *   checked with the new end; one that is passed takes everything back.
 * - The ledger next, and then the cloud's own switch. When that cannot be moved, the ledger is set back: an end by the
 *   cloud would come in the middle of the work.
 */
export const extendWith = (parts: ExtendParts) =>
  Effect.fnUntraced(function* (ref: InstanceRef, ttl: Duration.Input): Effect.fn.Return<Extended, GpuError> {
    const { ledger, scheduleEnd } = parts
    const millis = yield* ttlOf(ttl)
    const launch = yield* leaseOf(ledger, ref)
    const until = (yield* ledger.now()) + millis
    const before = DateTime.makeUnsafe(launch.leaseUntil)
    // It lasts so long already: a call that is sent twice moves nothing twice.
    if (until <= launch.leaseUntil) return { ref, until: before, before }
    const { check, takeBack } = yield* holdLonger(parts, launch, ref, until - launch.leaseUntil)
    const setBack = Effect.andThen(Effect.ignore(ledger.renewLease(launch.marker, launch.leaseUntil)), takeBack)
    yield* ledger.renewLease(launch.marker, until).pipe(Effect.tapError(() => takeBack))
    yield* check.pipe(
      Effect.andThen(scheduleEnd(ref, cloudEndOf(until))),
      Effect.tapError(() => setBack)
    )
    return { ref, until: DateTime.makeUnsafe(until), before }
  }, Effect.uninterruptible)
