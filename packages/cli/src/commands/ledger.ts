import type { InputOf } from "@anygpu/operations"
import { exitCodes } from "@anygpu/operations/failure"
import { runPromise } from "effect/Effect"
import type { ledgerFields } from "../command/fields.ts"
import type { Context } from "../context.ts"
import type { LedgerMoveJson } from "../json/ledger.ts"
import { openPlace } from "../ledger.ts"
import { plain } from "../plain.ts"

/** `anygpu ledger move`: brings a ledger to another place, and leaves the old one for good. */
export const run = async (
  context: Context,
  { from, to, yes = false }: InputOf<typeof ledgerFields>
): Promise<number> => {
  const { out } = context
  const { moveLedger } = await import("anygpu/sqlite")
  const source = await openPlace(from)
  try {
    const target = await openPlace(to)
    try {
      const question = `Move the ledger ${plain(source.shown)} to ${plain(target.shown)}, and write to the old one no more?`
      await context.mustConfirm(question, yes)
      const moved = await out.during("moving the ledger", () => runPromise(moveLedger(source, target)))
      out.answer({
        json: (): LedgerMoveJson => moved,
        text: () =>
          `${plain(moved.from)} is moved to ${plain(moved.to)}${moved.moved === null ? "; an earlier call had brought everything" : `: ${moved.moved}`}`
      })
      out.note(
        `Use it from now on: --ledger ${plain(to.includes("@") ? moved.to : to)}, or "ledger" in the config file.`
      )
      return exitCodes.done.code
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
