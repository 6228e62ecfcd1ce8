import * as Effect from "effect/Effect"
import { type ErrorFields, type GpuError, withContext } from "../errors.ts"
import type { Facts, Lifecycle } from "../lifecycle.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption } from "../model/launch-spec.ts"
import { operationsOf } from "./act.ts"
import type { Definition, Operations } from "./definition.ts"
import { launcher } from "./launch.ts"
import { type AnyDefinition, observer } from "./observe.ts"
import { offersWith } from "./offers.ts"
import { type OptionalOp, optionalOps } from "./ops.ts"
import type { Provider } from "./provider.ts"
import { settler } from "./settle.ts"
import { terminator } from "./terminate.ts"

type Operation = (...args: never[]) => Effect.Effect<unknown, GpuError>

/** Says on every error where it happened, and names the span. */
const labelled = <Ops extends Record<string, Operation>>(ops: Ops, provider: string, kind: Kind): Ops => {
  const entries = Object.entries(ops).map(([operation, run]) => {
    const context: Partial<ErrorFields> = { provider, kind, operation }
    const named = (...args: never[]) =>
      Effect.suspend(() => run(...args)).pipe(
        Effect.mapError((error) => withContext(error, context)),
        Effect.withSpan(`anygpu.${operation}`, { attributes: { provider, kind, operation } })
      )
    return [operation, named]
  })
  return Object.fromEntries(entries)
}

/**
 * Makes a {@link Provider} of an adapter's {@link Definition}.
 *
 * - The capabilities are derived from the operations that are there: claim and method cannot disagree, and an
 *   operation that is missing does not compile.
 * - Everything that takes care is added here, once for all clouds: checks before sending, safe launching, intents,
 *   legality, verified termination, local filters.
 */
export const defineProvider = <
  P extends string,
  K extends Kind,
  L extends LaunchOption,
  F extends Facts,
  N,
  Prepared,
  O extends Partial<Operations<N>>
>(
  definition: Definition<P, K, L, F, N, Prepared, O>
): Provider<P, K, L, keyof O & OptionalOp> => {
  const general = definition as unknown as AnyDefinition<P, K, N>
  const { provider, kind } = definition
  const observe = observer(general)
  const terminate = terminator(general, observe)
  const settling = settler(general, observe, terminate)
  const ops = {
    offers: offersWith(kind, general.offers.bind(general)),
    launch: launcher(general, observe, settling, terminate),
    get: (ref: { readonly id: string }) => observe.get(ref.id),
    list: observe.list,
    terminate,
    recover: settling.recover,
    ...operationsOf(general, observe)
  }
  const info = {
    provider,
    kind,
    capabilities: new Set<OptionalOp>(optionalOps.filter((op) => op in ops)),
    launchOptions: new Set(definition.launchOptions),
    lifecycle: definition.lifecycle as unknown as Lifecycle<Facts>,
    timing: definition.timing
  }
  return { ...info, ...labelled(ops as unknown as Record<string, Operation>, provider, kind) } as unknown as Provider<
    P,
    K,
    L,
    keyof O & OptionalOp
  >
}
