import { findOffer } from "@anygpu/operations"
import { offerRef } from "@anygpu/operations/protocol"
import {
  addMoney,
  type Candidate,
  type Comparison,
  compareAtPar,
  type Estimate,
  type Exclusion,
  estimate,
  formatMoney,
  type Money,
  NoCapacity,
  nothingFits,
  type Offer,
  type OfferFilter,
  OutOfFunds,
  subtractMoney,
  Unsupported
} from "anygpu"
import type { Context } from "./context.ts"
import { flagsByField } from "./flags.ts"
import { tellLeftOut, tellProblems } from "./listing.ts"
import { noOfferText } from "./no-offer.ts"
import type { Order } from "./order.ts"
import { plain } from "./plain.ts"
import { diskFor, specOf } from "./quote.ts"

/** What offers cannot run of the launch, by the kind of their machine and the option. */
const reasonsOf = (why: ReadonlyArray<Exclusion>): ReadonlyArray<string> =>
  why.flatMap(({ provider, kind, rule, count, problem }) => {
    const offers = count === 1 ? "1 offer" : `${count} offers`
    return problem === undefined
      ? []
      : [`${provider}/${kind}: ${flagsByField[rule] ?? rule} ${plain(problem)} (${offers})`]
  })

/** What the job costs with the bid, which is paid instead of the compute rate and never instead of the disk. */
const costOf = (offer: Offer, { job, workload: { bid } }: Order): Estimate | null => {
  const { price, terms } = offer
  if (!bid || !price || !terms) return estimate(offer, job)
  const { perStep: _, ...compute } = terms.compute
  const disk = subtractMoney(price, compute.perHour)
  return estimate({ price: addMoney(bid, disk), terms: { ...terms, compute: { ...compute, perHour: bid } } }, job)
}

const mustBeWithin = (offer: Offer, what: string, needed: Money | null, available: Money | undefined): void => {
  if (!available || (needed && compareAtPar(needed, available) <= 0)) return
  const costs = needed ? `costs ${formatMoney(needed)} ${what}` : `names no price ${what}`
  const message = `${offerRef(offer)} ${costs}, above the limit of ${formatMoney(available)}. Nothing was sent.`
  throw new OutOfFunds({ message, retry: "permanent", ownLimit: true, available, ...(needed && { needed }) })
}

/** The offer that was named, when it can run the launch and costs no more than it may. */
export const namedCandidate = async (
  context: Context,
  order: Order,
  text: string,
  interruptible: boolean
): Promise<Candidate> => {
  const offer = await findOffer(context, text, { minDiskMiB: order.job.storageMiB, interruptible })
  const client = await context.gpu()
  // What it costs is judged below, by what the job costs.
  await client.check({
    ...specOf(order, "launch", { offer }),
    ...diskFor(client, order, offer),
    allowUnknownPrice: true
  })
  const cost = costOf(offer, order)
  if (!cost) {
    const message = `${offerRef(offer)} names no price, and nothing is rented at an unknown one. Nothing was sent.`
    throw new Unsupported({ message, retry: "permanent", provider: offer.provider, feature: "launch" })
  }
  mustBeWithin(offer, "for the job", cost.total, order.maxTotal)
  mustBeWithin(offer, "per hour", offer.price, order.workload.bid ? undefined : order.maxPerHour)
  return { offer, cost, rank: 1, penalty: 0 }
}

/** What can be rented, and the comparison that it comes of. */
export interface Found {
  readonly candidates: readonly [Candidate, ...Candidate[]]
  readonly comparison: Comparison
}

/** The offers that fit and can run the launch, the cheapest job first. */
export const bestCandidates = async (
  context: Context,
  order: Order,
  { maxPricePerHour: _, ...filter }: OfferFilter
): Promise<Found> => {
  const { out, signal } = context
  const { job, maxTotal, maxPerHour } = order
  const client = await context.gpu()
  const limits = { ...(maxTotal && { maxTotal }), ...(maxPerHour && { maxPerHour }) }
  const request = { ...filter, ...limits, job, workload: order.workload }
  const found = await out.during("comparing offers", () => client.compare(request, { signal }))
  if (!found.complete) tellProblems(out, found)
  const reasons = reasonsOf(found.why)
  const [first, ...next] = found.candidates
  if (first) {
    for (const reason of reasons) out.note(`left out: ${reason}`)
    return { candidates: [first, ...next], comparison: found }
  }
  tellLeftOut(out, found.why)
  const nothing = [noOfferText(filter.gpu).replace(/\.$/, ""), ...reasons].join("; ")
  // What the clouds have that did not answer nobody knows: that is the error, and not what is wrong with the others.
  if (!found.complete || found.outOfLimits) throw nothingFits(found, nothing)
  if (reasons.length > 0) {
    const message = `No offer that fits can run this launch: ${reasons.join("; ")}. Nothing was sent.`
    throw new Unsupported({ message, retry: "permanent", feature: "launch" })
  }
  throw new NoCapacity({ message: `${noOfferText(filter.gpu)} Nothing was sent.`, retry: "temporary" })
}
