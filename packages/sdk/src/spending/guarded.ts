import {
  type AnyProvider,
  CurrentLedger,
  checkSpecShape,
  type GpuError,
  type Instance,
  type InstanceRef,
  type Job,
  type Kind,
  type LaunchSpec,
  type Ledger,
  leaseMillis,
  mayHaveTakenEffect,
  type OptionalOps,
  overBudget,
  type Reservation,
  sameRef,
  supports,
  wantedFor,
  withContext
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { costOf } from "../cost/launch-cost.ts"
import { type Begun, begin, keepWithin, releaseEnded, withSpent } from "./own-price.ts"
import { atPrice, budgetOf, isDearer, type SpendLimit } from "./spending.ts"

/** A provider whose launches may say for which job they are: what is held is the cost of that, else of the `ttl`. */
export type Guarded = Omit<AnyProvider, "launch"> & {
  readonly launch: (spec: LaunchSpec, job?: Job) => Effect.Effect<Instance, GpuError>
}

/** The ledger with each launch reserved in a budget; `opened` hears of the markers of those that were. */
const reserving = (ledger: Ledger, reservation: Reservation, opened: (marker: string) => void): Ledger => ({
  ...ledger,
  openLaunch: (launch, ...reservations) =>
    ledger.openLaunch(launch, ...reservations, reservation).pipe(
      Effect.tap(({ marker }) => Effect.sync(() => marker === launch.marker && opened(marker))),
      Effect.mapError((error) =>
        error._tag === "OutOfFunds" ? withContext(error, { message: `${error.message}; nothing was sent` }) : error
      )
    )
})

/** Refuses a launch for which nothing is left, before anything is asked; a key that was used before costs nothing more. */
const checkLeft = Effect.fnUntraced(function* (
  ledger: Ledger,
  { key, ttl }: LaunchSpec,
  { budget, cost }: Reservation
) {
  if (key !== undefined && (yield* ledger.launches({ key })).length > 0) return
  const at = yield* Clock.currentTimeMillis
  const lease = ttl === undefined ? null : leaseMillis(ttl)
  const wanted = wantedFor({ at, leaseUntil: lease === null ? null : at + lease }, cost)
  const over = overBudget(yield* ledger.commitments(budget.name), wanted, budget, at)
  if (over) return yield* withContext(over, { message: `${over.message}; nothing was sent` })
})

/** Raises what a budget holds for machines that were seen to cost more by now; what cannot be noted is at the next look. */
const raiser = (roundedTo: number, limit: SpendLimit) => {
  const budget = budgetOf(limit)
  return Effect.fnUntraced(function* (seen: ReadonlyArray<Instance>) {
    const ledger = yield* CurrentLedger
    for (const { marker, ref, cost } of yield* ledger.commitments(budget.name)) {
      const machine = ref && seen.find((one) => sameRef(one.ref, ref))
      // What is gone is held at nothing per hour, and costs that.
      if (!machine || cost.perHour?.micros === 0) continue
      const { pricePerHour: price } = machine
      if (isDearer(price, cost.perHour, roundedTo))
        yield* ledger.recommit(marker, { budget, cost: atPrice(cost, price) })
    }
  })
}

/** A change of the bid that first has what it may cost per hour held. */
const guardedBid = (
  provider: AnyProvider & Pick<OptionalOps<string, Kind>, "changeBid">,
  limit: SpendLimit
): OptionalOps<string, Kind>["changeBid"] =>
  Effect.fnUntraced(function* (ref, perHour) {
    const ledger = yield* CurrentLedger
    const budget = budgetOf(limit)
    const held = (yield* ledger.commitments(budget.name)).find((one) => one.ref && sameRef(one.ref, ref))
    if (!held || !isDearer(perHour, held.cost.perHour, 1)) return yield* provider.changeBid(ref, perHour)
    const takeBack = Effect.asVoid(ledger.recommit(held.marker, { budget, cost: held.cost }))
    const over = yield* ledger.recommit(held.marker, { budget, cost: atPrice(held.cost, perHour) })
    if (!over) {
      return yield* provider
        .changeBid(ref, perHour)
        .pipe(Effect.tapError((error) => (mayHaveTakenEffect(error) ? Effect.void : takeBack)))
    }
    yield* takeBack
    return yield* withContext(over, { message: `${over.message}; the bid was not changed`, ref })
  })

/** Fails with the error of a launch and what its machine cost. */
const failed = (error: GpuError, spec: LaunchSpec, begun: Begun): Effect.Effect<never, GpuError> =>
  Effect.flatMap(withSpent(error, spec, begun), Effect.fail)

/**
 * The same provider, whose launches together stay within what may be spent.
 *
 * - What a launch may cost, with its disk and its bid, is held in the ledger in the step that opens it.
 * - A machine that turns out dearer than its offer is held at its own price, for the whole of its time. When that passes
 *   the limit it is ended again, like one above `maxPerHour`.
 * - A price that is seen to rise later is held as well: it keeps further launches back, and ends nothing.
 */
export const guarded = (provider: AnyProvider, limit: SpendLimit | undefined): Guarded => {
  if (!limit) {
    return {
      ...provider,
      launch: (spec) =>
        Effect.flatMap(begin, (begun) => Effect.catch(provider.launch(spec), (error) => failed(error, spec, begun)))
    }
  }
  const budget = budgetOf(limit)
  const raise = raiser(provider.priceRoundedTo, limit)
  const launch = Effect.fnUntraced(function* (spec: LaunchSpec, job?: Job): Effect.fn.Return<Instance, GpuError> {
    yield* checkSpecShape(spec)
    const ledger = yield* CurrentLedger
    const begun = yield* begin
    const wanted = job ?? (spec.ttl === undefined ? null : { duration: spec.ttl })
    const cost = costOf(spec, wanted)
    yield* checkLeft(ledger, spec, { budget, cost })
    let marker: string | null = null
    const within = reserving(ledger, { budget, cost }, (own) => {
      marker = own
    })
    return yield* Effect.uninterruptibleMask((restore) =>
      restore(provider.launch(spec)).pipe(
        Effect.provideService(CurrentLedger, within),
        Effect.catch((error) => failed(error, spec, begun)),
        Effect.tapError((error) =>
          marker === null ? Effect.void : releaseEnded({ ...begun, marker, spec, budget, ledger }, error)
        ),
        Effect.flatMap((machine) =>
          marker === null
            ? Effect.succeed(machine)
            : keepWithin({ ...begun, provider, marker, spec, wanted, budget, cost, ledger, restore }, machine)
        )
      )
    )
  })
  return {
    ...provider,
    ...(supports(provider, "changeBid") && { changeBid: guardedBid(provider, limit) }),
    launch,
    get: (ref: InstanceRef) => Effect.tap(provider.get(ref), (machine) => Effect.ignore(raise([machine]))),
    list: () => Effect.tap(provider.list(), ({ items }) => Effect.ignore(raise(items)))
  }
}
