import { breaks, type Field, isGiven, member, object, optionalItems, optionalText, text, whole } from "../form.ts"
import { parseDecimal } from "../money.ts"
import type { World } from "../world.ts"
import { type CpuOffer, cpuOffers, extraStorage, type Hardware, storagePrice } from "./offers.ts"

/** Traits that hardware must have; those that are named must be equal. */
type Traits = Readonly<Record<string, string>>

/** What a machine must be. Members left out constrain nothing. */
export interface Constraints {
  readonly slug: string | null
  readonly storage: ReadonlyArray<{ readonly type: string; readonly supply: number }>
  /** For each part any of these. */
  readonly hardware: Readonly<Record<keyof Hardware, readonly Traits[]>>
  readonly countries: readonly string[]
  /** Nano-USDC for a machine and an epoch. */
  readonly mostPrice: bigint | null
}

/** An offer that meets constraints, and what a machine costs an epoch with what was added to it. */
export interface Candidate {
  readonly offer: CpuOffer
  readonly price: bigint
  readonly left: number
}

/** An object that may be left out or null; its members then read as left out. */
const part = (field: Field, name: string): Field => {
  const found = member(field, name)
  return isGiven(found) ? object(found) : { ...found, value: {} }
}

const traitsIn = (hardware: Field, name: string): readonly Traits[] =>
  optionalItems(member(hardware, name)).map((item) => {
    const field = object(item)
    const traits: Array<readonly [string, string]> = []
    for (const trait of ["manufacturer", "architecture", "type", "generation"]) {
      const value = optionalText(member(field, trait))
      if (value !== null) traits.push([trait, value])
    }
    return Object.fromEntries(traits)
  })

const mostPriceIn = (field: Field): bigint | null => {
  const limit = optionalText(field)
  if (limit === null) return null
  const price = parseDecimal(limit)
  if (price === undefined) breaks(field, "Must be a decimal string")
  return price ?? null
}

/** Reads constraints: a body of POST /marketplace/offers, or a member of others. Source: Fluence docs, Get offerings. */
export const constraintsIn = (field: Field): Constraints => {
  const hardware = part(field, "hardware")
  return {
    slug: optionalText(member(field, "basicConfiguration")),
    storage: optionalItems(member(part(field, "additionalResources"), "storage")).map((item) => {
      const wanted = object(item)
      const units = member(wanted, "units")
      if (text(units) !== "GiB") breaks(units, "Must be GiB")
      return { type: text(member(wanted, "type")), supply: whole(member(wanted, "supply")) }
    }),
    hardware: {
      cpu: traitsIn(hardware, "cpu"),
      memory: traitsIn(hardware, "memory"),
      storage: traitsIn(hardware, "storage")
    },
    countries: optionalItems(member(part(field, "datacenter"), "countries")).map(text),
    mostPrice: mostPriceIn(member(field, "maxTotalPricePerEpochUsd"))
  }
}

/** Reads the `constraints` of a create or an estimate, which may be left out or null. */
export const constraintsOf = (body: Field): Constraints => constraintsIn(part(body, "constraints"))

const hasTraits = (traits: Traits, wanted: readonly Traits[]): boolean =>
  wanted.length === 0 || wanted.some((each) => Object.entries(each).every(([name, value]) => traits[name] === value))

const mostExtra = Math.min(extraStorage.supply, extraStorage.perVmLimit)

/** How many machines of an offer can still be had. */
const leftOf = ({ state }: World, { id, stock }: CpuOffer): number =>
  stock - state.cpus.filter(({ offerId, over }) => offerId === id && !over).length

const nanosOf = (decimal: string): bigint => parseDecimal(decimal) ?? 0n

/** GiB that constraints add to a configuration. */
export const extraOf = ({ storage }: Constraints): number => storage.reduce((sum, { supply }) => sum + supply, 0)

/** The offers that meet constraints and have something left, the cheapest first. One without anything left isn't shown: undocumented. */
export const candidatesFor = (world: World, wanted: Constraints): readonly Candidate[] => {
  const extra = extraOf(wanted)
  return cpuOffers
    .filter(({ id, slug, datacenter, hardware }) => {
      if (world.state.taken.includes(id) || (wanted.slug !== null && wanted.slug !== slug)) return false
      if (wanted.countries.length > 0 && !wanted.countries.includes(datacenter.countryCode)) return false
      if (extra > mostExtra || wanted.storage.some(({ type }) => type !== hardware.storage.type)) return false
      return (["cpu", "memory", "storage"] as const).every((name) => hasTraits(hardware[name], wanted.hardware[name]))
    })
    .map((offer) => ({
      offer,
      price: nanosOf(offer.price) + nanosOf(storagePrice) * BigInt(extra),
      left: leftOf(world, offer)
    }))
    .filter(({ price, left }) => left > 0 && (wanted.mostPrice === null || price <= wanted.mostPrice))
    .sort((a, b) => (a.price < b.price ? -1 : a.price > b.price ? 1 : 0))
}

/**
 * Chooses offers for so many machines, or says in the documented words why it can't. Source: Fluence docs, Order VM.
 *
 * - The smallest configuration when none is named, the cheapest offer first, so the last is the dearest. Source: Fluence docs, Order VM, constraints.
 */
export const choose = (world: World, wanted: Constraints, instances: number): readonly Candidate[] | string => {
  const all = candidatesFor(world, wanted)
  const smallest = Math.min(...all.map(({ offer }) => offer.vcpu))
  const fitting = wanted.slug === null ? all.filter(({ offer }) => offer.vcpu === smallest) : all
  const chosen = fitting.flatMap((candidate) => Array.from({ length: candidate.left }, () => candidate))
  if (chosen.length === 0) return "No suitable offer found"
  return chosen.length < instances ? "Not enough offers found" : chosen.slice(0, instances)
}
