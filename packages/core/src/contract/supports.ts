import * as Effect from "effect/Effect"
import { type GpuError, Unsupported } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { OptionalOp, OptionalOps } from "./ops.ts"
import type { AnyProvider } from "./provider.ts"

/**
 * Whether a provider has an optional operation; narrows the type, so that the operation can be called after it.
 *
 * @example
 * ```ts
 * import { type AnyProvider, type InstanceRef, supports } from "@anygpu/core"
 *
 * declare const provider: AnyProvider
 * declare const ref: InstanceRef
 * const halted = supports(provider, "stop") ? provider.stop(ref) : provider.terminate(ref)
 * ```
 */
export const supports = <A extends AnyProvider, O extends OptionalOp>(
  provider: A,
  op: O
): provider is A & Pick<OptionalOps<A["provider"], A["kind"]>, O> => provider.capabilities.has(op)

type Op<O extends OptionalOp> = OptionalOps<string, Kind>[O]

/** The error for an operation that a provider does not have. */
export const unsupported = (provider: AnyProvider, op: OptionalOp): Unsupported =>
  new Unsupported({
    message:
      `${provider.provider} has no ${op} for ${provider.kind} machines. ` +
      `It has: ${["offers", "launch", "get", "list", "terminate", ...provider.capabilities].join(", ")}`,
    retry: "permanent",
    provider: provider.provider,
    kind: provider.kind,
    operation: op,
    feature: op
  })

/**
 * Calls an optional operation of a provider that is not known until run time.
 *
 * - `Unsupported`, with nothing sent, when the provider lacks it.
 */
export const attempt = <O extends OptionalOp>(
  provider: AnyProvider,
  op: O,
  ...args: Parameters<Op<O>>
): Effect.Effect<Effect.Success<ReturnType<Op<O>>>, GpuError> => {
  if (!supports(provider, op)) return Effect.fail(unsupported(provider, op))
  const operation = (provider as Pick<OptionalOps<string, Kind>, O>)[op] as (
    ...args: Parameters<Op<O>>
  ) => Effect.Effect<Effect.Success<ReturnType<Op<O>>>, GpuError>
  return operation(...args)
}
