import type { Facts, Verdict } from "../../lifecycle.ts"
import type { Kind } from "../../model/kind.ts"
import type { LaunchOption } from "../../model/launch-spec.ts"
import type { Asked, Definition, Operations } from "../definition.ts"

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

/** What is asked of a row besides its facts; `guarded` answers it. */
export interface Guards<N> {
  /** What a row and what was asked amount to; `unknown` where that depends on what cannot be read. */
  verdictOf(native: N, asked: Asked): Verdict
  /** Whether a row says something that is in no document of the cloud, or that cannot be read. */
  isStrange(native: N, asked: Asked): boolean
  /** Whether the marker that a row may carry cannot be read: its machine may be any launch's. */
  hidesMarker(native: N): boolean
}

/** The same with the guards that `guarded` puts around its mapping. */
export type AnyDefinition<P extends string, K extends Kind, N> = RawDefinition<P, K, N> & Guards<N>
