import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type ErrorFields, type GpuError, InvalidRequest, withContext } from "../errors.ts"
import type { Facts, Lifecycle } from "../lifecycle.ts"
import type { NativeFacts } from "../model/instance.ts"
import type { Kind } from "../model/kind.ts"
import type { LaunchOption, LaunchSpec } from "../model/launch-spec.ts"
import { type InstanceRef, ownRef } from "../model/ref.ts"
import { observeOperation } from "../telemetry.ts"
import { onOneAccount } from "./accounts.ts"
import { argumentIssues } from "./arguments.ts"
import type { Definition, Operations } from "./definition.ts"
import { guarded } from "./guard.ts"
import { checkLaunch } from "./launch/check.ts"
import { launcher } from "./launch/launch.ts"
import { recoverer } from "./launch/recover.ts"
import { settler } from "./launch/settle.ts"
import { offersWith } from "./offers.ts"
import { operationRows, optionalOps } from "./operation-rows.ts"
import type { OptionalOp, TerminateOptions } from "./ops.ts"
import { optionalOperations } from "./optional-operations.ts"
import { type Provider, specificationVersion } from "./provider.ts"
import type { RawDefinition } from "./read/any-definition.ts"
import { reader } from "./read/reader.ts"
import { present } from "./shape.ts"
import { terminator } from "./terminate/terminate.ts"

type Operation = (...args: never[]) => Effect.Effect<unknown, GpuError>

/**
 * What an operation gets of the arguments it was called with, before it is run: callers in plain JavaScript pass
 * anything.
 *
 * - The machine becomes a ref of the provider's own, once and for all operations; one of another provider or kind is
 *   refused, since its id would name a wrong machine here.
 * - Fields that are explicitly undefined count as absent.
 */
const checked = (
  operation: string,
  given: ReadonlyArray<unknown>,
  own: { readonly provider: string; readonly kind: Kind }
): Result.Result<ReadonlyArray<unknown>, InvalidRequest> => {
  const about = operationRows[operation]?.onMachine ? 1 : 0
  const rest = given.slice(about).map(present)
  return Result.flatMap(about ? Result.map(ownRef(own, given[0]), (ref) => [ref]) : Result.succeed([]), (ref) => {
    const issues = argumentIssues(operation, rest)
    return issues.length > 0 ? Result.fail(InvalidRequest.all(issues)) : Result.succeed([...ref, ...rest])
  })
}

/** Checks the arguments, says on every error where it happened, and observes the run. */
const withOperationContext = <Ops extends Record<string, Operation>>(ops: Ops, provider: string, kind: Kind): Ops => {
  const entries = Object.entries(ops).map(([operation, run]) => {
    const context: Partial<ErrorFields> = { provider, kind, operation }
    const observed = observeOperation({ provider, kind, operation })
    const named = (...args: ReadonlyArray<unknown>) => {
      const right = checked(operation, args, { provider, kind })
      const running: Effect.Effect<unknown, GpuError> = Result.isSuccess(right)
        ? Effect.suspend(() => run(...(right.success as never[])))
        : Effect.fail(right.failure)
      return observed(Effect.mapError(running, (error) => withContext(error, context)))
    }
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
  O extends Partial<Operations<N>>,
  X extends NativeFacts = NativeFacts
>(
  definition: Definition<P, K, L, F, N, Prepared, O, X>
): Provider<P, K, L, keyof O & OptionalOp, X> => {
  const general = onOneAccount(guarded(definition as unknown as RawDefinition<P, K, N>))
  const { provider, kind } = definition
  const machines = reader(general)
  const terminate = terminator(general, machines)
  const settling = settler(general, machines, terminate)
  const ops = {
    offers: offersWith(kind, general.offers.bind(general)),
    launch: launcher(general, machines, settling, terminate),
    get: (ref: { readonly id: string }) => machines.get(ref.id),
    list: machines.list,
    terminate: (ref: InstanceRef<P, K>, options?: TerminateOptions) => terminate(ref, options),
    recover: recoverer(general, machines, settling),
    ...optionalOperations({ definition: general, machines })
  }
  const info = {
    specificationVersion,
    provider,
    kind,
    capabilities: new Set<OptionalOp>(optionalOps.filter((op) => op in ops)),
    launchOptions: new Set(definition.launchOptions),
    requiredOptions: new Set(definition.requiredOptions),
    updateOptions: new Set(definition.updateOptions ?? []),
    deletesVolumes: definition.deleteVolumes !== undefined,
    lifecycle: definition.lifecycle as unknown as Lifecycle<Facts>,
    timing: definition.timing,
    ...(definition.account && { account: definition.account }),
    priceRoundedTo: definition.priceRoundedTo ?? 1,
    endsItself: "scheduleEnd" in ops ? "cloud" : definition.launchOptions.includes("endsItself" as L) ? "itself" : null,
    // Thousands of offers are checked at once: none of it is worth a span.
    check: (spec: LaunchSpec<P, K>) =>
      Effect.mapError(checkLaunch(general, spec), (error) => withContext(error, { provider, kind, operation: "check" }))
  }
  return {
    ...info,
    ...withOperationContext(ops as unknown as Record<string, Operation>, provider, kind)
  } as unknown as Provider<P, K, L, keyof O & OptionalOp, X>
}
