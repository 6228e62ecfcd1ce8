import type { Unread } from "../adapter/unread.ts"
import { isPort } from "./endpoints.ts"
import type { InstanceFacts } from "./instance.ts"
import type { Money } from "./money.ts"
import type { Offer } from "./offer.ts"

/*
 * What a value of the model can hold at all. One place for all clouds: whatever an adapter makes of an answer passes here.
 */

/** The last moment of the year 9999: what is later is no time in seconds, or none that a date can hold. */
export const latestMillis = 253_402_300_799_999

/** Whether an amount is one: exact micros of zero or more. */
const isMoney = ({ micros }: Money): boolean => Number.isSafeInteger(micros) && micros >= 0

/** Whether a size or a number of things is one: zero or more, and finite. */
const isAmount = (value: unknown): value is number => typeof value === "number" && value >= 0 && value < 1e15

const isMoment = ({ epochMilliseconds }: { readonly epochMilliseconds: number }): boolean =>
  epochMilliseconds >= 0 && epochMilliseconds <= latestMillis

const isText = (value: unknown): value is string => typeof value === "string"

const isGpu = ({ model, count, vramMiB }: NonNullable<InstanceFacts["gpu"]>): boolean =>
  isText(model) && Number.isSafeInteger(count) && count > 0 && (vramMiB === null || isAmount(vramMiB))

const isPlace = ({ country, region, native }: InstanceFacts["location"]): boolean =>
  [country, region, native].every((one) => one === null || isText(one))

type Checks<Model> = { readonly [Name in keyof Model]?: (value: NonNullable<Model[Name]>) => boolean }

const common = {
  gpu: isGpu,
  vcpus: isAmount,
  memoryMiB: isAmount,
  storageMiB: isAmount,
  pricePerHour: isMoney
} satisfies Checks<InstanceFacts>

const ofMachines: Checks<InstanceFacts> = {
  ...common,
  name: isText,
  marker: isText,
  createdAt: isMoment,
  endsAt: isMoment,
  endsWhenSpent: isMoney,
  said: isText
}

const isTerms = ({ compute, storage, traffic }: NonNullable<Offer["terms"]>): boolean =>
  isMoney(compute.perHour) &&
  (compute.perStep === undefined || isMoney(compute.perStep)) &&
  (storage === null || isMoney(storage.perUnitMonth)) &&
  (traffic === null || traffic === "unknown" || (isMoney(traffic.outPerGiB) && isMoney(traffic.inPerGiB)))

const ofOffers: Checks<Offer> = {
  ...common,
  minimumBid: isMoney,
  terms: isTerms,
  downloadMbps: isAmount,
  uploadMbps: isAmount,
  openPorts: isAmount,
  reliability: (share) => share >= 0 && share <= 1
}

const found = "it is out of bounds"

const checked = <Model extends object>(model: Model, checks: Checks<Model>): ReadonlyArray<Unread> => {
  let unread: Unread[] | undefined
  for (const name in checks) {
    const value = model[name as keyof Model]
    if (value === null || value === undefined) continue
    if (checks[name as keyof Model]?.(value as NonNullable<Model[keyof Model]>) !== true) {
      unread ??= []
      unread.push({ field: name, found })
    }
  }
  return unread ?? []
}

const without = <Model extends object>(model: Model, unread: ReadonlyArray<Unread>): Model => ({
  ...model,
  ...Object.fromEntries(unread.map(({ field }) => [field, null]))
})

const nowhere: InstanceFacts["location"] = { country: null, region: null, native: null }

/** A model value of which every field is within its bounds, and what had to become null for that. */
export interface Sound<Model> {
  readonly model: Model
  readonly unread: ReadonlyArray<Unread>
}

/** An offer within bounds; the very same one where it is. */
export const soundOffer = <O extends Offer>(offer: O): Sound<O> => {
  const unread = checked<Offer>(offer, ofOffers)
  return unread.length === 0 ? { model: offer, unread } : { model: without(offer, unread), unread }
}

/** The facts of a machine within bounds; impossible ports are left out. */
export const soundFacts = (facts: InstanceFacts): Sound<InstanceFacts> => {
  const { ssh, ports } = facts.endpoints
  const fine = {
    ssh: ssh.filter(({ host, port, user }) => isPort(port) && isText(host) && isText(user)),
    ports: ports.filter(({ host, port, externalPort }) => isPort(port) && isPort(externalPort) && isText(host))
  }
  const isReachedAs = fine.ssh.length === ssh.length && fine.ports.length === ports.length
  const isThere = isPlace(facts.location)
  const unread = [
    ...checked(facts, ofMachines),
    ...(isReachedAs ? [] : [{ field: "endpoints", found }]),
    ...(isThere ? [] : [{ field: "location", found }])
  ]
  if (unread.length === 0) return { model: facts, unread }
  const model = without(facts, unread)
  const endpoints = isReachedAs ? facts.endpoints : { ...facts.endpoints, ...fine }
  return { model: { ...model, endpoints, location: isThere ? facts.location : nowhere }, unread }
}
