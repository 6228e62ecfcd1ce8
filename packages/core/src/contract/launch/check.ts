import * as Effect from "effect/Effect"
import type { GpuError } from "../../errors.ts"
import type { Kind } from "../../model/kind.ts"
import type { LaunchSpec } from "../../model/launch-spec.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import { checkSpec } from "../validate.ts"

/** Refuses a launch that cannot succeed, by the rules of all clouds and of this one, before anything is sent. */
export const checkLaunch = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  spec: LaunchSpec<P, K>
): Effect.Effect<void, GpuError> =>
  Effect.andThen(
    checkSpec(definition, spec),
    Effect.suspend(() => (definition.check ? Effect.fromResult(definition.check(spec)) : Effect.void))
  ).pipe(Effect.asVoid)
