import {
  computeCapabilityOf,
  decimalOf,
  type Estimate,
  type Instance,
  isReady,
  type Job,
  type Money,
  type Offer,
  type Problem,
  type SpentSum
} from "anygpu"
import type { EndedBy } from "anygpu/effect"
import { toMillis } from "effect/Duration"
import type { CostJson, JobJson } from "./cost.ts"
import { problemsJson } from "./errors.ts"
import type { LeasedMachineJson, MachineJson } from "./machine.ts"
import { momentJson } from "./moment.ts"
import type { OfferJson } from "./offer.ts"
import type { MoneyJson } from "./parts.ts"
import type { SpentSumJson } from "./spent-sum.ts"

/** An amount, exact. */
export const moneyJson = (money: Money): MoneyJson => ({ amount: decimalOf(money), currency: money.currency })

/** An amount, or null. */
export const moneyOrNull = (money: Money | null): MoneyJson | null => money && moneyJson(money)

/** A moment as ISO 8601 in UTC. */
export const timeJson = ({ epochMilliseconds }: { readonly epochMilliseconds: number }): string =>
  momentJson(epochMilliseconds)

/** How an offer is named on the command line. */
export const offerRef = ({ provider, kind, id }: Pick<Offer, "provider" | "kind" | "id">): string =>
  `${provider}/${kind}/${id}`

/** What an offer says of its host besides; null where nothing is known. */
const hostJson = ({ gpu, ...offer }: Offer) => ({
  ...{ supplier: offer.supplier ?? null, maxCuda: offer.maxCuda ?? null },
  computeCapability: offer.computeCapability ?? (gpu && computeCapabilityOf(gpu)),
  ...{ downloadMbps: offer.downloadMbps ?? null, uploadMbps: offer.uploadMbps ?? null },
  ...{ openPorts: offer.openPorts ?? null, datacenter: offer.datacenter ?? null }
})

/** An offer without the cloud's own row. */
export const offerJson = (offer: Offer): OfferJson => {
  const { provider, kind, id, gpu, vcpus, memoryMiB, diskMiB = null, storageMiB, location } = offer
  const { pricePerHour: price, minimumBid, availability, interruptible, reliability, host, observedAt } = offer
  return {
    ...{ ref: offerRef(offer), provider, kind, id, gpu, vcpus, memoryMiB },
    ...{ diskMiB, storageMiB, location },
    pricePerHour: moneyOrNull(price),
    minimumBid: moneyOrNull(minimumBid),
    ...{
      availability,
      interruptible,
      reliability,
      host: host ?? null,
      ...hostJson(offer),
      account: offer.account ?? null,
      observedAt: timeJson(observedAt)
    }
  }
}

/** What several clouds were asked for, and what of it is missing. */
export interface Gathered {
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
  readonly observedAt: { readonly epochMilliseconds: number }
}

/** What a listing has besides its rows, of answers that are gathered and not listed. */
export const gatheredJson = ({ complete, problems, observedAt }: Gathered) => ({
  complete,
  problems: problemsJson(problems),
  observedAt: timeJson(observedAt)
})

/** A machine without the cloud's own fields. */
export const machineJson = (machine: Instance): MachineJson => {
  const { ref, name, status, reason, billing, actions, gpu, vcpus, memoryMiB, storageMiB, location } = machine
  const {
    pricePerHour: price,
    interruptible,
    endpoints,
    createdAt,
    endsAt,
    marker,
    observedAt,
    keptName = null,
    notice = null
  } = machine
  return {
    ...{ ref: String(ref), provider: ref.provider, kind: ref.kind, id: ref.id, name, keptName, notice, status, reason },
    ...{
      said: machine.said,
      ready: isReady(machine),
      billing,
      actions: [...actions],
      gpu,
      vcpus,
      memoryMiB,
      storageMiB,
      location
    },
    ...{ pricePerHour: moneyOrNull(price), interruptible },
    ...{ ssh: [...endpoints.ssh], ports: [...endpoints.ports], urls: [...endpoints.urls] },
    ...{ createdAt: createdAt && timeJson(createdAt), endsAt: endsAt && timeJson(endsAt), marker },
    ...{ tags: { ...machine.tags }, owner: machine.owner ?? null, account: machine.account ?? null },
    observedAt: timeJson(observedAt)
  }
}

/** A machine in JSON, with when its lease ends, in epoch milliseconds, and what it has cost; null where nothing is known. */
export const leasedJson = (
  machine: Instance,
  until: number | null,
  endedBy: EndedBy,
  cost: SpentSum | null = null
): LeasedMachineJson => ({
  ...machineJson(machine),
  leaseUntil: until === null ? null : timeJson({ epochMilliseconds: until }),
  endedBy,
  cost: cost && spentSumJson(cost)
})

/** What a machine has cost, or several together. */
export const spentSumJson = ({ cost, paid, unobserved, unpriced }: SpentSum): SpentSumJson => ({
  cost: cost.map(moneyJson),
  paidSeconds: toMillis(paid) / 1000,
  unobservedSeconds: toMillis(unobserved) / 1000,
  unpricedSeconds: toMillis(unpriced) / 1000
})

/** What a job costs. */
export const costJson = ({ total, lines, upfront, refundable, perHour, exact, assumptions }: Estimate): CostJson => ({
  ...{ total: moneyJson(total), lines: lines.map((line) => ({ ...line, amount: moneyJson(line.amount) })) },
  ...{ upfront: moneyJson(upfront), refundable: moneyJson(refundable), perHour: moneyJson(perHour) },
  ...{ exact, assumptions: [...assumptions] }
})

/** The job that was asked about. */
export const jobJson = (job: Job & { readonly duration: number }): JobJson => ({
  seconds: job.duration / 1000,
  startAt: job.startAt instanceof Date ? job.startAt.toISOString() : null,
  storageMiB: job.storageMiB ?? null,
  egressGiB: job.egressGiB ?? null,
  ingressGiB: job.ingressGiB ?? null
})
