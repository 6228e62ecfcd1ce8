import { type AnyProvider, compareAtPar, formatMoney, type GpuError, type Offer, OutOfFunds } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { Comparison } from "./comparison.ts"
import { type CompareRequest, type ReadRequest, readRequest } from "./request.ts"
import { offerName, type Survey, survey, type Unranked } from "./survey.ts"

const liking = ({ location }: Offer, prefer: ReadonlyArray<string>): number => {
  const names = [location.country, location.region, location.native].map((name) => name?.toUpperCase())
  const at = prefer.findIndex((wanted) => names.includes(wanted.toUpperCase()))
  return at < 0 ? prefer.length : at
}

/** By the cost of the job, raised for machines that failed lately; then by reliability, then by place, then by name. */
const order =
  (prefer: ReadonlyArray<string>) =>
  (a: Unranked, b: Unranked): number => {
    const raised = ({ cost, penalty }: Unranked) => ({ ...cost.total, micros: cost.total.micros * (1 + penalty) })
    return (
      compareAtPar(raised(a), raised(b)) ||
      (b.offer.reliability ?? -1) - (a.offer.reliability ?? -1) ||
      liking(a.offer, prefer) - liking(b.offer, prefer) ||
      `${a.offer.provider}/${a.offer.id}`.localeCompare(`${b.offer.provider}/${b.offer.id}`, "en")
    )
  }

/** Why limits of money left nothing, with the cheapest of what fits without them; null when that is nothing either. */
const outOfLimits = (
  candidates: ReadonlyArray<Unranked>,
  { offer: named, maxTotal, filter: { maxPerHour } }: ReadRequest
): OutOfFunds | null => {
  const [cheapest] = [...candidates].sort((a, b) => compareAtPar(a.cost.total, b.cost.total))
  if (!cheapest) return null
  const { offer, cost } = cheapest
  const { pricePerHour: price } = offer
  const isRate = price !== null && maxPerHour !== undefined && compareAtPar(price, maxPerHour) > 0
  const [needed, available, what] = isRate ? [price, maxPerHour, "per hour"] : [cost.total, maxTotal, "for the job"]
  const limits = Object.entries({ maxPerHour, maxTotal }).flatMap(([name, most]) =>
    most ? [`${name} ${formatMoney(most)}`] : []
  )
  const costs = `${formatMoney(cost.total)} for the job${price ? `, ${formatMoney(price)} per hour` : ""}`
  const message =
    named !== undefined && available
      ? `${named} costs ${formatMoney(needed)} ${what}, above the limit of ${formatMoney(available)}. Nothing was sent`
      : `No offer fits within ${limits.join(" and ")}. The cheapest that fits otherwise: ${offerName(offer)}, ${costs}. ` +
        "Nothing was rented"
  return new OutOfFunds({
    ...{ message, retry: "permanent", ownLimit: true, needed },
    ...(available && { available })
  })
}

/**
 * What would fit without limits of money, where they left nothing.
 *
 * - Clouds leave out what is above a price per hour: only when that may be to blame they are asked without it.
 */
const beyondLimits = Effect.fnUntraced(function* (
  providers: ReadonlyArray<AnyProvider>,
  request: ReadRequest,
  { candidates, tooDear }: Survey
): Effect.fn.Return<ReadonlyArray<Unranked>> {
  if (candidates.length > 0) return []
  const { maxTotal: _, filter, ...more } = request
  const { maxPerHour, ...without } = filter
  if (tooDear.length > 0 || maxPerHour === undefined) return tooDear
  const all = yield* Effect.result(survey(providers, { ...more, filter: without }))
  return all._tag === "Success" ? all.success.candidates : []
})

/**
 * Asks all clouds at once, and ranks what fits by what the job costs on it.
 *
 * - `InvalidRequest` for a wrong filter, limit or job, before anything is sent.
 * - A cloud that fails or is too slow costs only its own rows; when every one does, the first error is the answer.
 * - Hosts that failed lately, in whatever process on this ledger, are ranked down.
 */
export const compareWith =
  (providers: ReadonlyArray<AnyProvider>) =>
  (given: CompareRequest): Effect.Effect<Comparison, GpuError> =>
    Effect.gen(function* () {
      const request = yield* readRequest(given)
      const surveyed = yield* survey(providers, request)
      const beyond = yield* beyondLimits(providers, request, surveyed)
      const ranked = [...surveyed.candidates]
        .sort(order(request.prefer))
        .map((candidate, index) => ({ ...candidate, rank: index + 1 }))
      const { complete, problems, observedAt } = surveyed.listing
      const { job, workload: _, ...filters } = given
      return new Comparison({
        ...{ candidates: ranked.slice(0, request.limit), job, filters, excluded: surveyed.excluded },
        ...{ complete, problems, observedAt, outOfLimits: outOfLimits(beyond, request) }
      })
    })
