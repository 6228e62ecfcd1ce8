import * as Effect from "effect/Effect"
import type { ProviderFault } from "../errors.ts"
import { contentsText, type LedgerContents, type MovablePlace } from "./contents.ts"
import { ledgerFault } from "./rules.ts"

/** What a move came to. */
export interface LedgerMove {
  readonly from: string
  readonly to: string
  /** What was brought over, in words; null where an earlier call had brought everything, and this one has finished it. */
  readonly moved: string | null
}

const refuse = (message: string): Effect.Effect<never, ProviderFault> => Effect.fail(ledgerFault(message, "permanent"))

/** The failure of a ledger that was left. */
export const ledgerLeft = (shown: string, to: string): ProviderFault =>
  ledgerFault(`the ledger ${shown} was moved to ${to}: use that one, nothing is written here any more`, "permanent")

/** The failure of a ledger to which another one is being brought. */
export const ledgerArriving = (shown: string, from: string): ProviderFault =>
  ledgerFault(
    `the ledger ${from} is being moved to ${shown}, or that was cut off: until it was left, ${from} is still the ledger. ` +
      "Run the same anygpu ledger move again on its computer, which ends it",
    "permanent"
  )

/** Why nothing is brought to a place; null when it is empty, or has only what an interrupted move from the same place brought. */
export const cannotArrive = (
  shown: string,
  contents: LedgerContents,
  interruptedFrom: string | null,
  from: string
): ProviderFault | null => {
  if (interruptedFrom === from) return null
  const there = contentsText(contents)
  if (there === "" && interruptedFrom === null) return null
  const what = interruptedFrom === null ? there : `what an interrupted move from ${interruptedFrom} brought`
  return ledgerFault(
    `the ledger ${shown} is not empty, it has ${what}: nothing was moved, choose an empty one`,
    "permanent"
  )
}

/**
 * Moves a ledger to another place: everything in one transaction there, after which the old place refuses each write of each
 * process, and names the new one.
 *
 * - No other process writes to the old place meanwhile: they wait.
 * - Killed at any moment, it never leaves two ledgers that are used. Until the old place is left, that is the ledger; from then on
 *   the new one is. Who opens the new one then, on the computer of an old file, ends the move; so does the same call again, which
 *   otherwise begins again.
 * - `ProviderFault` when the new place is not empty, and when the old one was moved elsewhere.
 */
export const moveLedger = Effect.fnUntraced(function* (
  from: MovablePlace,
  to: MovablePlace
): Effect.fn.Return<LedgerMove, ProviderFault> {
  if (from.shown === to.shown) return yield* refuse(`the ledger ${from.shown} is there already: name another place`)
  const before = yield* from.state()
  const there = yield* to.state()
  if (before.is === "left") {
    const isOurs = before.to === to.shown && there.is === "arriving" && there.token === before.token
    if (!isOurs) return yield* Effect.fail(ledgerLeft(from.shown, before.to))
    yield* to.settle
    return { from: from.shown, to: to.shown, moved: null }
  }
  if (before.is === "arriving") return yield* Effect.fail(ledgerArriving(from.shown, before.from))
  if (there.is === "left") return yield* Effect.fail(ledgerLeft(to.shown, there.to))
  const token = crypto.randomUUID()
  let moved = ""
  yield* from.leave(to.shown, token, (contents) => {
    moved = contentsText(contents)
    return to.arrive(from.shown, token, contents)
  })
  yield* to.settle
  return { from: from.shown, to: to.shown, moved: moved === "" ? "nothing yet" : moved }
})
