import {
  type Attempt,
  type Excluded,
  formatMoney,
  type GpuError,
  type Money,
  NoCapacity,
  type Problem,
  sumsOf,
  withContext
} from "@anygpu/core"
import type { Comparison } from "../compare/comparison.ts"
import { excludedText, noneCanRun, noOfferFits, nothingFits, problemsText } from "../compare/nothing-fits.ts"
import type { Filters } from "../compare/request.ts"
import { keptByLimits } from "./limits.ts"
import type { Market } from "./open-search.ts"
import { isKept } from "./outcome.ts"
import { type Search, summaryOf } from "./search.ts"

/** What all tries of a launch that came to nothing cost together, one amount for each currency. */
export const spentInAll = (trail: ReadonlyArray<Attempt>): ReadonlyArray<Money> =>
  sumsOf(
    trail.flatMap(({ spent, outcome }) => (spent === null || spent.micros === 0 || isKept(outcome) ? [] : [spent]))
  )

/** What was tried cost so much, as a sentence; empty where nothing was made. */
const costOfTrail = (trail: ReadonlyArray<Attempt>): string => {
  const made = trail.filter(({ ref, outcome }) => ref !== null && !isKept(outcome))
  if (made.length < 2) return ""
  const sums = spentInAll(made).map((sum) => formatMoney(sum))
  const unknown = made.filter(({ spent }) => spent === null).length
  const besides = unknown > 0 ? `; what ${unknown} of them cost is not known` : ""
  return ` The ${made.length} machines that were tried cost ${sums.join(" and ") || "nothing"} together${besides}.`
}

/** Which clouds were passed over because of their account, and what each of them needs. */
const needsOf = ({ troubles, passedOver }: Search): string =>
  Array.from(troubles, ([provider, error]) => {
    const others = passedOver.get(provider) ?? 0
    const left = others > 0 ? ` (${others} more of its offers ${others === 1 ? "was" : "were"} not tried)` : ""
    return ` ${provider} was left out: ${error.message}${left}.`
  }).join("")

/** All that was left out: by the comparison, and by what its offers cannot run. */
export const excludedOf = ({ unfit }: Search, comparison: Comparison | null): ReadonlyArray<Excluded> => [
  ...(comparison?.excluded ?? []),
  ...unfit.excluded
]

const leftOutOf = (excluded: ReadonlyArray<Excluded>): string =>
  excluded.length > 0 ? ` Left out: ${excludedText(excluded)}.` : ""

/**
 * The error of a launch for which no offer could be had.
 *
 * - `OutOfFunds` with `ownLimit`, where an own limit kept it from one that could have been had.
 * - Else `NoCapacity`; where nothing but the accounts of clouds stood in the way, what the first of them needs. Clouds that
 *   cannot be reached by now are no clouds without machines.
 */
export const nothingHad = (
  search: Search,
  { candidates: { length: offers }, comparison }: Market,
  filters: Filters
): GpuError => {
  if (comparison && offers === 0) return nothingFits(comparison, filters)
  const { trail, troubles, unfit } = search
  const unable = trail.length === 0 ? noneCanRun(unfit.excluded) : null
  const excluded = excludedOf(search, comparison)
  if (unable) return withContext(unable, { excluded })
  const tried = offers > 0 ? `None of ${offers} offers could be had` : noOfferFits(filters)
  const summary = trail.length > 0 ? ` (${summaryOf(trail)})` : ""
  const other = trail.find(({ error, outcome }) => error !== null && outcome !== "refused")?.error
  const because = other ? ` The first: ${other.message}.` : ""
  const problems = comparison?.problems ?? []
  const missing = problems.length > 0 ? ` Not all clouds answered: ${problemsText(problems)}.` : ""
  const limited = keptByLimits(search, offers)
  if (limited) return withContext(limited, { message: `${limited.message}.${needsOf(search)}${missing}` })
  const message = `${tried}${summary}.${because}${needsOf(search)}${leftOutOf(excluded)}${missing}`
  const [trouble] = troubles.values()
  if (trouble && !other) return withContext(trouble, { message })
  if (other && trail.every(({ outcome }) => outcome === "unreachable")) return withContext(other, { message })
  return new NoCapacity({ message, retry: "temporary", excluded })
}

/** An error that ends a launch, with what was tried, what that cost, and which clouds could not be asked. */
export const withTrail = (
  error: GpuError,
  trail: ReadonlyArray<Attempt>,
  problems: ReadonlyArray<Problem>
): GpuError => {
  const cost = costOfTrail(trail)
  const message = cost ? `${error.message.replace(/\.$/, "")}.${cost}` : error.message
  return withContext(error, { message, trail, ...(problems.length > 0 && { problems }) })
}
