import { type Ledger, type OrderFence, ProviderFault } from "@anygpu/core"
import * as Effect from "effect/Effect"

/** How many milliseconds a hold on an order lasts that is not confirmed: a keeper that is frozen longer may be replaced. */
export const lasts = 10_000

/** How often a hold is confirmed while the order is under way, in milliseconds. */
const beat = 3000

const takenOver = ({ id }: OrderFence): ProviderFault =>
  new ProviderFault({
    message: `order ${id} was taken over by another keeper, which makes it now`,
    retry: "permanent",
    operation: "ledger"
  })

/**
 * The ledger of a keeper that is at an order: it begins no launch, and sends none, once another keeper has the order. What it
 * begins, and what it ends, is noted at the order before.
 *
 * - A launch that is under way goes on: both keepers have its key, and so one machine.
 */
export const heldLedger = (ledger: Ledger, claim: OrderFence): Ledger => {
  const isMine = (note?: string) => ledger.confirmOrder(claim, lasts, note)
  return {
    ...ledger,
    openLaunch: (launch, ...reservations) =>
      Effect.flatMap(isMine(launch.marker), (mine) =>
        mine ? ledger.openLaunch(launch, ...reservations) : Effect.fail(takenOver(claim))
      ),
    claimLaunch: Effect.fnUntraced(function* (marker, fence, sentAfter) {
      if (yield* isMine()) return yield* ledger.claimLaunch(marker, fence, sentAfter)
      const [launch] = yield* ledger.launches({ marker })
      const { message: note } = takenOver(claim)
      if (launch?.owner) yield* ledger.settleLaunch(marker, { state: "refused", note, by: launch.owner })
      return null
    }),
    intend: (ref, intent, end) =>
      Effect.andThen(
        intent?.action === "terminate" ? Effect.ignore(isMine(String(ref))) : Effect.void,
        ledger.intend(ref, intent, end)
      )
  }
}

/**
 * The ledger of a keeper that is at a pool: it begins no launch, sends none, and ends no machine, once another keeper has the pool.
 *
 * - Nothing is noted at the order: the machines of a pool are found by the keys of its places.
 */
export const heldPoolLedger = (ledger: Ledger, claim: OrderFence): Ledger => ({
  ...heldLedger({ ...ledger, confirmOrder: (held, time) => ledger.confirmOrder(held, time) }, claim),
  claimEnd: (marker, options) =>
    Effect.flatMap(ledger.confirmOrder(claim, lasts), (mine) =>
      mine ? ledger.claimEnd(marker, options) : Effect.succeed(null)
    )
})

/** Does something while an order stays held. */
export const whileHeld = <A, E>(ledger: Ledger, claim: OrderFence, act: Effect.Effect<A, E>): Effect.Effect<A, E> => {
  const beats = Effect.forever(Effect.andThen(Effect.sleep(beat), Effect.ignore(ledger.confirmOrder(claim, lasts))))
  return Effect.raceFirst(act, beats)
}
