import { defineProvider, type Operations, type Timing } from "@anygpu/core"
import { type Caller, coalesce, listRows, type Account as WhoseKey } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { account } from "./account.ts"
import { endpoints } from "./endpoints.ts"
import { createOf, launchOptions, nameOf, type Prepared, requiredOptions } from "./from-domain.ts"
import { factsOf, fieldsOf, lifecycle } from "./lifecycle.ts"
import { offersOf } from "./offers.ts"
import { instanceOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/**
 * How long anything takes is not documented: an image of many GB is pulled within a boot, and how soon lists show a new pod
 * is unknown.
 */
const timing: Timing = {
  pollEvery: "5 seconds",
  bootWithin: "20 minutes",
  createWithin: "3 minutes",
  appearWithin: "1 minute",
  terminateWithin: "2 minutes"
}

/** The most pods that one page has. Source: Runpod API reference v2, listPods. */
const pageSize = 1000

/** Pods: containers on GPUs, and on CPUs alone. */
export const containers = (caller: Caller, me: WhoseKey) => {
  const { call } = caller
  const kind = "container" as const
  const at = (id: string) => ({ params: { id }, kind })
  const { keys, registry, removeSshKey, balance } = account(caller)

  const list = coalesce(
    listRows<wire.Pod>(caller, {
      ...{ cloud: "Runpod", operation: "listPods", part: "pods", kind, schema: wire.Pod, keyOf: ({ id }) => id },
      ask: (cursor) =>
        Effect.map(
          call(endpoints.listPods, { query: { limit: pageSize, ...(cursor !== undefined && { cursor }) }, kind }),
          ({ pods, pagination }) => ({
            rows: pods,
            next: pagination.hasNextPage ? (pagination.nextCursor ?? "") : null
          })
        )
    })
  )

  const act = (action: "start" | "stop" | "restart", id: string) =>
    Effect.asVoid(call(endpoints.podAction, { ...at(id), body: { action } }))

  const operations = {
    /** On its own host alone, where its GPUs may be taken by now: `NoCapacity`, and it stays stopped. */
    start: ({ id }) => act("start", id),
    /** Gives the GPUs back. A volume is kept, at twice its price; the container disk is erased. */
    stop: ({ id }) => act("stop", id),
    /** Begins the container again in its place: the container disk is erased, and TCP ports change. */
    restart: ({ id }) => act("restart", id),
    /** Of a stopped pod: that a new name resets a running one is not ruled out by any document. */
    rename: ({ id, described: { marker } }, name) =>
      Effect.asVoid(call(endpoints.updatePod, { ...at(id), body: { name: nameOf(name, marker) } })),
    sshKeys: () => keys,
    addSshKey: registry.add,
    removeSshKey,
    balance: () => balance
  } satisfies Partial<Operations<wire.Pod>>

  return defineProvider({
    provider: "runpod",
    kind,
    account: me,
    launchOptions,
    requiredOptions,
    lifecycle,
    timing,
    offers: (filter) => offersOf(caller, filter),
    check: createOf,
    prepare: (launch) => Effect.fromResult(createOf(launch)),
    create: (body: Prepared, { marker }) =>
      Effect.map(call(endpoints.createPod, { body: body(marker), kind }), ({ id }) => id),
    find: () => list,
    read: (id) => call(endpoints.getPod, at(id)).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    fieldsOf,
    describe: instanceOf,
    facts: factsOf,
    destroy: (id) => Effect.asVoid(call(endpoints.deletePod, at(id))),
    operations
  })
}
