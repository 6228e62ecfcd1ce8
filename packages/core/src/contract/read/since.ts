import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { GpuError } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"

/** When the request of a launch left, as far as its record says: its machine is no older. */
export const sentAt = ({ at, sentAfter }: LaunchRecord): DateTime.Utc => DateTime.makeUnsafe(at + (sentAfter ?? 0))

/** A machine with the moment of its launch, where its cloud gives no time and the ledger knows the launch. */
export const sinceLaunch = <P extends string, K extends Kind>(
  instance: Instance<P, K>
): Effect.Effect<Instance<P, K>, GpuError> => {
  const { createdAt, ref } = instance
  if (createdAt !== null) return Effect.succeed(instance)
  return Effect.gen(function* () {
    const ledger = yield* CurrentLedger
    const launches = yield* ledger.launches({ provider: ref.provider, kind: ref.kind, instanceId: ref.id })
    const launch = launches.at(-1)
    return launch ? { ...instance, createdAt: sentAt(launch) } : instance
  })
}
