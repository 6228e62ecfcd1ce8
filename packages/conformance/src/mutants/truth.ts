import { type AnyProvider, Listing, NotFound, noEndpoints, optionalOps } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { type Mutant, mutant, type Overrides, patch, seeing } from "./mutant.ts"

const nothing = Effect.map(
  DateTime.now,
  (observedAt) => new Listing<never>({ items: [], complete: true, observedAt, problems: [] })
)

/** A provider that succeeds at everything and does nothing. */
const idle = (provider: AnyProvider): Overrides => ({
  offers: () => nothing,
  list: () => nothing,
  launch: () => Effect.never,
  terminate: (ref) => Effect.map(DateTime.now, (observedAt) => ({ ref, alreadyGone: true, leftovers: [], observedAt })),
  recover: () => Effect.succeed({ adopted: [], absent: [], unsettled: [], late: [] }),
  capabilities: provider.capabilities
})

/** Providers that say something else than what is so. */
export const truthMutants: ReadonlyArray<Mutant> = [
  mutant("does nothing", "offers: there are some, each in common terms", "Everything is empty and successful.", idle),
  mutant(
    "get that invents NotFound",
    "get: a cloud that fails is an error, never a missing machine",
    "Takes a 500 for a missing machine: it is forgotten, and costs on.",
    (provider) => ({
      get: (ref) =>
        provider
          .get(ref)
          .pipe(
            Effect.catchTag("ProviderFault", ({ message, provider: by, kind, operation }) =>
              Effect.fail(new NotFound({ message, retry: "permanent", provider: by, kind, operation }))
            )
          )
    })
  ),
  mutant(
    "gone is an error",
    "get: a machine that we ended is terminated",
    "Fails where a machine has ended, as if that were not normal.",
    (provider) => ({
      get: (ref) =>
        provider.get(ref).pipe(
          Effect.filterOrFail(
            ({ status }) => status !== "terminated",
            () => new NotFound({ message: `${ref} does not exist`, retry: "permanent", ref, operation: "get" })
          )
        )
    })
  ),
  mutant(
    "forgets when it was made",
    "get: a machine that we launched says since when it is there, also on the list",
    "Gives no time where the cloud gives none, though the ledger has it: nobody knows what a machine has cost.",
    (provider) => seeing(provider, (instance) => ({ ...instance, createdAt: null }))
  ),
  mutant(
    "no end without a read",
    "terminate: a machine that cannot be read is ended all the same",
    "Reads a machine before it asks for its end: while reads fail, it costs on.",
    (provider) => ({ terminate: (ref, options) => Effect.andThen(provider.get(ref), provider.terminate(ref, options)) })
  ),
  mutant(
    "list that swallows a page",
    "list: a page that is missing is said, and is not the end of the list",
    "Says that a list is complete when a page could not be read.",
    (provider) => ({
      list: () =>
        provider.list().pipe(
          Effect.map(({ items, observedAt }) => new Listing({ items, complete: true, observedAt, problems: [] })),
          Effect.catch(() => nothing)
        )
    })
  ),
  mutant(
    "list that is empty when it fails",
    "list: what cannot be read is never an empty list (readsFail)",
    "Answers no machines when the cloud fails: everything is launched again.",
    (provider) => ({ list: () => Effect.catch(provider.list(), () => nothing) })
  ),
  mutant(
    "list that drops unknown statuses",
    "list: a machine of unknown status is on it",
    "Hides machines in a status that it does not know.",
    (provider) => ({
      list: () =>
        Effect.map(provider.list(), (listing) =>
          listing.with(listing.items.filter(({ status }) => status !== "unknown"))
        )
    })
  ),
  mutant(
    "list of the first page",
    "list: all pages are read",
    "Shows the first machines only, and says that these are all.",
    (provider) => ({
      list: () => Effect.map(provider.list(), (listing) => listing.with(listing.items.slice(0, 3)))
    })
  ),
  mutant(
    "throws on an unknown status",
    "lifecycle: a status that nobody documented is unknown, never thrown, and can be ended",
    "Dies of a word that the cloud did not use before.",
    (provider) => ({
      get: (ref) =>
        Effect.flatMap(provider.get(ref), (instance) =>
          instance.status === "unknown" ? Effect.die(new Error("unexpected status")) : Effect.succeed(instance)
        )
    })
  ),
  mutant(
    "unknown is running",
    "lifecycle: a status that nobody documented is unknown, never thrown, and can be ended",
    "Guesses that a machine runs when the cloud says something new.",
    (provider) =>
      seeing(provider, (instance) =>
        instance.status === "unknown" ? { ...instance, status: "running", billing: "compute" } : instance
      )
  ),
  mutant(
    "running is free",
    "lifecycle: a machine becomes ready, with a way in",
    "Says that a running machine costs nothing.",
    (provider) =>
      seeing(provider, (instance) => (instance.status === "running" ? { ...instance, billing: "none" } : instance))
  ),
  mutant(
    "running without a way in",
    "lifecycle: a machine becomes ready, with a way in",
    "Never shows how to reach the machine.",
    (provider) => seeing(provider, (instance) => ({ ...instance, endpoints: noEndpoints }))
  ),
  mutant(
    "forgets the marker",
    "launch: the machine carries the marker, and the name that was given",
    "Loses what a lost launch is found by.",
    (provider) => seeing(provider, (instance) => ({ ...instance, marker: null }))
  ),
  mutant(
    "cuts names in silence",
    "launch: a name of which the cloud keeps less is answered whole",
    "Answers the first letters of a name, as if the user had written no more.",
    (provider) => seeing(provider, (instance) => ({ ...instance, name: instance.name?.slice(0, 12) ?? null }))
  ),
  mutant(
    "offers that ignore the filter",
    "offers: every filter is applied",
    "Offers what was not asked for.",
    (provider) => ({ offers: () => provider.offers() })
  ),
  mutant(
    "offers that ignore a wrong filter",
    "offers: a wrong filter is InvalidRequest and sends nothing",
    "Answers nothing for a wrong filter, as if there were no such offers.",
    (provider) => ({ offers: (filter) => Effect.catchTag(provider.offers(filter), "InvalidRequest", () => nothing) })
  ),
  mutant(
    "offers of any GPU for an unknown one",
    "offers: a GPU that nobody knows is asked for by just that name",
    "Takes a name that it does not know as no wish at all.",
    (provider) => ({
      offers: (filter) => {
        const { gpu, ...rest } = filter ?? {}
        return provider.offers(gpu === "Imaginary 9999" ? rest : filter)
      }
    })
  ),
  mutant(
    "free offers",
    "offers: a price is an amount above zero, or null",
    "Shows a price that it does not know as zero: it is the cheapest.",
    (provider) => ({
      offers: (filter) =>
        Effect.map(provider.offers(filter), (listing) =>
          listing.with(
            listing.items.map((offer) => ({
              ...offer,
              pricePerHour: offer.pricePerHour && { ...offer.pricePerHour, micros: 0 },
              terms: null
            }))
          )
        )
    })
  ),
  mutant(
    "offers in any order",
    "offers: cheapest first, unknown prices last",
    "The first offer is the dearest.",
    (provider) => ({
      offers: (filter) => Effect.map(provider.offers(filter), (listing) => listing.with(listing.items.toReversed()))
    })
  ),
  {
    ...mutant(
      "native GPU names",
      "offers: there are some, each in common terms",
      "Names GPUs as the cloud does: a filter by name misses them.",
      (provider) => ({
        offers: (filter) =>
          Effect.map(provider.offers(filter), (listing) =>
            listing.with(
              listing.items.map((offer) => ({
                ...offer,
                gpu: offer.gpu && { ...offer.gpu, model: offer.gpu.model.replaceAll(" ", "_") }
              }))
            )
          )
      })
    ),
    notFor: "cpu-vm"
  },
  mutant(
    "offers that hide a bad row",
    "offers: a row that cannot be read whole is a problem, and the others stay",
    "Drops a row that it cannot read, and says nothing.",
    (provider) => ({
      offers: (filter) =>
        Effect.map(
          provider.offers(filter),
          ({ items, observedAt }) => new Listing({ items, complete: true, observedAt, problems: [] })
        )
    })
  ),
  {
    name: "claims what it lacks",
    kills: "capabilities: every declared operation is a method",
    description: "Declares an operation that is no method.",
    mutate: (provider) => {
      const [op = "images"] = optionalOps.filter((candidate) => !provider.capabilities.has(candidate))
      return patch(provider, { capabilities: new Set([...provider.capabilities, op]), [op]: undefined })
    }
  },
  {
    name: "absent operation as a no-op",
    kills: "capabilities: an operation that is not declared does not exist",
    description: "Has a method for what the cloud cannot do, which succeeds and does nothing.",
    mutate: (provider) => {
      const [op] = optionalOps.filter((candidate) => !provider.capabilities.has(candidate))
      // A provider that has everything keeps one of its methods, and declares it no longer.
      const hidden = op ?? "images"
      const capabilities = new Set([...provider.capabilities].filter((other) => other !== hidden))
      return patch(provider, { capabilities, [hidden]: () => Effect.void })
    }
  }
]
