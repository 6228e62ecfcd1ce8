import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { GpuError } from "../errors.ts"

/**
 * What has to hold when a request leaves, however long it waited for its turn and however often it was tried: run at the
 * end of each turn, and the attempt is not made when it fails. Null for no such thing.
 *
 * A launch sets it: while it waited, or its process was frozen, somebody else may have given it up.
 */
export const BeforeSending = Context.Reference<Effect.Effect<void, GpuError> | null>(
  "@anygpu/core/context/BeforeSending",
  { defaultValue: () => null }
)
