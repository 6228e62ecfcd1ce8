import {
  type Estimate,
  estimate,
  type Instance,
  isGpuError,
  type Job,
  type Money,
  money,
  type Offer,
  scaleMoney,
  Unsupported
} from "anygpu"
import type { OperationContext } from "./context.ts"
import type { costInput } from "./cost.ts"
import type { InputOf } from "./input/field.ts"
import { jobOf } from "./input/job.ts"
import { findMachine } from "./machines/find-machine.ts"
import { findOffer } from "./machines/find-offer.ts"
import { isRef } from "./machines/parse-ref.ts"
import type { CostsJson } from "./protocol/answers/costs.ts"
import { costJson, jobJson, machineJson, moneyOrNull, offerJson, offerRef } from "./protocol/model.ts"

const hoursPerMonth = 730
const secondsPerHour = 3600

/** What a job costs on an offer. */
export interface OfferCost {
  readonly of: "offer"
  readonly offer: Offer
  readonly job: Job & { readonly duration: number }
  readonly cost: Estimate
}

/** What a machine costs. */
export interface MachineCost {
  readonly of: "machine"
  readonly machine: Instance
  /** What a month like now comes to; null where the cloud does not say what is paid now. */
  readonly perMonth: Money | null
  /** As if it had been billed at its price ever since; null where price or age are not known. */
  readonly soFar: Money | null
}

type Input = InputOf<typeof costInput>

const perMonthOf = ({ billing, pricePerHour: price }: Instance): Money | null => {
  if (billing === "none") return money(0, price?.currency)
  return billing === "compute" && price ? scaleMoney(price, hoursPerMonth) : null
}

const soFarOf = ({ createdAt, pricePerHour: price }: Instance, now: number): Money | null => {
  if (!createdAt || !price) return null
  const seconds = Math.max(0, Math.ceil((now - createdAt.epochMilliseconds) / 1000))
  return scaleMoney(price, seconds, secondsPerHour)
}

const ofOffer = async (context: OperationContext, text: string, input: Input): Promise<OfferCost> => {
  const job = jobOf(input)
  const offer = await findOffer(context, text, { minDiskMiB: job.storageMiB })
  const cost = estimate(offer, job)
  if (cost) return { of: "offer", offer, job, cost }
  const message = `${offerRef(offer)} has no price or no terms that a job could be computed from`
  throw new Unsupported({ message, retry: "permanent", provider: offer.provider, feature: "cost" })
}

/** The machine with that name; null when no machine has it: it may be an offer's. */
const machineNamed = async (context: OperationContext, name: Input["what"]): Promise<Instance | null> => {
  const { out, signal } = context
  const gpu = await context.gpu()
  try {
    const ref = await findMachine(context, name, { reads: true })
    return await out.during(`asking for ${ref}`, () => gpu.get(ref, { signal }))
  } catch (error) {
    if (isRef(String(name)) && isGpuError(error) && error._tag === "NotFound") return null
    throw error
  }
}

/** Reckons what a job costs on an offer, or what a machine has cost and will cost. */
export const run = async (context: OperationContext, input: Input): Promise<OfferCost | MachineCost> => {
  const { what, ...job } = input
  const text = String(what)
  const asksForJob = Object.values(job).some((value) => value !== undefined)
  const machine = isRef(text) && asksForJob ? null : await machineNamed(context, what)
  if (!machine) return await ofOffer(context, text, input)
  return { of: "machine", machine, perMonth: perMonthOf(machine), soFar: soFarOf(machine, context.now()) }
}

/** The costs in JSON. */
export const encode = (costs: OfferCost | MachineCost): CostsJson =>
  costs.of === "offer"
    ? { of: "offer", offer: offerJson(costs.offer), job: jobJson(costs.job), cost: costJson(costs.cost) }
    : {
        of: "machine",
        machine: machineJson(costs.machine),
        perMonth: moneyOrNull(costs.perMonth),
        soFar: moneyOrNull(costs.soFar)
      }
