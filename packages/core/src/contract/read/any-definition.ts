import type { Facts } from "../../lifecycle.ts"
import type { Kind } from "../../model/kind.ts"
import type { LaunchOption } from "../../model/launch-spec.ts"
import type { Definition, Operations } from "../definition.ts"
import type { Guards } from "../guard.ts"

/** A definition as its adapter gives it, whose native types do not matter to the code at hand. */
export type RawDefinition<P extends string, K extends Kind, N> = Definition<
  P,
  K,
  LaunchOption,
  Facts,
  N,
  unknown,
  Partial<Operations<N>>
>

/** The same with the guards that `guarded` puts around its mapping. */
export type AnyDefinition<P extends string, K extends Kind, N> = RawDefinition<P, K, N> & Guards<N>
