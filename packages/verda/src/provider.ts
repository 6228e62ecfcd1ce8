import { defineProvider, type GpuError, type Listing, type Operations, type Timing } from "@anygpu/core"
import {
  type Caller,
  coalesce,
  imageNamed,
  listRows,
  noImageNamed,
  type Account as WhoseKey
} from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { account } from "./account.ts"
import { endpoints } from "./endpoints.ts"
import { createOf, type Launch, launchOptions, requiredOptions } from "./from-domain.ts"
import { endOf, linesOf } from "./journal.ts"
import { factsOf, fieldsOf, lifecycle } from "./lifecycle.ts"
import { isDiskOf, type Machine } from "./machine.ts"
import { partsOf } from "./offer-id.ts"
import { offersOf } from "./offers.ts"
import { instanceOf } from "./to-domain.ts"
import { deleteMade, doomedDisks, volumeOf, volumesLeft, volumesOf } from "./volumes.ts"
import * as wire from "./wire.ts"

/**
 * How long anything takes is not documented: clients wait five to sixteen minutes for a boot, and look for a create whose
 * answer was lost for ten.
 */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "16 minutes",
  createWithin: "5 minutes",
  appearWithin: "2 minutes",
  terminateWithin: "5 minutes"
}

/** The images of Verda, of one type of machine where it is named. */
const imagesOf = (caller: Caller, type?: string) =>
  listRows<wire.Image>(caller, {
    ...{
      cloud: "Verda",
      operation: "listImages",
      part: "images",
      kind: "vm",
      schema: wire.Image,
      keyOf: ({ id }) => id
    },
    ask: () =>
      Effect.map(
        caller.call(endpoints.listImages, { query: type === undefined ? {} : { instance_type: type }, kind: "vm" }),
        (rows) => ({ rows })
      )
  }).pipe(
    Effect.map((all) =>
      all.with(
        all.items
          .filter(({ is_cluster }) => is_cluster !== true)
          .map((row) => ({ id: row.image_type || row.id, name: row.name || row.image_type || row.id, native: row }))
      )
    )
  )

/**
 * The image to ask for. A word such as `ubuntu-24.04` and an id, of a kept OS volume too, are sent as they are; what has a
 * space or a capital in it is a name, and looked up among the images of the type.
 */
const imageFor = Effect.fnUntraced(function* (caller: Caller, { os = "", offer }: Launch) {
  if (!/[\sA-Z]/.test(os.trim()) || wire.isUuid(os)) return os.trim()
  const { items } = yield* imagesOf(caller, partsOf(offer.id)?.type)
  const found = yield* Effect.fromResult(imageNamed(items, os))
  return found?.id ?? (yield* noImageNamed(items, os))
})

/** Machines with an operating system and ssh. */
export const vms = (caller: Caller, me: WhoseKey) => {
  const { call } = caller
  const kind = "vm" as const
  const at = (id: string) => ({ params: { id }, kind })
  const { keys, registry, removeSshKey, currency, balance } = account(caller)
  const volumes = volumesOf(caller)

  const list: Effect.Effect<Listing<Machine>, GpuError> = coalesce(
    listRows<wire.Instance>(caller, {
      ...{ cloud: "Verda", operation: "listInstances", part: "machines", kind, schema: wire.Instance },
      keyOf: ({ id }) => id,
      ask: () => Effect.map(call(endpoints.listInstances, { query: {}, kind }), (rows) => ({ rows }))
    })
  )

  /** What Verda shows of machines elsewhere: their disks, and the currency of their prices. What cannot be read is unknown. */
  const surroundings = Effect.all(
    { disks: Effect.result(volumes), currency: Effect.result(currency) },
    { concurrency: 2 }
  )
  const inSurroundings = ({ disks, currency: of }: Effect.Success<typeof surroundings>, machine: Machine): Machine => ({
    ...machine,
    ...(disks._tag === "Success" &&
      disks.success.complete && { disks: disks.success.items.filter((volume) => isDiskOf(machine, volume)) }),
    ...(of._tag === "Success" && { currency: of.success })
  })

  const isGoneSpot = ({ is_spot, status }: Machine) => is_spot === true && status?.toLowerCase() === "discontinued"
  /** The same machine with how it ended, where that is read alone: the journal is asked once for each. */
  const withEnd = (machine: Machine, by: "read" | "list"): Effect.Effect<Machine> =>
    by === "read" && isGoneSpot(machine)
      ? Effect.map(endOf(caller, machine.id), (ended) => ({ ...machine, ended }))
      : Effect.succeed(machine)

  const act = (action: "start" | "shutdown", id: string) =>
    Effect.asVoid(call(endpoints.instanceAction, { body: { action, id }, kind }))

  /**
   * Ends a machine with the disk that was made for it; data volumes stay, and cost on: `leftovers` names them. The disks of a
   * machine that cannot be read all stay: it costs by far the most, and nobody's data is lost.
   */
  const destroy = Effect.fnUntraced(function* (id: string) {
    const doomed = yield* call(endpoints.getInstance, at(id)).pipe(
      Effect.flatMap((machine) => doomedDisks(caller, machine)),
      Effect.catchIf(
        ({ _tag }) => _tag !== "NotFound",
        () => Effect.succeed([])
      )
    )
    const disks = doomed === null ? {} : { volume_ids: [...doomed], delete_permanently: true }
    yield* call(endpoints.instanceAction, { body: { action: "delete", id, ...disks }, kind })
  })

  const operations = {
    start: ({ id }) => act("start", id),
    /** Shuts it down. It is billed in full all the same: Verda keeps its hardware for it. */
    stop: ({ id }) => act("shutdown", id),
    events: ({ id }, options) => linesOf(caller, id, options),
    sshKeys: () => keys,
    addSshKey: registry.add,
    removeSshKey,
    balance: () => balance,
    volumes: () => Effect.map(volumes, (all) => all.with(all.items.map(volumeOf))),
    images: () => imagesOf(caller)
  } satisfies Partial<Operations<Machine>>

  return defineProvider({
    provider: "verda",
    kind,
    account: me,
    launchOptions,
    requiredOptions,
    lifecycle,
    timing,
    offers: (filter) => offersOf(caller, filter),
    check: createOf,
    prepare: (launch) =>
      Effect.gen(function* () {
        const draft = yield* Effect.fromResult(createOf(launch))
        const image = yield* imageFor(caller, launch)
        return draft(yield* registry.idsOf(launch.sshKeys), image)
      }),
    create: (body: (marker: string) => wire.CreateInstance, { marker }) =>
      call(endpoints.createInstance, { body: body(marker), kind }),
    find: () => list,
    read: (id) => call(endpoints.getInstance, at(id)).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    besides: (machines, by) =>
      Effect.flatMap(surroundings, (around) =>
        Effect.map(
          Effect.forEach(machines.items, (machine) => withEnd(inSurroundings(around, machine), by)),
          (items) => machines.with(items)
        )
      ),
    fieldsOf,
    isId: wire.isUuid,
    idsIgnoreCase: true,
    describe: instanceOf,
    facts: factsOf,
    destroy,
    deleteVolumes: (marker) => deleteMade(caller, volumes, marker),
    leftovers: (id) => volumesLeft(volumes, id),
    operations
  })
}
