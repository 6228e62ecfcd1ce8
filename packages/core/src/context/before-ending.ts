import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { GpuError } from "../errors.ts"

/**
 * What has to hold each time that a machine's end is asked for: run just before the request leaves, which is not sent when it
 * fails. Null for no such thing.
 *
 * Who ends a machine that is due sets it: while his process was frozen, another one may have taken over.
 */
export const BeforeEnding = Context.Reference<Effect.Effect<void, GpuError> | null>(
  "@anygpu/core/context/BeforeEnding",
  { defaultValue: () => null }
)
