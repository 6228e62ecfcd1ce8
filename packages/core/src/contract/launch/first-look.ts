import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { monotonicMillis } from "../../elapsed.ts"
import type { GpuError } from "../../errors.ts"
import type { Timing } from "../definition.ts"

/**
 * A new machine as soon as its cloud shows it; null when it does not within the time that a launch may take to show.
 *
 * - For a limit on its price, which is not known before. A look that fails temporarily is repeated.
 */
export const onceShown = Effect.fnUntraced(function* <A>(
  look: Effect.Effect<A | null, GpuError>,
  { appearWithin, pollEvery }: Pick<Timing, "appearWithin" | "pollEvery">
): Effect.fn.Return<A | null, GpuError> {
  const until = (yield* monotonicMillis) + Duration.toMillis(appearWithin)
  const patient = Effect.catchIf(
    look,
    ({ retry }) => retry !== "permanent",
    () => Effect.succeed(null)
  )
  for (;;) {
    const seen = yield* patient
    if (seen !== null || (yield* monotonicMillis) >= until) return seen
    yield* Effect.sleep(pollEvery)
  }
})
