import type { Conflict, Ledger, OutOfFunds, ProviderFault } from "@anygpu/core"
import type * as Effect from "effect/Effect"
import { show } from "../check.ts"

/** One call of a ledger, and how it reads in a report. */
export interface Operation {
  readonly text: string
  readonly apply: (ledger: Ledger) => Effect.Effect<unknown, ProviderFault | OutOfFunds | Conflict>
}

/** A call by its name, with what it is called with. */
export const operation = <Args extends ReadonlyArray<unknown>>(
  name: keyof Ledger,
  args: Args,
  run: (ledger: Ledger, args: Args) => ReturnType<Operation["apply"]>
): Operation => ({ text: `${name}(${args.map(show).join(", ")})`, apply: (ledger) => run(ledger, args) })
