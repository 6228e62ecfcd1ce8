import {
  type AnyProvider,
  CurrentLedger,
  checkMoney,
  checkNumber,
  compareAtPar,
  formatMoney,
  type GpuError,
  InvalidRequest,
  type Job,
  type LaunchOptions,
  type Listing,
  type Money,
  type Offer,
  type OfferFilter,
  OutOfFunds,
  resolveFilter,
  shape
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type AskOptions, askedFor, gather } from "../client/gather.ts"
import { type Candidate, Comparison } from "./comparison.ts"
import { penaltiesAt } from "./failures.ts"
import { estimateFor, estimateOf, jobIssues, timeIssues } from "./job.ts"
import { counting, optionsFor, probeOf, refusalOf, workloadIssues } from "./workload.ts"

/**
 * What is wanted, and for which job.
 *
 * - The filters are those of `offers`; a disk of `job.storageMiB` is asked for by itself.
 */
export interface CompareRequest extends Omit<OfferFilter, "interruptible" | "maxPricePerHour">, AskOptions {
  readonly job: Job
  /**
   * What is to run: offers that cannot are left out, and counted in `why` by the launch option that they cannot. A bid in it
   * is what is paid.
   */
  readonly workload?: Partial<LaunchOptions>
  /** true: only interruptible offers, false (the default): only those that are not, "any": both. */
  readonly interruptible?: boolean | "any"
  /** What the whole job may cost. */
  readonly maxTotal?: Money
  /** What the machine may cost per hour. */
  readonly maxPerHour?: Money
  /** Countries or regions, the best liked first: which of two equally dear and reliable offers comes first. */
  readonly prefer?: ReadonlyArray<string>
}

const requestShape = shape.partOfArgument({
  interruptible: shape.optional(shape.oneOf(true, false, "any")),
  maxTotal: shape.optional(shape.amount),
  maxPerHour: shape.optional(shape.amount),
  prefer: shape.optional(shape.texts),
  within: shape.optional(shape.duration)
})

/** A request in its parts, checked before anything is sent. */
const readRequest = (given: CompareRequest) =>
  Effect.gen(function* () {
    const misshapen = requestShape("request", shape.present(given))
    const wrong = [
      ...misshapen,
      ...(shape.isFields(given) ? [...jobIssues(given.job), ...workloadIssues(given.workload)] : [])
    ]
    if (wrong.length > 0) return yield* InvalidRequest.all(wrong)
    const { job, workload: __, interruptible: _, maxTotal, maxPerHour, prefer = [], within, limit, ...more } = given
    const issues = [
      ...checkMoney("maxTotal", maxTotal),
      ...checkMoney("maxPerHour", maxPerHour),
      ...checkNumber("limit", limit, 1),
      ...(within === undefined ? [] : timeIssues("within", Duration.toMillis(within)))
    ]
    if (issues.length > 0) return yield* InvalidRequest.all(issues)
    const storage = job.storageMiB === undefined ? {} : { minDiskMiB: Math.max(more.minDiskMiB ?? 0, job.storageMiB) }
    const filter: OfferFilter = { ...more, ...storage, ...(maxPerHour && { maxPricePerHour: maxPerHour }) }
    yield* resolveFilter(filter)
    return { job, maxTotal, prefer, within, limit, filter }
  })

const liking = ({ location }: Offer, prefer: ReadonlyArray<string>): number => {
  const names = [location.country, location.region, location.native].map((name) => name?.toUpperCase())
  const at = prefer.findIndex((wanted) => names.includes(wanted.toUpperCase()))
  return at < 0 ? prefer.length : at
}

/** Which offers a cloud is asked for: those that may be taken away, those that may not, or both one by one. */
const waysOf = ({ launchOptions }: AnyProvider, { interruptible = false }: CompareRequest): ReadonlyArray<boolean> => {
  if (interruptible !== "any") return [interruptible]
  return launchOptions.has("bid") ? [false, true] : [false]
}

type Unranked = Omit<Candidate, "rank">

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

/** What the clouds offer by a filter, and what the job costs on it. */
const survey = (
  providers: ReadonlyArray<AnyProvider>,
  request: CompareRequest,
  {
    job,
    within,
    filter
  }: { readonly job: Job; readonly within: Duration.Input | undefined; readonly filter: OfferFilter },
  maxTotal: Money | undefined
) =>
  Effect.gen(function* () {
    const asks = askedFor(providers, filter.kind).flatMap((provider) =>
      waysOf(provider, request).map((way) => ({ ...provider, way }))
    )
    const found: Array<{ readonly provider: AnyProvider; readonly offers: Listing<Offer> }> = []
    const listing = yield* gather(
      asks,
      { operation: "compare", part: "offers", ...(within !== undefined && { within }) },
      (provider) =>
        Effect.tap(provider.offers({ ...filter, interruptible: provider.way }), (offers) =>
          Effect.sync(() => found.push({ provider, offers }))
        )
    )
    const ledger = yield* CurrentLedger
    const penaltyOf = penaltiesAt(yield* ledger.failures(), yield* Clock.currentTimeMillis)
    const { workload } = request
    const leftOut = counting()
    const candidates: Unranked[] = []
    const tooDear: Unranked[] = []
    for (const { provider, offers } of found) {
      for (const [rule, count] of Object.entries(offers.leftOut)) {
        // Each way of renting is asked for by itself: neither is left out.
        if (rule !== "interruptible" || request.interruptible !== "any") leftOut.add(provider, rule, count)
      }
      const options = workload && optionsFor(workload, job, provider)
      for (const offer of offers) {
        const cost = options ? estimateFor(probeOf(offer, options), job) : estimateOf(offer, job)
        const refusal = options ? yield* refusalOf(provider, offer, options) : null
        if (cost === null) leftOut.add(provider, "unknown price", 1)
        else if (maxTotal && compareAtPar(cost.total, maxTotal) > 0) {
          leftOut.add(provider, "maxTotal", 1)
          if (!refusal) tooDear.push({ offer, cost, penalty: 0 })
        } else if (refusal) leftOut.add(provider, refusal.option, 1, refusal.problem)
        else candidates.push({ offer, cost, penalty: penaltyOf(offer) })
      }
    }
    return { candidates, tooDear, why: leftOut.why, listing }
  })

/** Why limits of money left nothing, with the cheapest of what fits without them; null when that is nothing either. */
const outOfLimits = (
  candidates: ReadonlyArray<Unranked>,
  maxPerHour: Money | undefined,
  maxTotal: Money | undefined
): OutOfFunds | null => {
  const [cheapest] = [...candidates].sort((a, b) => compareAtPar(a.cost.total, b.cost.total))
  if (!cheapest) return null
  const { offer, cost } = cheapest
  const { price } = offer
  const isAbove = price !== null && maxPerHour !== undefined && compareAtPar(price, maxPerHour) > 0
  const available = isAbove ? maxPerHour : maxTotal
  const limits = Object.entries({ maxPerHour, maxTotal }).flatMap(([name, most]) =>
    most ? [`${name} ${formatMoney(most)}`] : []
  )
  const costs = `${formatMoney(cost.total)} for the job${price ? `, ${formatMoney(price)} per hour` : ""}`
  return new OutOfFunds({
    message:
      `No offer fits within ${limits.join(" and ")}. The cheapest that fits otherwise: ` +
      `${offer.provider}/${offer.kind}/${offer.id}, ${costs}. Nothing was rented`,
    retry: "permanent",
    ownLimit: true,
    needed: isAbove ? price : cost.total,
    ...(available && { available })
  })
}

/**
 * Asks all clouds at once, and ranks what fits by what the job costs on it.
 *
 * - `InvalidRequest` for a wrong filter, limit or job, before anything is sent.
 * - A cloud that fails or is too slow costs only its own rows; when every one does, the first error is the answer.
 * - Hosts that failed lately, in whatever process on this ledger, are ranked down.
 */
export const compareWith =
  (providers: ReadonlyArray<AnyProvider>) =>
  (request: CompareRequest): Effect.Effect<Comparison, GpuError> =>
    Effect.gen(function* () {
      const read = yield* readRequest(request)
      const { job, maxTotal, prefer, limit } = read
      const { candidates, tooDear, why, listing } = yield* survey(providers, request, read, maxTotal)
      const { maxPricePerHour, ...filter } = read.filter
      // Clouds leave out what is above a price per hour: only when that may be to blame they are asked without it.
      const isUnseen = candidates.length + tooDear.length === 0 && maxPricePerHour !== undefined
      const all = isUnseen ? yield* Effect.result(survey(providers, request, { ...read, filter }, undefined)) : null
      const without = all?._tag === "Success" ? all.success.candidates : candidates.length === 0 ? tooDear : []
      const ranked = candidates.sort(order(prefer)).map((candidate, index) => ({ ...candidate, rank: index + 1 }))
      const { complete, problems, observedAt } = listing
      return new Comparison({
        ...{ candidates: ranked.slice(0, limit), job, why, complete, problems, observedAt },
        outOfLimits: outOfLimits(without, maxPricePerHour, maxTotal)
      })
    })
