import * as Effect from "effect/Effect"
import { claimedEnd, confirmedEnd, type EndClaim, type EndClaims, type EndFence } from "./end-claim.ts"
import { isAlive, type KeeperCalls, withoutEnd } from "./keepers.ts"
import type { LaunchRecord } from "./ledger.ts"
import { machineIn } from "./machine-in.ts"
import { isEnded, machineOf, markerUnknown } from "./rules.ts"
import type { Store, Stored, Tables } from "./store.ts"

/** What is decided by: the launch first, whose row is held from then on, and the clock last, which others may have moved. */
const readFor = Effect.fnUntraced(function* ({ launches, claims, now }: Tables, marker: string) {
  const launch = yield* launches.byMarker(marker)
  if (launch === null) return yield* Effect.fail(markerUnknown(marker))
  const claim = yield* claims.byMarker(marker)
  return { launch, claim, at: yield* now() }
})

/** Whether a fence is the last one of its launch. */
export const isFenceHeld = ({ launches, claims }: Tables, { marker, fence }: EndFence): Stored<boolean> =>
  Effect.andThen(
    launches.byMarker(marker),
    Effect.map(claims.byMarker(marker), (claim) => claim?.fence === fence)
  )

/** What is verified gone is no lease any more. */
const leaveLease = Effect.fnUntraced(function* (tables: Tables, launch: LaunchRecord) {
  const ref = machineOf(launch)
  if (launch.leaseUntil === null || ref === null || !isEnded(yield* machineIn(tables.machines, ref))) return
  yield* tables.launches.save({ ...launch, leaseUntil: null })
})

/** What a ledger does for those who end machines in time: claims, and who is awake. */
export const upkeepCalls = ({ read, write }: Store): EndClaims & KeeperCalls => ({
  now: () => read(({ now }) => now()),
  claimEnd: (marker, options) =>
    write(
      Effect.fnUntraced(function* (tables) {
        const { launch, claim, at } = yield* readFor(tables, marker)
        const next: EndClaim | null = claimedEnd(launch, claim, options, at)
        if (next !== null) yield* tables.claims.save(next)
        return next?.fence ?? null
      })
    ),
  confirmEnd: (fence, lasts) =>
    write(
      Effect.fnUntraced(function* (tables) {
        const { launch, claim, at } = yield* readFor(tables, fence.marker)
        const next = confirmedEnd(launch, claim, fence, lasts, at)
        if (next !== null) yield* tables.claims.save(next)
        return next !== null
      })
    ),
  settleEnd: (fence) =>
    write(
      Effect.fnUntraced(function* (tables) {
        const { launch, claim } = yield* readFor(tables, fence.marker)
        if (claim === null || claim.fence !== fence.fence) return false
        yield* tables.claims.save({ ...claim, until: 0 })
        yield* leaveLease(tables, launch)
        return true
      })
    ),
  announceKeeper: (keeper, lasts) =>
    write(
      Effect.fnUntraced(function* ({ keepers, now }) {
        const at = yield* now()
        for (const one of yield* keepers.all())
          if (one.id === keeper.id || !isAlive(one, at)) yield* keepers.remove(one.id)
        if (lasts > 0) yield* keepers.add({ ...withoutEnd({ ...keeper, until: 0 }), until: at + lasts })
      })
    ),
  keepers: () =>
    read(({ keepers, now }) =>
      Effect.flatMap(now(), (at) =>
        Effect.map(keepers.all(), (all) => all.filter((one) => isAlive(one, at)).map(withoutEnd))
      )
    )
})
