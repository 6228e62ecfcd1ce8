import {
  BadResponse,
  Conflict,
  defineProvider,
  Listing,
  ProviderFault,
  type ResolvedFilter,
  type Timing
} from "@anygpu/core"
import { type Caller, coalesce, imageNamed, noImageNamed, type Account as WhoseKey } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Account } from "../account.ts"
import { listingOf } from "../listing.ts"
import { cpuEndpoints } from "./endpoints.ts"
import { cpuOptions, cpuUpdateOf, cpuVmOf, isImageName, type PreparedVm, vmNameOf } from "./from-domain.ts"
import { cpuFactsOf, cpuFields, cpuLifecycle } from "./lifecycle.ts"
import { cpuImageOf, cpuInstanceOf, cpuOfferOf, placesOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

/**
 * A launch takes "a few minutes" by the documents, and their own client waits half an hour. That a new VM may be missing
 * from the list for seconds is known from other clients; how long a deletion takes is not documented. A create may be
 * refused for two minutes, begun again at their end, and take another two; its first attempt counts as well.
 */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "30 minutes",
  createWithin: "6 minutes",
  appearWithin: "2 minutes",
  terminateWithin: "10 minutes"
}

const kind = "cpu-vm"

/** The id in a row that cannot be read otherwise; null when not even that can. */
const idIn = (row: unknown): string | null => wire.Vm.pick({ id: true }).safeParse(row).data?.id.toLowerCase() ?? null

/** Whether no machine without a GPU can be what is wanted. */
const needsGpu = ({ gpus, gpuCount, minVramMiB }: ResolvedFilter): boolean =>
  gpus !== null || gpuCount !== undefined || (minVramMiB ?? 0) > 0

/** The market's offers; where a GPU is wanted, nothing is asked. */
const offersFor = Effect.fnUntraced(function* (caller: Caller, filter: ResolvedFilter) {
  if (needsGpu(filter)) {
    return new Listing({ items: [], complete: true, observedAt: yield* DateTime.now, problems: [] })
  }
  const { countries } = filter
  const body = countries ? { datacenter: { countries: [...countries] } } : {}
  const listing = yield* listingOf(caller, {
    schema: wire.MarketOffer,
    read: caller.call(cpuEndpoints.searchCpuOffers, { body, kind }),
    part: "offers",
    operation: "searchCpuOffers",
    kind,
    id: "configuration.slug",
    idOf: ({ configuration }) => configuration.slug,
    items: (row, native, observedAt) => [cpuOfferOf(row, native, observedAt)]
  })
  return listing.with(placesOf(listing.items))
})

/** Deletes the VMs that an order of one made besides; fails where that is not certain. */
const deleteExtras = Effect.fnUntraced(function* ({ call }: Caller, extras: ReadonlyArray<string>) {
  const message = `createCpuVms: Fluence made ${extras.length + 1} VMs for an order of one`
  const fault = (cause?: unknown) => new ProviderFault({ message, retry: "temporary", cause })
  const deleted = yield* Effect.mapError(call(cpuEndpoints.deleteCpuVms, { body: { vmIds: [...extras] }, kind }), fault)
  const removed = wire.Deleted.safeParse(deleted).data?.removed_ids?.map((one) => one.toLowerCase())
  if (removed && !extras.every((extra) => removed.includes(extra.toLowerCase()))) return yield* fault()
})

/** Orders one VM and answers its id. */
const createOne = Effect.fnUntraced(function* (caller: Caller, body: ReturnType<PreparedVm["body"]>) {
  const made = yield* caller.call(cpuEndpoints.createCpuVms, { body, kind })
  const [id, ...extras] = made.map(({ vmId }) => vmId)
  if (id === undefined) {
    const message = "createCpuVms: Fluence took the order and names no VM: whether it made one is not known"
    return yield* new ProviderFault({ message, retry: "temporary" })
  }
  // All of them carry the marker: where this fails, the error lets core look for them, keep one and end the others.
  if (extras.length > 0) yield* deleteExtras(caller, extras)
  return id
})

/**
 * CPU virtual machines: ssh only, keys fixed at creation, days charged in full. They know no start, stop or restart.
 *
 * - Ids are compared without regard to their case and sent as the cloud spells them.
 * - There is no read of one VM: each read is the whole list.
 * - Which generation of Fluence's API this rests on: see {@link cpuEndpoints}.
 */
export const cpuVms = (caller: Caller, account: Account, me: WhoseKey) => {
  const { call } = caller
  /** How the cloud spells the ids that it has named, by lower case. */
  const spelling = new Map<string, string>()

  /** Every VM, and the ids of the rows that could not be read: null stands for a row without even an id. */
  const freshList = Effect.gen(function* () {
    const observedAt = yield* DateTime.now
    const raw = yield* call(cpuEndpoints.listCpuVms, { kind })
    const at = { part: "vms", operation: "listCpuVms", kind } as const
    const { rows: items, native, problems } = yield* caller.rows(wire.Vm, raw, at)
    for (const { id } of items) spelling.set(id.toLowerCase(), id)
    const readable = new Set(native)
    const unread = new Set(raw.filter((row) => !readable.has(row)).map(idIn))
    return { vms: Listing.read({ items, observedAt, problems }), unread }
  })

  /** One read for all who ask at once. */
  const list = coalesce(freshList)

  const images = listingOf(caller, {
    schema: wire.DefaultImage,
    read: call(cpuEndpoints.cpuImages, { kind }),
    part: "images",
    operation: "cpuImages",
    kind,
    id: "downloadUrl",
    idOf: ({ downloadUrl }) => downloadUrl,
    items: (row, native) => [cpuImageOf(row, native)]
  })
  return defineProvider({
    provider: "fluence",
    kind,
    account: me,
    launchOptions: cpuOptions,
    requiredOptions: ["os", "sshKeys"],
    updateOptions: ["name", "ports", "closePorts"],
    lifecycle: cpuLifecycle,
    timing,
    isId: (id) => wire.VmId.safeParse(id).success,
    idsIgnoreCase: true,
    balancePays: false,

    offers: (filter: ResolvedFilter) => offersFor(caller, filter),
    check: cpuVmOf,
    prepare: Effect.fnUntraced(function* (spec) {
      const { os = "" } = spec
      if (!isImageName(os)) return yield* Effect.fromResult(cpuVmOf(spec))
      const { items } = yield* images
      const found = yield* Effect.fromResult(imageNamed(items, os))
      return yield* found ? Effect.fromResult(cpuVmOf(spec, found.id)) : noImageNamed(items, os)
    }),
    create: ({ body }: PreparedVm, identity) =>
      Effect.tap(createOne(caller, body(identity)), (id) => Effect.sync(() => spelling.set(id.toLowerCase(), id))),
    find: () => Effect.map(freshList, ({ vms }) => vms),

    read: Effect.fnUntraced(function* (id: string) {
      const { vms, unread } = yield* list
      const row = vms.items.find((vm) => vm.id.toLowerCase() === id.toLowerCase())
      if (row || !(unread.has(id.toLowerCase()) || unread.has(null))) return row ?? null
      const message = `listCpuVms: the row of ${id}, or one that may be it, cannot be read; look for a newer anygpu`
      return yield* new BadResponse({ message, retry: "permanent", path: "vms" })
    }),
    readAll: () => Effect.map(list, ({ vms }) => vms),
    fieldsOf: cpuFields,
    describe: cpuInstanceOf,
    facts: cpuFactsOf,

    /** What a refusal means is not documented: not yet, or gone already. `Conflict` lets core look which it is. */
    destroy: (id) =>
      call(cpuEndpoints.deleteCpuVms, { body: { vmIds: [spelling.get(id.toLowerCase()) ?? id] }, kind }).pipe(
        Effect.asVoid,
        Effect.catchTag("InvalidRequest", ({ message }) => new Conflict({ message, retry: "temporary" }))
      ),

    operations: {
      ...account,
      rename: ({ native: { id }, described: { marker } }, name) =>
        call(cpuEndpoints.updateCpuVm, { body: { id, vmName: vmNameOf(name, marker) }, kind }).pipe(Effect.asVoid),
      update: ({ native, described: { marker } }, changes) =>
        Effect.fromResult(cpuUpdateOf(native, marker, changes)).pipe(
          Effect.flatMap((body) => call(cpuEndpoints.updateCpuVm, { body, kind })),
          Effect.asVoid
        ),
      images: () => images
    }
  })
}
