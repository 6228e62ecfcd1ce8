import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { currentMoment, type Moment } from "../../elapsed.ts"
import { Conflict, type GpuError, isGpuError, ProviderFault } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord, Ledger, Outcome } from "../../ledger/ledger.ts"
import type { Kind } from "../../model/kind.ts"
import type { Timing } from "../definition.ts"

/**
 * How many milliseconds after it was opened a launch's request can neither take effect any more nor its machine still be
 * invisible: it can be sent long after it was written down.
 */
export const clearAfter = (
  { sentAfter }: LaunchRecord,
  { createWithin, appearWithin }: Pick<Timing, "createWithin" | "appearWithin">
): number => (sentAfter ?? 0) + Duration.toMillis(createWithin) + Duration.toMillis(appearWithin)

/** How many milliseconds have passed since this process opened a launch. */
const passedSince = ({ at, monotonicAt }: LaunchRecord, now: Moment): number =>
  Math.max(0, monotonicAt === undefined ? now.wall - at : now.monotonic - monotonicAt)

/** For how many milliseconds after a launch a machine is looked for that came late. */
export const lookedFor: number = Duration.toMillis("30 days")

/**
 * The launches that were given up without anybody knowing for sure that nothing comes of them: their owner was not heard
 * of, or their machine never showed. It may come late, for so long as it is looked for.
 */
export const givenUpIn = Effect.fnUntraced(function* (
  ledger: Ledger,
  place: { readonly provider: string; readonly kind: Kind },
  now: number
): Effect.fn.Return<ReadonlyArray<LaunchRecord>, ProviderFault> {
  const owned = yield* ledger.launches({ ...place, states: ["refused"], owned: true })
  // Before owners were written down, a lease that stayed meant that the machine never showed.
  const leased = yield* ledger.launches({ ...place, states: ["refused"], owned: false, leased: true })
  return [...owned, ...leased].filter(({ at }) => now - at <= lookedFor)
})

/** For the owner of a launch that somebody else gave up before its request left. */
export const givenUp = ({ name, key, marker }: LaunchRecord): Conflict =>
  new Conflict({
    message:
      `The launch "${name}" (${marker}) was given up elsewhere before its request left, since no machine of it showed ` +
      `for so long; nothing was sent. ${key === null ? "Launch again" : `The key "${key}" is free: launch again with it`}`,
    retry: "temporary"
  })

/** For the owner of a launch that somebody else gave up while its request was under way: its machine is gone again. */
export const cameLate = ({ name, key, marker }: LaunchRecord, id: string): Conflict =>
  new Conflict({
    message:
      `The launch "${name}" (${marker}) was given up elsewhere while its request was under way, so the machine ${id} that ` +
      `came of it was ended again. ${key === null ? "Launch again" : `The key "${key}" is free: launch again with it`}`,
    retry: "temporary"
  })

/** A step that took longer, in milliseconds, says nothing of the time after it: a request that leaves then leaves late. */
const quick = 5000

const isQuick = (from: Moment, to: Moment): boolean => to.monotonic - from.monotonic <= quick

/** A ledger that is always slow is believed in the end. */
const mostClaims = 3

/**
 * Claims a launch for a request that leaves now; null when it was given up elsewhere.
 *
 * - The claim itself may take long, on a slow ledger or in a process that is frozen. Then it is made again: what the ledger says
 *   of when the request left is what others go by who find no machine of it.
 */
export const claimNow = Effect.fnUntraced(function* (
  opened: LaunchRecord
): Effect.fn.Return<LaunchRecord | null, ProviderFault> {
  const ledger = yield* CurrentLedger
  for (let [tries, fence] = [1, opened.fence]; ; tries++) {
    const asked = yield* currentMoment
    const claimed = yield* ledger.claimLaunch(opened.marker, fence, passedSince(opened, asked))
    if (claimed === null) return null
    const now = yield* currentMoment
    if (isQuick(asked, now) || tries === mostClaims) return { ...claimed, sentAfter: passedSince(opened, now) }
    fence = claimed.fence
  }
})

/**
 * The check of a launch that its owner has claimed, who looks whether it is still his: once before the adapter is asked to
 * create, and just before each attempt of a request.
 *
 * - A look that takes long is followed by another claim: the request leaves so much later than the first one says.
 * - Between that and the request nothing is waited for. What is frozen there all the same is found when it is over,
 *   by its owner or by `recover`.
 */
export const guardOf = (first: LaunchRecord) => {
  let claimed = first
  let passed = 0
  let stopped = false
  let lost = false
  const check: Effect.Effect<void, GpuError> = Effect.gen(function* () {
    stopped = true
    const ledger = yield* CurrentLedger
    const asked = yield* currentMoment
    const [seen] = yield* ledger.launches({ marker: first.marker })
    const now = yield* currentMoment
    const isMine = seen?.fence === claimed.fence
    const mine = isMine && !isQuick(asked, now) ? yield* claimNow(claimed) : isMine ? claimed : null
    if (mine === null) {
      lost = true
      return yield* new Conflict({ message: "The launch was given up elsewhere", retry: "permanent" })
    }
    claimed = mine
    stopped = false
    passed += 1
  })
  return {
    check,
    /** The launch as it was claimed last. */
    claimed: () => claimed,
    /** Whether the launch turned out to be somebody else's; nothing was sent from then on. */
    isLost: () => lost,
    /** Whether not one request left: the first look comes before the adapter has the launch. */
    sentNothing: () => stopped && passed <= 1
  }
}

/** What {@link guardOf} makes. */
export type Guard = ReturnType<typeof guardOf>

/** What the owner of a launch says when nothing came of it. */
export const refusal = ({ owner }: LaunchRecord, { message }: Pick<GpuError, "message">): Outcome => ({
  state: "refused",
  note: message,
  ...(owner !== null && { by: owner })
})

/** The error of a failed create; an adapter that broke down in the midst of it may have sent it. */
export const errorIn = (cause: Cause.Cause<GpuError>): GpuError => {
  const error: unknown = Cause.squash(cause)
  return isGpuError(error)
    ? error
    : new ProviderFault({ message: `the adapter failed while it launched: ${String(error)}`, retry: "permanent" })
}
