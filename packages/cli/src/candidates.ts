import {
  addMoney,
  type Candidate,
  compareAtPar,
  type Estimate,
  estimate,
  formatMoney,
  type GpuClient,
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
import { offerRef } from "./json/model.ts"
import { tellLeftOut, tellProblems } from "./listing.ts"
import { noOfferText } from "./no-offer.ts"
import type { Order } from "./order.ts"
import { plain } from "./plain.ts"
import { findOffer } from "./refs.ts"

const flagsText = (fields: ReadonlyArray<string>): string =>
  fields.map((field) => flagsByField[field] ?? field).join(", ")

/** Why a kind of a cloud cannot run the launch, by `vast/container`; those that can are not in it. */
const unfitFor = (client: GpuClient, { workload }: Order): ReadonlyMap<string, string> => {
  // Of both, each kind gets the one it takes.
  const isSpare = (option: string) =>
    workload.image !== undefined && workload.os !== undefined && (option === "image" || option === "os")
  return new Map(
    client.portability({ ...workload, operations: [] }).flatMap(({ provider, kind, lacksOptions, needsOptions }) => {
      const lacks = lacksOptions.filter((option) => !isSpare(option))
      const reasons = [
        ...(lacks.length > 0 ? [`takes no ${flagsText(lacks)}`] : []),
        ...(needsOptions.length > 0 ? [`needs ${flagsText(needsOptions)}`] : [])
      ]
      return reasons.length > 0 ? [[`${provider}/${kind}`, reasons.join(" and ")] as const] : []
    })
  )
}

const kindOf = ({ provider, kind }: Offer): string => `${provider}/${kind}`

/** What the job costs with the bid, which is paid instead of the compute rate and never instead of the disk. */
const costOf = (offer: Offer, { job, workload: { bid } }: Order): Estimate | null => {
  const { price, terms } = offer
  if (!bid || !price || !terms) return estimate(offer, job)
  const { perStep: _, ...compute } = terms.compute
  const disk = subtractMoney(price, compute.perHour)
  return estimate({ price: addMoney(bid, disk), terms: { ...terms, compute: { ...compute, perHour: bid } } }, job)
}

/** Whether an offer tells its systems, and the one that is asked for is none of them. */
const lacksSystem = ({ kind, systems }: Offer, { workload: { os } }: Order): boolean =>
  kind !== "container" && os !== undefined && systems !== undefined && !systems.includes(os)

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
  const reason = unfitFor(await context.gpu(), order).get(kindOf(offer))
  const cost = costOf(offer, order)
  if (reason !== undefined || !cost) {
    const why = reason ?? "names no price, and nothing is rented at an unknown one"
    const message = `${offerRef(offer)} ${why}. Nothing was sent.`
    throw new Unsupported({ message, retry: "permanent", provider: offer.provider, feature: "launch" })
  }
  mustBeWithin(offer, "for the job", cost.total, order.maxTotal)
  mustBeWithin(offer, "per hour", offer.price, order.workload.bid ? undefined : order.maxPerHour)
  return { offer, cost, rank: 1, penalty: 0 }
}

/** The offers that fit and can run the launch, the cheapest job first. */
export const bestCandidates = async (
  context: Context,
  order: Order,
  { maxPricePerHour: _, ...filter }: OfferFilter
): Promise<ReadonlyArray<Candidate>> => {
  const { out, signal } = context
  const { job, maxTotal, maxPerHour } = order
  const client = await context.gpu()
  const request = { ...filter, job, ...(maxTotal && { maxTotal }), ...(maxPerHour && { maxPerHour }) }
  const found = await out.during("comparing offers", () => client.compare(request, { signal }))
  const unfit = unfitFor(client, order)
  const runnable = found.candidates.filter(({ offer }) => !unfit.has(kindOf(offer)))
  const priced = runnable.flatMap(({ offer, ...more }) => {
    const cost = lacksSystem(offer, order) ? null : costOf(offer, order)
    return cost && (!maxTotal || compareAtPar(cost.total, maxTotal) <= 0) ? [{ ...more, offer, cost }] : []
  })
  if (!found.complete) tellProblems(out, found)
  const others = runnable.filter(({ offer }) => lacksSystem(offer, order)).flatMap(({ offer }) => offer.systems ?? [])
  const kinds = new Set(found.candidates.map(({ offer }) => kindOf(offer)))
  const lacking = Array.from(kinds).flatMap((kind) => {
    const reason = unfit.get(kind)
    return reason === undefined ? [] : [`${kind} ${reason}`]
  })
  const systems = `some have no ${order.workload.os}, but ${[...new Set(others)].map(plain).join(", ")}`
  const reasons = others.length > 0 ? [...lacking, systems] : lacking
  if (priced.length > 0) {
    for (const reason of reasons) out.note(`left out: ${reason}`)
    return priced
  }
  tellLeftOut(out, found.why)
  // What the clouds have that did not answer nobody knows: that is the error, and not what is wrong with the others.
  if (!found.complete) throw nothingFits(found, [noOfferText(filter.gpu).replace(/\.$/, ""), ...reasons].join("; "))
  if (reasons.length > 0) {
    const message = `No offer that fits can run this launch: ${reasons.join("; ")}. Nothing was sent.`
    throw new Unsupported({ message, retry: "permanent", feature: "launch" })
  }
  throw new NoCapacity({ message: `${noOfferText(filter.gpu)} Nothing was sent.`, retry: "temporary" })
}
