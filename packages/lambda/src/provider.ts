import { defineProvider, Listing, type Operations, type ResolvedFilter, type Timing } from "@anygpu/core"
import {
  type Caller,
  coalesce,
  listRows,
  mapRows,
  type Account as WhoseKey,
  wantsMachinesWithoutGpu
} from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { account } from "./account.ts"
import { endpoints } from "./endpoints.ts"
import { fileSystemsLeft, mountsOf, volumesOf } from "./file-systems.ts"
import { launchOf, launchOptions, nameOf, type Prepared, requiredOptions } from "./from-domain.ts"
import { commonImages, imageIn, imagesOf } from "./images.ts"
import { factsOf, fieldsOf, lifecycle } from "./lifecycle.ts"
import { partsOf } from "./offer-id.ts"
import { instanceOf, offersOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/**
 * No document says how long anything takes. Boots of 2 to 6 minutes were measured, and one of 14.
 *
 * - `createWithin` has room for several launches that wait for their turns, one in 12 seconds.
 */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "25 minutes",
  createWithin: "5 minutes",
  appearWithin: "1 minute",
  terminateWithin: "5 minutes"
}

/** What can be rented: each type in each region that has it. Machines without a GPU come only where they are asked for. */
const offers = (caller: Caller, filter: ResolvedFilter) => {
  const at = { operation: "listInstanceTypes", part: "types", kind: "vm" } as const
  return listRows<wire.TypeRow>(caller, {
    ...{ cloud: "Lambda", ...at, schema: wire.TypeRow, id: "instance_type.name" },
    keyOf: (row) => row.instance_type.name,
    ask: () => Effect.map(caller.call(endpoints.listInstanceTypes, { kind: "vm" }), (rows) => ({ rows }))
  }).pipe(
    Effect.map(({ items, observedAt, problems }) => {
      const source = {
        ...at,
        provider: "lambda",
        idField: "instance_type",
        idOf: (row: wire.TypeRow) => row.instance_type.name
      }
      const made = mapRows(items, source, (row) => offersOf(row, observedAt))
      const shown = made.items.filter(({ gpu }) => gpu !== null || wantsMachinesWithoutGpu(filter))
      return Listing.read({ items: shown, observedAt, problems: [...problems, ...made.problems] })
    })
  )
}

/** Machines with an operating system, on GPUs and without. */
export const vms = (caller: Caller, me: WhoseKey) => {
  const { call } = caller
  const kind = "vm" as const
  const at = (id: string) => ({ params: { id }, kind })
  const { keys, registry, nameOfKey, removeSshKey } = account(caller)

  const list = coalesce(
    listRows<wire.Instance>(caller, {
      ...{ cloud: "Lambda", operation: "listInstances", part: "machines", kind, schema: wire.Instance },
      keyOf: ({ id }) => id,
      ask: () => Effect.map(call(endpoints.listInstances, { kind }), (rows) => ({ rows }))
    })
  )

  const operations = {
    /** Begins the machine again: disk, address and meter stay. */
    restart: ({ id }) => Effect.asVoid(call(endpoints.restartInstance, { body: { instance_ids: [id] }, kind })),
    rename: ({ id, described: { marker } }, name) =>
      Effect.asVoid(call(endpoints.postInstance, { ...at(id), body: { name: nameOf(name, marker) } })),
    images: () => Effect.map(imagesOf(caller), commonImages),
    volumes: () => volumesOf(caller, list),
    sshKeys: () => keys,
    addSshKey: registry.add,
    removeSshKey
  } satisfies Partial<Operations<wire.Instance>>

  return defineProvider({
    provider: "lambda",
    kind,
    account: me,
    launchOptions,
    requiredOptions,
    lifecycle,
    timing,
    offers: (filter) => offers(caller, filter),
    check: launchOf,
    prepare: (spec) =>
      Effect.gen(function* () {
        const draft = yield* Effect.fromResult(launchOf(spec))
        const { region = "" } = partsOf(spec.offer.id)
        const image = spec.os === undefined ? null : yield* imageIn(caller, region, spec.os)
        const mounts = yield* mountsOf(caller, spec)
        return draft({ image, mounts, keyName: yield* nameOfKey(spec.sshKeys?.[0] ?? "") })
      }),
    create: (body: Prepared, { marker }) =>
      Effect.map(call(endpoints.launchInstance, { body: body(marker), kind }), ({ instance_ids: [id = ""] }) => id),
    find: () => list,
    read: (id) => call(endpoints.getInstance, at(id)).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    fieldsOf,
    describe: instanceOf,
    facts: factsOf,
    destroy: (id) => Effect.asVoid(call(endpoints.terminateInstance, { body: { instance_ids: [id] }, kind })),
    leftovers: () => fileSystemsLeft(caller),
    operations
  })
}
