import { offerRef } from "@anygpu/operations/protocol"
import {
  type Candidate,
  type CompareRequest,
  compareAtPar,
  formatMoney,
  type GpuClient,
  hourlyCost,
  isGpuError,
  type Money,
  OutOfFunds
} from "anygpu"
import { lower, rateWithin } from "../quote.ts"

/** The limits of one launch, as an agent gives them. */
export interface Limits {
  readonly maxTotal?: Money | undefined
  readonly maxPerHour?: Money | undefined
  readonly maxAttempts?: number | undefined
}

/** So many machines are rented by one call at most, unless it says otherwise. */
const usualAttempts = 5

/** Why the limits of a launch keep it from the offer that is named; null when they are not the reason. */
export const keptByLimits = async (
  gpu: GpuClient,
  { maxTotal, maxPerHour, ...request }: CompareRequest,
  { named, signal }: { readonly named: string; readonly signal: AbortSignal }
): Promise<OutOfFunds | null> => {
  if (!maxTotal && !maxPerHour) return null
  const candidate = (await gpu.compare(request, { signal })).candidates.find(({ offer }) => offerRef(offer) === named)
  if (!candidate) return null
  const { offer, cost } = candidate
  const isRate = offer.price !== null && maxPerHour !== undefined && compareAtPar(offer.price, maxPerHour) > 0
  const [needed, available, what] = isRate
    ? [offer.price, maxPerHour, "per hour"]
    : [cost.total, maxTotal, "for the job"]
  const message =
    `${named} costs ${formatMoney(needed)} ${what}${available ? `, above the limit of ${formatMoney(available)}` : ""}. ` +
    "Nothing was rented"
  return new OutOfFunds({ message, retry: "permanent", ownLimit: true, needed, ...(available && { available }) })
}

/** What the tries of one call have come to. */
export interface Tries {
  /** Notes that a try failed: true when it was a machine that turned out too dear and is ended, and one more may be rented. */
  readonly mayGoOnAfter: (error: unknown) => boolean
  /** What a machine may cost per hour, should it turn out dearer than its offer. */
  readonly mostPerHour: (candidate: Candidate, bid: Money | undefined, diskMiB: number | undefined) => Money | undefined
  /** Why an offer cannot be tried any more; null when it can. */
  readonly refuse: (candidate: Candidate) => OutOfFunds | null
}

/** Keeps the tries of one call within its limits: what machines cost that were ended again counts. */
export const triesWithin = ({ maxPerHour, maxTotal, maxAttempts = usualAttempts }: Limits): Tries => {
  let rented = 0
  let spent = 0
  return {
    mayGoOnAfter: (error) => {
      const isEnded = isGpuError(error) && error._tag === "OutOfFunds" && error.ownLimit === true
      if (!isEnded || !error.spent || (error.leftovers ?? []).length > 0) return false
      rented += 1
      spent += error.spent.micros
      return rented < maxAttempts
    },
    mostPerHour: ({ offer, cost }, bid, diskMiB) => {
      const perHour = hourlyCost({ offer, ...(bid && { bid }), ...(diskMiB !== undefined && { diskMiB }) })
      return lower(maxPerHour, rateWithin(perHour, cost.total, maxTotal))
    },
    refuse: ({ offer, cost }) => {
      const needed = { ...cost.total, micros: cost.total.micros + spent }
      if (!maxTotal || compareAtPar(needed, maxTotal) <= 0) return null
      const message =
        `${offerRef(offer)} costs ${formatMoney(cost.total)} for the job, beside ` +
        `${formatMoney({ ...needed, micros: spent })} that was spent on earlier tries, above the limit of ${formatMoney(maxTotal)}`
      return new OutOfFunds({ message, retry: "permanent", ownLimit: true, needed, available: maxTotal })
    }
  }
}
