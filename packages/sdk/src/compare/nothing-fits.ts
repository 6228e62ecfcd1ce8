import {
  type Excluded,
  type GpuError,
  NoCapacity,
  type Problem,
  ProviderFault,
  Unsupported,
  unknownGpuHint,
  withContext
} from "@anygpu/core"
import type { Comparison } from "./comparison.ts"
import type { CompareRequest } from "./request.ts"

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

/** How many were left out and why, in words: `vast container: 3 by ports`. */
export const excludedText = (excluded: ReadonlyArray<Excluded>): string =>
  excluded.map(({ provider, kind, rule, count }) => `${provider} ${kind}: ${count} by ${rule}`).join(", ")

/**
 * The error of a launch that no offer can run, where offers were found; null without offers. It lists by which
 * option each was passed over.
 */
export const noneCanRun = (excluded: ReadonlyArray<Excluded>): Unsupported | null => {
  const unfit = excluded.filter(({ problem }) => problem !== undefined)
  const [first] = unfit
  if (!first) return null
  const offers = (count: number) => (count === 1 ? "1 offer" : `${count} offers`)
  const reasons = unfit.map(
    ({ provider, kind, rule, count, problem }) => `${provider} ${kind}: ${rule} ${problem} (${offers(count)})`
  )
  const message = `No offer that fits can run this launch: ${reasons.join("; ")}. Nothing was sent`
  return new Unsupported({ message, retry: "permanent", feature: first.rule, reach: "everywhere" })
}

/** That nothing fits, and why it may be: a GPU that nobody knows is misspelt, most likely. */
export const noOfferFits = ({ gpu, offer }: Pick<CompareRequest, "gpu" | "offer">): string => {
  if (offer !== undefined) return `${offer} is not on the market, or does not fit`
  const hint = unknownGpuHint(gpu)
  return hint === null ? "No offer fits" : `No offer fits: ${hint}`
}

/** A comparison without candidates, as far as it says why. */
type Empty = Pick<Comparison, "complete" | "problems" | "excluded"> & Partial<Pick<Comparison, "outOfLimits">>

/** The error itself, before what was left out is added to it. */
const emptyError = (
  { complete, problems, excluded, outOfLimits = null }: Empty,
  wanted: Pick<CompareRequest, "gpu" | "offer">
): GpuError => {
  const said = noOfferFits(wanted)
  const text = excludedText(excluded)
  const because = text && ` Left out: ${text}.`
  const [first] = problems
  if (complete && outOfLimits) {
    if (wanted.offer !== undefined) return withContext(outOfLimits, { message: `${outOfLimits.message}.` })
    return withContext(outOfLimits, { message: `${outOfLimits.message}.${because}` })
  }
  const unable = noneCanRun(excluded)
  if (complete && unable) return unable
  if (complete) return new NoCapacity({ message: `${said}.${because}`, retry: "temporary" })
  if (!first) {
    const message = `${said} among what could be seen, and a part could not be: try again.${because}`
    return new ProviderFault({ message, retry: "temporary" })
  }
  const message = `${said} on the clouds that answered, and not all did. Missing: ${problemsText(problems)}.${because}`
  return withContext(first.error, { message, problems })
}

/**
 * The error of a search that found nothing to rent; `excluded` of it says what was left out.
 *
 * - `Unsupported` when there are offers that fit, and none can run the launch.
 * - `NoCapacity` only when every cloud that was asked has answered in full. Else it is the error of the first that has
 *   not, with all of them in `problems`: there may be offers that nobody saw.
 * - Where limits of money left nothing, and all have answered, it is that: `OutOfFunds` with the cheapest that fits.
 */
export const nothingFits = (comparison: Empty, wanted: Pick<CompareRequest, "gpu" | "offer">): GpuError =>
  withContext(emptyError(comparison, wanted), { excluded: comparison.excluded })

/** The same error with what could not be asked before; an error that says so itself stays. */
export const withProblems = <E extends GpuError>(error: E, problems: ReadonlyArray<Problem>): E =>
  problems.length === 0 || error.problems ? error : withContext(error, { problems })
