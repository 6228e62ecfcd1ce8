import { defineProvider, InvalidRequest, type Listing, type Operations, type Timing } from "@anygpu/core"
import { type Caller, coalesce, listRows, volumesLeft, type Account as WhoseKey } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { account } from "./account.ts"
import { catalogue } from "./catalogue.ts"
import { endpoints } from "./endpoints.ts"
import {
  autoDeleteOf,
  createOf,
  type Launch,
  launchOptions,
  nameOf,
  type Prepared,
  requiredOptions,
  spentIssues
} from "./from-domain.ts"
import { factsOf, fieldsOf, lifecycle } from "./lifecycle.ts"
import { instanceOf, type ShadeformKind, taggedKind } from "./to-domain.ts"
import { checkVolumes, leftoverWords, volumesOf } from "./volumes.ts"
import * as wire from "./wire.ts"

/**
 * Four to ten minutes are typical, and some of the clouds behind take longer; a deleted machine may stay in the list, with its
 * old word, for two minutes. How soon a new one shows is not documented.
 */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "30 minutes",
  createWithin: "5 minutes",
  appearWithin: "2 minutes",
  terminateWithin: "5 minutes"
}

/** What all kinds of machine of one account share. */
export const sharedBy = (caller: Caller, me: WhoseKey) => {
  const types = catalogue(caller)
  return {
    ...{ caller, me, types },
    ...account(caller),
    /** Every machine, of all kinds. */
    list: coalesce(
      listRows<wire.Instance>(caller, {
        ...{ cloud: "Shadeform", operation: "listInstances", part: "machines", field: "instances" },
        ...{ schema: wire.Instance, keyOf: ({ id }) => id },
        ask: () => Effect.map(caller.call(endpoints.listInstances), ({ instances: rows }) => ({ rows }))
      })
    )
  }
}

/**
 * Adds to the machines of a list when each ends by itself, which reads say and lists leave out: asked of those alone that a launch from here
 * made.
 */
const endsBeside =
  ({ call }: Caller, kind: ShadeformKind) =>
  (machines: Listing<wire.Instance>, by: "read" | "list"): Effect.Effect<Listing<wire.Instance>> => {
    if (by === "read") return Effect.succeed(machines)
    const ended = (row: wire.Instance) =>
      row.status === "deleting" || taggedKind(row) === null
        ? Effect.succeed(row)
        : call(endpoints.getInstance, { params: { id: row.id }, kind }).pipe(
            Effect.map(({ auto_delete }) => ({ ...row, auto_delete })),
            // Until it can be asked, nothing is said of its end.
            Effect.orElseSucceed(() => row)
          )
    return Effect.map(Effect.forEach(machines.items, ended, { concurrency: 4 }), (items) => machines.with(items))
  }

/** The machines of one kind. */
export const machines = <K extends ShadeformKind>(shared: ReturnType<typeof sharedBy>, kind: K) => {
  const { caller, me, types, list, keys, registry, removeSshKey } = shared
  const { call } = caller
  const { kindOf, offersOf, systems } = types
  const at = (id: string) => ({ params: { id }, kind })

  const operations = {
    /** Reboots it: that it was taken is answered, and not whether it has come up again. */
    restart: ({ id }) => Effect.asVoid(call(endpoints.restartInstance, at(id))),
    rename: ({ id, described: { marker } }, name) =>
      Effect.asVoid(call(endpoints.updateInstance, { ...at(id), body: { name: nameOf(name, marker) } })),
    /** Its own switch, `auto_delete`. What Shadeform recorded, a read shows; lists do not. */
    scheduleEnd: ({ id }, end) => {
      const issues = end === null ? [] : spentIssues(end)
      if (issues.length > 0) return Effect.fail(InvalidRequest.all(issues))
      const body = { auto_delete: end && autoDeleteOf(end) }
      return Effect.asVoid(call(endpoints.updateInstance, { ...at(id), body }))
    },
    sshKeys: () => keys,
    addSshKey: registry.add,
    removeSshKey,
    images: () => systems,
    volumes: () => volumesOf(caller)
  } satisfies Partial<Operations<wire.Instance>>

  return defineProvider({
    provider: "shadeform",
    kind,
    account: me,
    launchOptions,
    requiredOptions,
    lifecycle,
    timing,
    listKnowsLess: true,
    offers: (filter) => offersOf(kind, filter),
    check: (launch: Launch<K>) => createOf(launch),
    prepare: Effect.fnUntraced(function* (launch: Launch<K>) {
      const create = yield* Effect.fromResult(createOf(launch))
      yield* checkVolumes(caller, launch)
      const [keyId = ""] = yield* registry.idsOf(launch.sshKeys)
      return create(keyId)
    }),
    create: (body: ReturnType<Prepared>, identity) =>
      Effect.map(call(endpoints.createInstance, { body: body(identity), kind }), ({ id }) => id),
    find: () => list,
    read: (id) => call(endpoints.getInstance, at(id)).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    learnKinds: types.learn,
    besides: endsBeside(caller, kind),
    kindUnlessTold: "vm",
    kindOf,
    fieldsOf,
    describe: instanceOf,
    facts: factsOf,
    leftovers: () => volumesLeft(volumesOf(caller), leftoverWords),
    destroy: (id) => Effect.asVoid(call(endpoints.deleteInstance, at(id))),
    operations
  })
}
