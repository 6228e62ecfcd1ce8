import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type GpuError, OutOfFunds } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import { compareAtPar, formatMoney, type Money } from "../../model/money.ts"
import { cloudEndOf, endsAs, scheduleEnd } from "../cloud-end.ts"
import { discard } from "./discard.ts"
import { onceShown } from "./first-look.ts"
import type { Launching } from "./launching.ts"
import type { SentMachine } from "./send.ts"
import type { Restore } from "./settlement.ts"

const tooDear = (price: Money, most: Money): OutOfFunds =>
  new OutOfFunds({
    message:
      `The machine turned out to cost ${formatMoney(price)} per hour, above maxPerHour ${formatMoney(most)}: ` +
      "its price changed since it was offered; it was ended again",
    retry: "permanent",
    needed: price,
    available: most,
    ownLimit: true
  })

/** Whether the ledger knows that a machine is gone; one that cannot be read knows nothing. */
const isKnownGone = <P extends string, K extends Kind, N>({ machines: { refOf } }: Launching<P, K, N>, id: string) =>
  Effect.flatMap(CurrentLedger, (ledger) => Effect.result(ledger.machine(refOf(id)))).pipe(
    Effect.map((known) => known._tag === "Success" && known.success?.goneAt != null)
  )

/**
 * Sees to it that a cloud which can ends a leased machine itself: what the create asked for is read back, and set once
 * more where it does not show. That it cannot be set fails nothing: `endsAt` says that it is not.
 */
const withCloudEnd = <P extends string, K extends Kind, N>(
  on: Launching<P, K, N>,
  { leaseUntil }: LaunchRecord,
  instance: Instance<P, K>
): Effect.Effect<Instance<P, K>> => {
  const call = on.definition.operations.scheduleEnd
  const end = cloudEndOf(leaseUntil)
  if (!call || end === null || endsAs(instance, end)) return Effect.succeed(instance)
  return Effect.orElseSucceed(scheduleEnd(on, instance.ref, end, call), () => instance)
}

/**
 * The new machine as it is now; one that costs more than the caller's limit, or is not wanted any more, is ended.
 *
 * - One that somebody else ended meanwhile is answered as the cloud shows it; one that no read shows is not visible yet.
 *   With a limit on its price it is waited for until it shows, as long as it may take.
 */
export const verifyLaunched = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Launching<P, K, N>,
  record: LaunchRecord,
  { id, seen: read }: SentMachine<N>,
  maxPerHour: Money | undefined,
  restore: Restore
): Effect.fn.Return<Instance<P, K>, GpuError> {
  const { definition, machines, terminate } = on
  const now = yield* Clock.currentTimeMillis
  const look = maxPerHour ? onceShown(machines.look(id), definition.timing) : machines.look(id)
  const shown = read ? Effect.andThen(Effect.yieldNow, machines.admitRead(id, read.native, read.span)) : look
  const looked = yield* Effect.exit(restore(shown))
  if (Exit.isFailure(looked) && Cause.hasInterrupts(looked.cause)) {
    yield* terminate(machines.refOf(id))
    return yield* Effect.interrupt
  }
  const instance = Exit.isSuccess(looked) ? looked.value?.instance : undefined
  // What was read when it was made may be from before its end.
  if ((!instance || read) && (yield* isKnownGone(on, id))) return yield* restore(machines.get(id))
  if (!instance) return machines.unseen(id, record, now)
  const isDear =
    instance.pricePerHour &&
    maxPerHour &&
    compareAtPar(instance.pricePerHour, maxPerHour) >= (definition.priceRoundedTo ?? 1)
  if (!isDear || instance.status === "terminated") return yield* withCloudEnd(on, record, instance)
  return yield* Effect.fail(yield* discard(on, record, [id], tooDear(instance.pricePerHour ?? maxPerHour, maxPerHour)))
})
