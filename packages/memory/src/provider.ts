import {
  attachMarker,
  defineProvider,
  type Kind,
  type LaunchSpec,
  Listing,
  launchOptions,
  splitMarker,
  type Timing
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { lifecycle } from "./lifecycle.ts"
import { toOffer } from "./market.ts"
import { longestName, operationsOn } from "./operations.ts"
import { describe, type Seen } from "./to-domain.ts"
import { carry, carryChange, isShown, make, pause, refusalOf, stateOf, type World } from "./world.ts"

const timing: Timing = {
  ...{ pollEvery: "5 seconds", bootWithin: "10 minutes", createWithin: "1 minute" },
  ...{ appearWithin: "30 seconds", terminateWithin: "2 minutes" }
}

/** Rents, unless the offer is gone or the money is not there. */
const rent = (world: World, { offer, name, bid, ...spec }: LaunchSpec, marker: string, now: number) => {
  const price = bid ?? offer.pricePerHour
  const given = world.offers.find(({ id }) => id === offer.id)
  const refusal = refusalOf(world, offer.id, price, now)
  if (refusal || !given || !price) return refusal
  const label = attachMarker(name, marker, longestName)
  return make(world, { name: label, offer: given, spec: { offer, name, ...spec }, price }, now)
}

/** One kind of machine on a cloud in memory. */
export const providerOf = <Name extends string, K extends Kind>(world: World, provider: Name, kind: K) => {
  const all = carry(world, "list", (now) => {
    const there = [...world.machines.values()].filter(isShown)
    const items = there.map((machine): Seen => ({ machine, at: now }))
    return new Listing({ items, complete: true, observedAt: DateTime.makeUnsafe(now), problems: [] })
  })
  const one = (id: string) =>
    carry(world, "read", (at): Seen | null => {
      const machine = world.machines.get(id)
      return machine && isShown(machine) ? { machine, at } : null
    })
  const end = (id: string) =>
    carryChange(world, "destroy", (now) => {
      const machine = world.machines.get(id)
      if (!machine || machine.endedAt !== null) return
      pause(machine, now)
      machine.endedAt = now
    })
  return defineProvider({
    ...{ provider, kind, launchOptions, requiredOptions: [], lifecycle, timing },
    offers: () =>
      carry(world, "offers", (now) => {
        const observedAt = DateTime.makeUnsafe(now)
        const items = world.offers.map((offer) => toOffer(offer, { provider, kind, observedAt }))
        return new Listing({ items, complete: true, observedAt, problems: [] })
      }),
    prepare: (spec: LaunchSpec<Name, K, (typeof launchOptions)[number]>) => Effect.succeed(spec as LaunchSpec),
    create: (spec, { marker }) =>
      Effect.map(
        carry(world, "create", (now) => rent(world, spec, marker, now), spec),
        (id) => id ?? ""
      ),
    find: (marker) =>
      Effect.map(all, (list) =>
        list.with(list.items.filter(({ machine }) => splitMarker(machine.name).marker === marker))
      ),
    read: one,
    readAll: () => all,
    describe,
    facts: ({ machine, at }: Seen) => ({ state: stateOf(machine, at) }),
    destroy: end,
    operations: operationsOn(world)
  })
}
