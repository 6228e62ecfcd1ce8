import { defineProvider, type Operations, type Timing } from "@anygpu/core"
import { type Caller, coalesce, listRows, volumesLeft, type Account as WhoseKey } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { account } from "./account.ts"
import { endpoints } from "./endpoints.ts"
import { createOf, type Launch, launchOptions, nameOf, type Prepared, requiredOptions } from "./from-domain.ts"
import { factsOf, fieldsOf, lifecycle } from "./lifecycle.ts"
import { logsOf } from "./logs.ts"
import { offersOf } from "./offers.ts"
import { registryId } from "./registry.ts"
import { instanceOf } from "./to-domain.ts"
import { changeOf, podUpdates } from "./update.ts"
import { leftoverWords, volumesOf } from "./volumes.ts"
import * as wire from "./wire.ts"

/**
 * How long anything takes is not documented: an image of many GB is pulled within a boot, and how soon lists show a new pod
 * is unknown.
 */
const timing: Timing = {
  pollEvery: "5 seconds",
  bootWithin: "20 minutes",
  createWithin: "5 minutes",
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

  /** A login to a registry is on the account before the pod is made. */
  const prepare = Effect.fnUntraced(function* (launch: Launch) {
    const body = yield* Effect.fromResult(createOf(launch))
    if (!launch.registry) return body
    const registry = yield* registryId(caller, me, launch.registry)
    const prepared: Prepared = (marker) => ({ ...body(marker), registry })
    return prepared
  })

  const update: Operations<wire.Pod>["update"] = Effect.fnUntraced(function* (target, changes) {
    const body = yield* Effect.fromResult(changeOf(target, changes))
    const { registry: login } = changes
    const registry = login ? yield* registryId(caller, me, login) : login
    yield* call(endpoints.updatePod, {
      ...at(target.id),
      body: { ...body, ...(registry !== undefined && { registry }) }
    })
  })

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
    /** Of a stopped pod alone, as above. */
    update,
    logs: ({ id }, options) => logsOf(caller, id, options),
    sshKeys: () => keys,
    addSshKey: registry.add,
    removeSshKey,
    balance: () => balance,
    volumes: () => volumesOf(caller, list)
  } satisfies Partial<Operations<wire.Pod>>

  return defineProvider({
    provider: "runpod",
    kind,
    account: me,
    launchOptions,
    requiredOptions,
    updateOptions: podUpdates,
    lifecycle,
    timing,
    offers: (filter) => offersOf(caller, filter),
    check: createOf,
    prepare,
    create: (body: Prepared, { marker }) =>
      Effect.map(call(endpoints.createPod, { body: body(marker), kind }), ({ id }) => id),
    find: () => list,
    read: (id) => call(endpoints.getPod, at(id)).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    fieldsOf,
    describe: instanceOf,
    facts: factsOf,
    leftovers: () => volumesLeft(volumesOf(caller, list), leftoverWords),
    destroy: (id) => Effect.asVoid(call(endpoints.deletePod, at(id))),
    operations
  })
}
