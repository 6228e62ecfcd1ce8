import {
  BeforeEnding,
  Conflict,
  CurrentLedger,
  type EndFence,
  type GpuError,
  type Ledger,
  monotonicMillis,
  type ProviderFault
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { EndingBy } from "./ending-by.ts"

/** A machine whose end is to be made by one process at a time. */
export interface DueEnd<A> {
  readonly ledger: Ledger
  readonly marker: string
  /** true: it ends whatever its lease says, because its holder wants that, or its end was decided before. */
  readonly anyTime?: boolean
  /** When it was read that it is due, in milliseconds of the monotonic clock. */
  readonly readAt: number
  readonly terminate: Effect.Effect<A, GpuError>
}

/** How many milliseconds a claim lasts that is not confirmed: a process that is frozen longer may be replaced. */
const lasts = 10_000

/** How often a claim is confirmed while its end is under way, in milliseconds. */
const beat = 3000

/** How many milliseconds what was read of a lease is believed where the ledger cannot be asked again. */
const believedFor = 10_000

const lost = (marker: string): Conflict =>
  new Conflict({
    message: `the end of the machine of launch ${marker} was taken over by another process, which makes it now`,
    retry: "temporary",
    operation: "terminate"
  })

/** The ledger of a process that ends a machine under a claim: it notes what it asks for only while the claim is its own. */
const fenced = (ledger: Ledger, claim: EndFence): Ledger => ({
  ...ledger,
  intend: (ref, intent) => ledger.intend(ref, intent, claim)
})

/**
 * Looks whether a claim still holds, and makes it longer.
 *
 * - Where the ledger cannot be asked, a claim holds for as long as it was given. An end that was decided is made all the same:
 *   a second one does nothing.
 */
const confirmerOf = ({ ledger, marker, anyTime = false }: DueEnd<unknown>, claim: EndFence, from: number) => {
  let until = from + lasts
  let isLost = false
  const unasked = (fault: ProviderFault): Effect.Effect<boolean, ProviderFault> =>
    Effect.flatMap(monotonicMillis, (now) => (anyTime || now < until ? Effect.succeed(true) : Effect.fail(fault)))
  const confirm: Effect.Effect<void, GpuError> = Effect.gen(function* () {
    const now = yield* monotonicMillis
    const isMine = yield* ledger.confirmEnd(claim, lasts).pipe(
      Effect.tap(() => Effect.sync(() => (until = now + lasts))),
      Effect.catch(unasked)
    )
    if (isMine) return
    isLost = true
    return yield* lost(marker)
  })
  return { confirm, isLost: () => isLost }
}

/** Makes an end under a claim; null when it was lost in the midst of it. */
const endUnder = <A>(due: DueEnd<A>, claim: EndFence, from: number): Effect.Effect<A | null, GpuError> => {
  const { ledger, terminate } = due
  const { confirm, isLost } = confirmerOf(due, claim, from)
  const beats = Effect.forever(Effect.andThen(Effect.sleep(beat), confirm))
  const act = terminate.pipe(
    Effect.provideService(BeforeEnding, confirm),
    Effect.provideService(CurrentLedger, fenced(ledger, claim))
  )
  return Effect.raceFirst(act, beats).pipe(
    Effect.onExit(() => Effect.ignore(ledger.settleEnd(claim))),
    Effect.catch((error) => (isLost() ? Effect.succeed(null) : Effect.fail(error)))
  )
}

/**
 * Ends the machine of a launch, so that no other process does at the same time: the one way of all that end machines in time.
 *
 * - Its claim is asked for just before each request of its end, and made longer while that is under way.
 * - Null, and nothing was asked of the cloud (any more), when another process is at it, the lease has not run out by the
 *   ledger's own clock, or it was renewed or taken away.
 * - Where the ledger cannot be asked, the machine ends all the same if it was read to be due a moment ago.
 */
export const endClaimed = Effect.fnUntraced(function* <A>(due: DueEnd<A>): Effect.fn.Return<A | null, GpuError> {
  const { ledger, marker, anyTime = false, readAt, terminate } = due
  const by = (yield* EndingBy) ?? crypto.randomUUID()
  const from = yield* monotonicMillis
  const claim = yield* Effect.result(ledger.claimEnd(marker, { by, lasts, anyTime }))
  if (Result.isSuccess(claim)) {
    return claim.success === null ? null : yield* endUnder(due, { marker, fence: claim.success }, from)
  }
  const isFresh = (yield* monotonicMillis) - readAt < believedFor
  return anyTime || isFresh ? yield* terminate : yield* Effect.fail(claim.failure)
})

/** How often it is looked whether another process has made an end, in milliseconds. */
const pause = 1000

/** For how many milliseconds another process's end is waited for: if it is dead, its claim is over by then. */
const patience = lasts + 2 * pause

/**
 * Ends the machine of a launch as {@link endClaimed} does, and waits for as long as a dead process may keep it from that.
 *
 * - Null when another process makes the end, or has made it, or there is none to make any more.
 */
export const endClaimedSoon = Effect.fnUntraced(function* <A>(due: DueEnd<A>): Effect.fn.Return<A | null, GpuError> {
  const { ledger, marker } = due
  const begun = yield* monotonicMillis
  let readAt = due.readAt
  for (;;) {
    const ended = yield* endClaimed({ ...due, readAt })
    if (ended !== null || (yield* monotonicMillis) - begun >= patience) return ended
    const [launch] = yield* ledger.launches({ marker })
    if (launch === undefined || launch.leaseUntil === null || launch.leaseUntil > (yield* ledger.now())) return null
    readAt = yield* monotonicMillis
    yield* Effect.sleep(pause)
  }
})

/** Ends a machine that is to end whatever its lease says; where another process is at it, that is waited for. */
export const endForSure = <A>(due: Omit<DueEnd<A>, "anyTime" | "readAt">): Effect.Effect<A, GpuError> =>
  Effect.flatMap(endClaimed({ ...due, anyTime: true, readAt: 0 }), (ended) =>
    ended === null ? Effect.andThen(Effect.sleep(pause), endForSure(due)) : Effect.succeed(ended)
  )
