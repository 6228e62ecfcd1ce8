import type { Instance } from "anygpu"
import { type EndedBy, whoEnds } from "anygpu/effect"
import * as Effect from "effect/Effect"
import type { OperationContext } from "../context.ts"

/** Who ends machines in time, by the text of their refs. */
export type Enders = ReadonlyMap<string, EndedBy>

/** Asks the ledger who ends these machines in time. */
export const endersOf = async (
  { ledger }: Pick<OperationContext, "ledger">,
  machines: ReadonlyArray<Instance>
): Promise<Enders> => Effect.runPromise(whoEnds(await ledger(), machines))

/** Who ends one machine in time. */
export const enderOf = async (context: Pick<OperationContext, "ledger">, machine: Instance): Promise<EndedBy> =>
  (await endersOf(context, [machine])).get(String(machine.ref)) ?? "nobody"
