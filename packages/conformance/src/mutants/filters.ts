import type { AnyProvider, OfferFilter } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { filterKinds } from "../suites/filter-kinds.ts"
import { type Mutant, mutant, type Overrides } from "./mutant.ts"

/** Asks for offers without one of the filters. */
const without = (provider: AnyProvider, name: keyof OfferFilter): Overrides => ({
  offers: ({ [name]: _, ...filter } = {}) => provider.offers(filter)
})

/** Providers that do not keep to a filter, one for each. */
export const filterMutants: ReadonlyArray<Mutant> = [
  ...filterKinds.map(({ name }) =>
    mutant(
      `passes over ${name}`,
      `offer filters: ${name} lets through what fits, and nothing that is not known`,
      "Lets through what does not fit, or what the cloud does not say: a machine is paid for that is of no use.",
      (provider) => without(provider, name)
    )
  ),
  mutant(
    "takes every machine for one in a data centre",
    "offer filters: only machines that the cloud says are in data centres are so",
    "Lets through machines of which nobody said where they stand.",
    (provider) => ({
      offers: ({ datacenter: _, ...filter } = {}) =>
        Effect.map(provider.offers(filter), (listing) =>
          listing.with(listing.items.map((offer) => ({ ...offer, datacenter: null })))
        )
    })
  ),
  mutant(
    "does not count what filters leave out",
    "offer filters: what a filter leaves out is counted, by its name",
    "Leaves offers out in silence: an empty market and a filter that is too narrow look alike.",
    (provider) => ({
      offers: (filter) => Effect.map(provider.offers(filter), (listing) => listing.with(listing.items, {}))
    })
  )
]
