import {
  defineProvider,
  type GpuError,
  type LaunchIdentity,
  type NoCapacity,
  type Operations,
  type Timing,
  Unsupported,
  withContext
} from "@anygpu/core"
import { type Caller, imageNamed, noImageNamed, type Account as WhoseKey } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { account } from "./account.ts"
import { endpoints, idempotencyHeader } from "./endpoints.ts"
import { deployOf, vmOptions } from "./from-domain.ts"
import { factsOf, fieldsOf, lifecycle } from "./lifecycle.ts"
import { allOffers } from "./offers.ts"
import { allRows, byCursor } from "./pages.ts"
import { instanceOf } from "./to-domain.ts"
import { volumesLeft } from "./volumes.ts"
import * as wire from "./wire.ts"

/**
 * Provisioning is documented with 2 to 5 minutes; the rest leaves room: how soon a new machine shows and how long a
 * deletion takes is not documented. A deploy is sent for two minutes at most, and once more at their end.
 */
const timing: Timing = {
  pollEvery: "10 seconds",
  bootWithin: "15 minutes",
  createWithin: "5 minutes",
  appearWithin: "1 minute",
  terminateWithin: "5 minutes"
}

/** One quick question: nobody waits for a hint. */
const glance = { ...endpoints.checkAvailability, repeat: "never", timeout: "5 seconds" } as const

/** GPU machines with an operating system and ssh. */
export const vms = (caller: Caller, me: WhoseKey) => {
  const { call } = caller
  const { keys, registry, balance } = account(caller)
  const at = (id: string) => ({ params: { id }, kind: "vm" as const })

  /** Every machine once; whether ended ones are among them is not documented, and makes no difference. */
  const list = allRows(caller, {
    operation: "listDeployments",
    part: "machines",
    schema: wire.Deployment,
    keyOf: (row) => row.id,
    ask: (cursor) => call(endpoints.listDeployments, { query: cursor === undefined ? {} : { cursor }, kind: "vm" }),
    next: byCursor
  }).pipe(Effect.map((all) => all.with(all.items.map(({ row }) => row))))

  /** Sends an action that no document shows a request of: a refusal of it means that it is not there. */
  const act = (action: "start" | "stop", id: string): Effect.Effect<void, GpuError> =>
    call(endpoints.actOnDeployment, { ...at(id), body: { action } }).pipe(
      Effect.asVoid,
      Effect.mapError((error) => {
        if (error._tag !== "InvalidRequest" || error.http?.status !== 400 || error.unclear) return error
        const message = `Huddle01 promises ${action}, shows no request for it, and refused the one of its own clients: ${error.message}`
        const { http, requestId } = error
        return new Unsupported({ message, retry: "permanent", feature: action, http, requestId })
      })
    )

  /** The refusal of a deploy, and what Huddle01 says of its type's availability: for a type, wherever, and no promise. */
  const advise = Effect.fnUntraced(function* (refused: NoCapacity, clusterType: string) {
    if (refused.unclear) return yield* refused
    const hint = yield* Effect.result(call(glance, { params: { clusterType }, kind: "vm" }))
    const isAvailable = hint._tag === "Success" ? hint.success.is_available : null
    if (isAvailable == null) return yield* refused
    const advice = isAvailable
      ? `${clusterType} is available, which Huddle01 says without saying where: try another place`
      : `${clusterType} is not available, says Huddle01: try another type, or another place`
    return yield* withContext(refused, { message: `${refused.message}. ${advice}` })
  })

  const images = allRows(caller, {
    operation: "listImages",
    part: "images",
    schema: wire.Image,
    keyOf: (row) => row.id,
    ask: () => call(endpoints.listImages, { kind: "vm" }),
    next: () => undefined
  }).pipe(
    Effect.map((all) =>
      all.with(all.items.map(({ row, native }) => ({ id: row.id, name: row.name || row.id, native })))
    )
  )

  /**
   * The image to ask for: by an id, or by the name that a list shows.
   *
   * - Documented deploys have an id or a word such as `ubuntu-24.04-cuda-13.0-open-docker`: both are sent as they are. What
   *   has a space or a capital in it is a name, and looked up.
   */
  const imageOf = Effect.fnUntraced(function* (os: string) {
    if (!/[\sA-Z]/.test(os.trim()) || wire.isUuid(os)) return os
    const { items } = yield* images
    const found = yield* Effect.fromResult(imageNamed(items, os))
    return found?.id ?? (yield* noImageNamed(items, os))
  })

  const operations = {
    /**
     * Starts a stopped machine. Unproven: the status table of the Deployments page promises it, both official clients send
     * the word, and no document shows the request. A 400 is `Unsupported`.
     */
    start: ({ id }) => act("start", id),
    /**
     * Halts a machine; whether that saves money is not documented. As unproven as `start`. A 400 is `Unsupported`, and
     * the machine is never deleted instead.
     */
    stop: ({ id }) => act("stop", id),
    sshKeys: () => keys,
    addSshKey: registry.add,
    removeSshKey: (id) =>
      call(endpoints.deleteSshKey, { params: { id } }).pipe(
        Effect.asVoid,
        Effect.catchTag("NotFound", () => Effect.void)
      ),
    balance: () => balance,
    images: () => images
  } satisfies Partial<Operations<wire.Deployment>>

  return defineProvider({
    provider: "huddle",
    kind: "vm",
    account: me,
    launchOptions: vmOptions,
    requiredOptions: ["os", "sshKeys"],
    lifecycle,
    timing,
    offers: () => allOffers(caller),
    check: deployOf,
    prepare: (spec) =>
      Effect.gen(function* () {
        const draft = yield* Effect.fromResult(deployOf(spec))
        const image = yield* imageOf(spec.os ?? "")
        return draft(yield* registry.idsOf(spec.sshKeys), image)
      }),
    /** Sent again with the same key and the same body where its answer is lost: Huddle01 answers the first one's result. */
    create: (body: (identity: LaunchIdentity) => wire.DeployBody, identity) =>
      call(endpoints.deploy, {
        body: body(identity),
        headers: { [idempotencyHeader]: identity.idempotencyKey },
        kind: "vm"
      }).pipe(
        Effect.map(({ id }) => id),
        Effect.catchTag("NoCapacity", (refused) => advise(refused, body(identity).cluster_type))
      ),
    find: () => list,
    read: (id) => call(endpoints.showDeployment, at(id)).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    fieldsOf,
    describe: instanceOf,
    facts: factsOf,
    /** With an idempotency key of its own each time, so that a refusal from before is not answered again. */
    destroy: (id) => call(endpoints.deleteDeployment, at(id)).pipe(Effect.asVoid),
    leftovers: (id) => volumesLeft(caller, list, id),
    operations
  })
}
