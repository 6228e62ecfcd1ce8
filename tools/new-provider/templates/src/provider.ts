import { attachMarker, defineProvider, Listing, type Timing } from "@anygpu/core"
import { type Account, type Caller, coalesce, listRows, mapRows } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { type Launch, launchOptions, longestName, rentBody, requiredOptions } from "./from-domain.ts"
import { factsOf, lifecycle } from "./lifecycle.ts"
import { instanceOf, offerOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/** As the cloud documents it; where it is silent, with room to spare. */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "15 minutes",
  createWithin: "3 minutes",
  appearWithin: "1 minute",
  terminateWithin: "5 minutes"
}

/** The cloud's machines of this kind. */
export const vms = (caller: Caller, account: Account) => {
  const { call } = caller

  const list = coalesce(
    listRows<wire.Machine>(caller, {
      ...{ cloud: "NewCloud", operation: "list", part: "machines", schema: wire.Machine, keyOf: ({ id }) => id },
      ask: () => call(endpoints.list)
    })
  )
  const market = listRows<wire.Offer>(caller, {
    ...{ cloud: "NewCloud", operation: "offers", part: "offers", schema: wire.Offer, keyOf: ({ id }) => id },
    ask: () => call(endpoints.offers)
  })
  const source = { provider: "newcloud", kind: "vm", operation: "offers", part: "offers", idField: "id" } as const

  return defineProvider({
    provider: "newcloud",
    kind: "vm",
    account,
    launchOptions,
    requiredOptions,
    lifecycle,
    timing,
    offers: () =>
      Effect.map(market, ({ items: rows, observedAt, problems }) => {
        const made = mapRows(rows, { ...source, idOf: ({ id }) => id }, (row) => [offerOf(row, observedAt)])
        return Listing.read({ items: made.items, observedAt, problems: [...problems, ...made.problems] })
      }),
    prepare: (launch: Launch) => Effect.succeed(launch),
    create: (launch, { marker }) =>
      Effect.suspend(() =>
        call(endpoints.rent, { body: rentBody(launch, attachMarker(launch.name, marker, longestName)) })
      ).pipe(Effect.map(({ id }) => id)),
    find: (marker) =>
      list.pipe(Effect.map((all) => all.with(all.items.filter((row) => instanceOf(row).marker === marker)))),
    read: (id) =>
      call(endpoints.show, { params: { id } }).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    describe: instanceOf,
    facts: factsOf,
    destroy: (id) => call(endpoints.end, { params: { id } }).pipe(Effect.asVoid),
    operations: {}
  })
}
