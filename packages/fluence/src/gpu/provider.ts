import {
  defineProvider,
  type GpuError,
  type Kind,
  Listing,
  type LogOptions,
  NotFound,
  ProviderFault,
  type Target,
  type Timing,
  Unsupported,
  type WorkloadUpdate
} from "@anygpu/core"
import { type Caller, joined } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as z from "zod"
import type { Account } from "../account.ts"
import { gpuEndpoints } from "./endpoints.ts"
import {
  containerOptions,
  deployContainerOf,
  deployMachineOf,
  machineOptions,
  nameOf,
  type Prepared
} from "./from-domain.ts"
import { containerFacts, containerLifecycle, machineFacts, machineLifecycle } from "./lifecycle.ts"
import { containerPlans, machinePlans, systems } from "./offers.ts"
import { containerOf, machineOf } from "./to-domain.ts"
import { containerUpdates, replacementOf } from "./update.ts"
import * as wire from "./wire.ts"

/**
 * Provisioning takes two or three minutes as a rule; nothing else is documented, so there is room to spare. A deploy may
 * be refused for two minutes, begun again at their end, and its first attempt counts as well.
 */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "30 minutes",
  createWithin: "5 minutes",
  appearWithin: "2 minutes",
  terminateWithin: "5 minutes"
}

/** An id that is none, by its form: another route would answer it. */
const noId = (id: string) => new NotFound({ message: `"${id}" is no Fluence id: those are UUIDs`, retry: "permanent" })

/** Ends a machine; sends nothing for an id that is none. */
const destroyOf = (id: string, terminate: Effect.Effect<unknown, GpuError>): Effect.Effect<void, GpuError> =>
  wire.isId(id) ? Effect.asVoid(terminate) : Effect.fail(noId(id))

/** The machines of one collection, each row for itself; a list that begins now. */
const listOf = <A>(
  caller: Caller,
  schema: z.ZodType<A>,
  list: Effect.Effect<ReadonlyArray<unknown>, GpuError>,
  at: { readonly operation: string; readonly kind: Kind }
): Effect.Effect<Listing<A>, GpuError> =>
  Effect.gen(function* () {
    const observedAt = yield* DateTime.now
    const { rows, problems } = yield* caller.rows(schema, yield* list, { part: "instances", ...at })
    return new Listing({ items: rows, complete: problems.length === 0, observedAt, problems })
  })

/**
 * One machine; null when it is gone.
 *
 * - A 404 alone does not say so: its body is not documented, and a route that is gone may have the same. The list, which
 *   keeps what has ended, has to agree.
 */
const readOf = <A extends wire.Machine>(
  id: string,
  show: Effect.Effect<A, GpuError>,
  list: Effect.Effect<Listing<A>, GpuError>
): Effect.Effect<A | null, GpuError> => {
  if (!wire.isId(id)) return Effect.succeed(null)
  const confirmed = Effect.fnUntraced(function* (cause: NotFound) {
    const { items, complete } = yield* list
    if (complete && !items.some((row) => row.id.toLowerCase() === id.toLowerCase())) return null
    const message = `${cause.message}; the list has it all the same, or cannot be read whole`
    return yield* new ProviderFault({ message, retry: "temporary", cause })
  })
  return show.pipe(Effect.catchTag("NotFound", confirmed))
}

/** Fluence cuts logs and events at their end and does nothing else with them. */
const lastOf = ({ tail, source, containing }: LogOptions): Effect.Effect<{ last?: number }, Unsupported> => {
  const feature = containing !== undefined ? "containing" : source === "host" ? 'source: "host"' : null
  if (feature === null) return Effect.succeed(tail === undefined ? {} : { last: tail })
  const message = `Fluence has no ${feature} for logs and events: it has tail`
  return Effect.fail(new Unsupported({ message, retry: "permanent", feature }))
}

/** GPU containers. */
export const containers = (caller: Caller, account: Account) => {
  const { call } = caller
  const kind = "container"
  const at = (id: string) => ({ params: { id }, kind }) as const
  const freshList = listOf(caller, wire.Container, call(gpuEndpoints.listContainers, { kind }), {
    operation: "listContainers",
    kind
  })
  const list = joined(freshList)
  /** The containers that an update from here gave a login: their launch does not tell. */
  const withLogin = new Set<string>()
  const update = Effect.fnUntraced(function* (target: Target<wire.Container>, changes: WorkloadUpdate) {
    const { id } = target
    const body = yield* Effect.fromResult(replacementOf({ ...target, hasLogin: withLogin.has(id) }, changes))
    if (changes.registry) withLogin.add(id)
    yield* call(gpuEndpoints.updateContainer, { ...at(id), body })
    if (changes.registry === null) withLogin.delete(id)
  })
  return defineProvider({
    provider: "fluence",
    kind,
    launchOptions: containerOptions,
    requiredOptions: ["image", "ports"],
    updateOptions: containerUpdates,
    lifecycle: containerLifecycle,
    timing,
    priceRoundedTo: 10_000,
    listKnowsLess: true,
    offers: () => containerPlans(caller),
    prepare: (spec) => Effect.fromResult(deployContainerOf(spec)),
    create: (body: Prepared<wire.DeployContainer>, { marker }) =>
      call(gpuEndpoints.deployContainer, { body: body(marker), kind }).pipe(
        Effect.map(({ instance_id }) => instance_id)
      ),
    find: (marker) =>
      freshList.pipe(Effect.map((all) => all.with(all.items.filter((row) => containerOf(row).marker === marker)))),
    read: (id) => readOf(id, call(gpuEndpoints.showContainer, at(id)), freshList),
    readAll: () => list,
    describe: containerOf,
    facts: containerFacts,
    destroy: (id) => destroyOf(id, call(gpuEndpoints.terminateContainer, at(id))),
    operations: {
      ...account,
      /** The name is part of the deployment: a rename is an update, and redeploys the container. */
      rename: (target, name) => update(target, { name }),
      update,
      logs: ({ id }, options) =>
        Effect.flatMap(lastOf(options), (query) => call(gpuEndpoints.containerLogs, { ...at(id), query })),
      events: ({ id }, options) =>
        Effect.flatMap(lastOf(options), (query) => call(gpuEndpoints.containerEvents, { ...at(id), query })),
      images: () =>
        Effect.gen(function* () {
          const observedAt = yield* DateTime.now
          const raw = yield* call(gpuEndpoints.listDefaultImages, { kind })
          const from = { part: "images", operation: "listDefaultImages", kind } as const
          const { rows, native, problems } = yield* caller.rows(wire.DefaultImage, raw, from)
          const items = rows.map(({ image, name, slug }, index) => ({
            id: image,
            name: name || slug || image,
            native: native[index]
          }))
          return new Listing({ items, complete: problems.length === 0, observedAt, problems })
        })
    }
  })
}

/** The routes of VMs and of bare metal, which differ in nothing else. */
const routes = {
  vm: {
    deploy: gpuEndpoints.deployGpuVm,
    list: gpuEndpoints.listGpuVms,
    show: gpuEndpoints.showGpuVm,
    rename: gpuEndpoints.renameGpuVm,
    terminate: gpuEndpoints.terminateGpuVm
  },
  baremetal: {
    deploy: gpuEndpoints.deployBaremetal,
    list: gpuEndpoints.listBaremetal,
    show: gpuEndpoints.showBaremetal,
    rename: gpuEndpoints.renameBaremetal,
    terminate: gpuEndpoints.terminateBaremetal
  }
} as const

/** GPU VMs, or bare metal machines: ssh only, and nothing but the name can change. */
export const machines = <K extends "vm" | "baremetal">(caller: Caller, account: Account, kind: K) => {
  const { call } = caller
  const { deploy, list: listRoute, show, rename, terminate } = routes[kind]
  const at = (id: string) => ({ params: { id }, kind })
  const freshList = listOf(caller, wire.Vm, call(listRoute, { kind }), { operation: listRoute.operation, kind })
  const list = joined(freshList)
  return defineProvider({
    provider: "fluence",
    kind,
    launchOptions: machineOptions,
    requiredOptions: ["os", "sshKeys"],
    lifecycle: machineLifecycle,
    timing,
    priceRoundedTo: 10_000,
    listKnowsLess: true,
    offers: () => machinePlans(caller, kind),
    prepare: (spec) => Effect.fromResult(deployMachineOf(spec)),
    create: (body: Prepared<wire.DeployMachine>, { marker }) =>
      call(deploy, { body: body(marker), kind }).pipe(Effect.map(({ instance_id }) => instance_id)),
    find: (marker) =>
      freshList.pipe(Effect.map((all) => all.with(all.items.filter((row) => machineOf(row).marker === marker)))),
    /** A machine that says it is of the other kind is none of this provider. */
    read: (id) =>
      readOf(id, call(show, at(id)), freshList).pipe(
        Effect.map((row) => (row?.availability && row.availability.toLowerCase() !== kind ? null : row))
      ),
    readAll: () => list,
    describe: machineOf,
    facts: machineFacts,
    destroy: (id) => destroyOf(id, call(terminate, at(id))),
    operations: {
      ...account,
      rename: ({ id, described }, name) =>
        call(rename, { ...at(id), body: { name: nameOf(name, described.marker) } }).pipe(Effect.asVoid),
      images: () => systems(caller, kind)
    }
  })
}
