import { type AnyProvider, type GpuError, Listing, type Problem } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"

/**
 * Asks all providers at once and puts their listings together.
 *
 * - One that fails is a problem of the result; when every one fails, the first failure is the answer.
 */
export const gather = <A>(
  providers: ReadonlyArray<AnyProvider>,
  part: string,
  ask: (provider: AnyProvider, index: number) => Effect.Effect<Listing<A>, GpuError>
): Effect.Effect<Listing<A>, GpuError> =>
  Effect.gen(function* () {
    const answers = yield* Effect.forEach(providers, (provider, index) => Effect.result(ask(provider, index)), {
      concurrency: "unbounded"
    })
    const now = yield* DateTime.now
    const listings: Listing<A>[] = []
    const problems: Problem[] = []
    for (const [index, answer] of answers.entries()) {
      const provider = providers[index]
      if (answer._tag === "Success") listings.push(answer.success)
      else if (provider) {
        problems.push({ provider: provider.provider, kind: provider.kind, part: `all ${part}`, error: answer.failure })
      }
    }
    const [first] = problems
    if (listings.length === 0 && first) return yield* Effect.fail(first.error)
    const failed = new Listing<A>({ items: [], complete: problems.length === 0, observedAt: now, problems })
    return Listing.merge([...listings, failed], now)
  })
