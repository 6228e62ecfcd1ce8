import {
  defineProvider,
  type LogOptions,
  type Target,
  type Timing,
  Unsupported,
  type WorkloadUpdate
} from "@anygpu/core"
import type { Caller, Account as WhoseKey } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import type { Account } from "../account.ts"
import { listingOf } from "../listing.ts"
import { collectionOf } from "./collection.ts"
import { gpuEndpoints } from "./endpoints.ts"
import {
  containerOptions,
  deployContainerOf,
  deployMachineOf,
  machineOptions,
  nameOf,
  type Prepared
} from "./from-domain.ts"
import {
  containerFacts,
  containerFields,
  containerLifecycle,
  machineFacts,
  machineFields,
  machineLifecycle
} from "./lifecycle.ts"
import type { ContainerNative } from "./native.ts"
import { containerPlans, machinePlans, systems } from "./offers.ts"
import { containerOf, machineOf } from "./to-domain.ts"
import { containerUpdates, isLoginInDoubt, replacementOf } from "./update.ts"
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

/** Fluence cuts logs and events at their end and does nothing else with them. */
const lastOf = ({ tail, source, containing }: LogOptions): Effect.Effect<{ last?: number }, Unsupported> => {
  const feature = containing !== undefined ? "containing" : source === "host" ? 'source: "host"' : null
  if (feature === null) return Effect.succeed(tail === undefined ? {} : { last: tail })
  const message = `Fluence has no ${feature} for logs and events: it has tail`
  return Effect.fail(new Unsupported({ message, retry: "permanent", feature }))
}

const noImages: ReadonlySet<string> = new Set()

const isStarting = ({ instance_status, container_status }: wire.Container): boolean =>
  instance_status?.toUpperCase() === "ACTIVE" && container_status?.toUpperCase() === "NOT_STARTED"

/** GPU containers. */
export const containers = (caller: Caller, account: Account, me: WhoseKey) => {
  const { call } = caller
  const kind = "container"
  const at = (id: string) => ({ params: { id }, kind }) as const
  /** The containers that an update from here gave a login: their launch does not say so. */
  const withLogin = new Set<string>()
  /** The images that Fluence offers to everybody; empty until it has been read. */
  const offered = call(gpuEndpoints.listDefaultImages, { kind }).pipe(
    Effect.map(
      (all) =>
        new Set(all.flatMap((image) => wire.DefaultImage.safeParse(image).data?.image ?? [])) as ReadonlySet<string>
    ),
    Effect.orElseSucceed(() => noImages)
  )
  const update = Effect.fnUntraced(function* (target: Target<wire.Container>, changes: WorkloadUpdate) {
    const { id } = target
    const replacing = { ...target, hasLogin: withLogin.has(id), offered: noImages }
    const first = replacementOf(replacing, changes)
    // Only where the login is in doubt is it asked whether the image is one that Fluence offers to everybody.
    const body = yield* isLoginInDoubt(first)
      ? Effect.flatMap(offered, (some) => Effect.fromResult(replacementOf({ ...replacing, offered: some }, changes)))
      : Effect.fromResult(first)
    if (changes.registry) withLogin.add(id)
    yield* call(gpuEndpoints.updateContainer, { ...at(id), body })
    if (changes.registry === null) withLogin.delete(id)
  })
  /** A container that is not started is read with its last events: only they say why. They are not part of its row. */
  const show = Effect.fnUntraced(function* (id: string) {
    const row: wire.Container = yield* call(gpuEndpoints.showContainer, at(id))
    if (!isStarting(row)) return row
    const events = yield* Effect.result(call(gpuEndpoints.containerEvents, { ...at(id), query: { last: 10 } }))
    return events._tag === "Success" ? { ...row, events: events.success } : row
  })
  return defineProvider({
    account: me,
    ...collectionOf<"container", wire.Container, ContainerNative>(caller, kind, {
      schema: wire.Container,
      operation: "listContainers",
      list: call(gpuEndpoints.listContainers, { kind }),
      show,
      terminate: (id) => call(gpuEndpoints.terminateContainer, at(id)),
      describe: containerOf
    }),
    launchOptions: containerOptions,
    requiredOptions: ["image", "ports"],
    updateOptions: containerUpdates,
    lifecycle: containerLifecycle,
    timing,
    offers: () => containerPlans(caller),
    check: deployContainerOf,
    prepare: (spec) => Effect.fromResult(deployContainerOf(spec)),
    create: (body: Prepared<wire.DeployContainer>, { marker }) =>
      call(gpuEndpoints.deployContainer, { body: body(marker), kind }).pipe(
        Effect.map(({ instance_id }) => instance_id)
      ),
    fieldsOf: containerFields,
    facts: containerFacts,
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
        listingOf(caller, {
          schema: wire.DefaultImage,
          read: call(gpuEndpoints.listDefaultImages, { kind }),
          part: "images",
          operation: "listDefaultImages",
          kind,
          id: "image",
          idOf: ({ image }) => image,
          items: ({ image, name, slug }, native) => [{ id: image, name: name || slug || image, native }]
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

/** The kind that a row names, in a word of either case; null for a row without one. */
const kindOf = ({ availability }: wire.Vm): "vm" | "baremetal" | null => {
  const word = availability?.toLowerCase()
  return word === "vm" || word === "baremetal" ? word : null
}

/** GPU VMs, or bare metal machines: ssh only, and nothing but the name can change. */
export const machines = <K extends "vm" | "baremetal">(caller: Caller, account: Account, me: WhoseKey, kind: K) => {
  const { call } = caller
  const { deploy, list, show, rename, terminate } = routes[kind]
  const at = (id: string) => ({ params: { id }, kind })
  const collection = collectionOf(caller, kind, {
    schema: wire.Vm,
    operation: list.operation,
    list: call(list, { kind }),
    show: (id) => call(show, at(id)),
    terminate: (id) => call(terminate, at(id)),
    describe: machineOf
  })
  return defineProvider({
    account: me,
    ...collection,
    /** What a route does with an id of the other kind is not documented. */
    kindOf,
    launchOptions: machineOptions,
    requiredOptions: ["os", "sshKeys"],
    lifecycle: machineLifecycle,
    timing,
    offers: () => machinePlans(caller, kind),
    check: deployMachineOf,
    prepare: (spec) => Effect.fromResult(deployMachineOf(spec)),
    create: (body: Prepared<wire.DeployMachine>, { marker }) =>
      call(deploy, { body: body(marker), kind }).pipe(Effect.map(({ instance_id }) => instance_id)),
    fieldsOf: machineFields,
    facts: machineFacts,
    operations: {
      ...account,
      rename: ({ id, described }, name) =>
        call(rename, { ...at(id), body: { name: nameOf(name, described.marker) } }).pipe(Effect.asVoid),
      images: () => systems(caller, kind)
    }
  })
}
