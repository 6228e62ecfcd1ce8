import { type GpuError, NoCapacity, type Problem, ProviderFault, withContext } from "@anygpu/core"
import type { Comparison } from "./comparison.ts"

/** What could not be had, in words: `vast (container): the key is wrong`. */
export const problemsText = (problems: ReadonlyArray<Problem>): string => {
  const parts = problems.map(({ provider, kind, error }) => ({
    place: kind ? `${provider} (${kind})` : provider,
    message: error.message
  }))
  const messages = [...new Set(parts.map(({ message }) => message))]
  return messages
    .map((message) => {
      const places = new Set(parts.filter((part) => part.message === message).map(({ place }) => place))
      return `${[...places].join(", ")}: ${message}`
    })
    .join("; ")
}

/**
 * The error of a search that found nothing to rent.
 *
 * - `NoCapacity` only when every cloud that was asked has answered in full. Else it is the error of the first that has
 *   not, with all of them in `problems`: there may be offers that nobody saw.
 * - Where limits of money left nothing, and all have answered, it is that: `OutOfFunds` with the cheapest that fits.
 * - `said` is what came of those that answered: `No offer fits`.
 */
export const nothingFits = (
  {
    complete,
    problems,
    why,
    outOfLimits = null
  }: Pick<Comparison, "complete" | "problems" | "why"> & Partial<Pick<Comparison, "outOfLimits">>,
  said = "No offer fits"
): GpuError => {
  const left = why.map(({ provider, kind, rule, count }) => `${provider} ${kind}: ${count} by ${rule}`).join(", ")
  const leftOut = left && ` Left out: ${left}.`
  const [first] = problems
  if (complete && outOfLimits) return withContext(outOfLimits, { message: `${outOfLimits.message}.${leftOut}` })
  if (complete) return new NoCapacity({ message: `${said}.${leftOut}`, retry: "temporary" })
  if (!first) {
    const message = `${said} among what could be seen, and a part could not be: try again.${leftOut}`
    return new ProviderFault({ message, retry: "temporary" })
  }
  const message = `${said} on the clouds that answered, and not all did. Missing: ${problemsText(problems)}.${leftOut}`
  return withContext(first.error, { message, problems })
}
