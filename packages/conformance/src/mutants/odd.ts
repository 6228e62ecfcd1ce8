import { type AnyProvider, CurrentLedger, type Instance, type Ledger, Listing } from "@anygpu/core"
import * as Effect from "effect/Effect"
import { type Mutant, mutant } from "./mutant.ts"

const isOdd = ({ problems }: Instance): boolean => problems !== undefined

/** The list as somebody makes it who takes a row of which a field is odd for none. */
const without = (provider: AnyProvider) =>
  Effect.map(provider.list(), (listing) => listing.with(listing.items.filter((machine) => !isOdd(machine))))

/** Providers that let one odd value cost more than itself. */
export const oddMutants: ReadonlyArray<Mutant> = [
  mutant(
    "drops odd rows",
    "odd: a machine is on the list, whatever one field of it is, and the others stay",
    "Leaves out a machine of which one field cannot be read: it costs on, unseen.",
    (provider) => ({ list: () => without(provider) })
  ),
  mutant(
    "dies of an odd row",
    "odd: a machine is on the list, whatever one field of it is, and the others stay",
    "Throws while it maps a row: one odd value of any machine hides all of them.",
    (provider) => ({
      list: () =>
        Effect.tap(provider.list(), ({ items }) => (items.some(isOdd) ? Effect.die(new Error("odd")) : Effect.void))
    })
  ),
  mutant(
    "takes an odd row for a hole",
    "odd: a machine is on the list, whatever one field of it is, and the others stay",
    "Says that a list is not whole when every machine is on it: no end is ever verified beside an odd machine.",
    (provider) => ({
      list: () =>
        Effect.map(provider.list(), (listing) =>
          listing.items.some(isOdd) ? new Listing({ ...listing, complete: false }) : listing
        )
    })
  ),
  mutant(
    "makes up what it cannot read",
    "odd: a read shows a machine, whatever one field of it is",
    "Shows a machine as terminated when its status cannot be read.",
    (provider) => ({
      get: (ref) =>
        Effect.map(provider.get(ref), (machine) =>
          machine.status === "unknown" && isOdd(machine) ? { ...machine, status: "terminated" } : machine
        )
    })
  ),
  mutant(
    "keeps silent about what it cannot read",
    "odd: a read shows a machine, whatever one field of it is",
    "Shows a price, a size or a name that cannot be read as one that the cloud does not give.",
    (provider) => ({ get: (ref) => Effect.map(provider.get(ref), ({ problems: _, ...machine }) => machine) })
  ),
  mutant(
    "drops odd offers",
    "odd: an offer is there, whatever one field of it is, and the others stay",
    "Shows no offers at all when one of them is odd.",
    (provider) => ({
      offers: (filter) =>
        Effect.map(provider.offers(filter), (listing) => (listing.problems.length > 0 ? listing.with([]) : listing))
    })
  ),
  mutant(
    "takes a name that it cannot read for another one",
    "odd: a machine whose name cannot be read may be that of a lost launch: none is said to be absent",
    "Says that no machine came of a lost launch, although one may be its: it is rented a second time.",
    (provider) => ({
      launch: (spec) =>
        Effect.flatMap(CurrentLedger, (ledger) => {
          const settleLaunch: Ledger["settleLaunch"] = (marker, outcome) =>
            ledger.settleLaunch(marker, outcome.state === "unsettled" ? { ...outcome, state: "absent" } : outcome)
          return Effect.provideService(provider.launch(spec), CurrentLedger, { ...ledger, settleLaunch })
        })
    })
  ),
  mutant(
    "drops a machine for a value",
    "odd: a machine is on the list, whatever JSON value any field of it is",
    "Leaves out a machine for a value that nobody thought of.",
    (provider) => ({ list: () => without(provider) })
  ),
  mutant(
    "keeps silent about a value",
    "odd: a read shows a machine, whatever JSON value any field of it is",
    "Shows the meaning of a text of unknown form as something that the cloud does not give.",
    (provider) => ({ get: (ref) => Effect.map(provider.get(ref), ({ problems: _, ...machine }) => machine) })
  ),
  mutant(
    "drops offers for a value",
    "odd: offers are read, whatever JSON value any field of one of them is",
    "Shows no offers at all for a value of one of them that nobody thought of.",
    (provider) => ({
      offers: (filter) =>
        Effect.map(provider.offers(filter), (listing) => (listing.problems.length > 0 ? listing.with([]) : listing))
    })
  )
]
