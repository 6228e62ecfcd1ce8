import {
  type AnyProvider,
  attachMarker,
  BadResponse,
  decimalOf,
  defineProvider,
  type GpuError,
  InstanceRef,
  type LaunchOption,
  type LaunchSpec,
  money,
  NoCapacity,
  type Operations,
  type OptionalOp,
  type SshKey,
  sshKeyIdentity,
  type Target,
  Unsupported
} from "@anygpu/core"
import { makeAccount } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Api } from "./api.ts"
import type { CloudOffer } from "./catalogue.ts"
import { describe, type Row, readList, readRow, toOffer } from "./rows.ts"
import { table } from "./table.ts"

const options = ["image", "env", "ports", "sshKeys", "bid", "attach"] as const satisfies ReadonlyArray<LaunchOption>

interface KeyRow {
  readonly id: string
  readonly publicKey: string
}

const toKey = ({ id, publicKey }: KeyRow): SshKey => ({ id, name: null, publicKey, fingerprint: null })

const labelOf = ({ described: { marker } }: Target<Row>, name: string): string =>
  marker ? attachMarker(name, marker, 63) : name

interface DiskRow {
  readonly id: string
  readonly name: string | null
  readonly region: string | null
  readonly price: number | null
  readonly holder?: string | null
}

const disksOf = (api: Api) => readList<DiskRow>(api, "/volumes", "disk")

const operationsOver = (api: Api): Operations<Row> => {
  const path = ({ id }: { readonly id: string }, part = "") => `/machines/${id}${part}`
  const keysAt = (at: string) => readList<KeyRow>(api, at, "key").pipe(Effect.map(({ items }) => items.map(toKey)))
  const addTo = (at: string, publicKey: string) =>
    Effect.gen(function* () {
      const there = (yield* keysAt(at)).find((key) => sshKeyIdentity(key.publicKey ?? "") === sshKeyIdentity(publicKey))
      return there ?? toKey(yield* Effect.fromResult(readRow<KeyRow>(yield* api("POST", at, { publicKey }), "key")))
    })
  const remove = (at: string) =>
    api("DELETE", at).pipe(
      Effect.catchTag("NotFound", () => Effect.void),
      Effect.asVoid
    )
  const linesOf =
    (part: string) =>
    (target: { readonly id: string }, wanted: { tail?: number; containing?: string; source?: string }) => {
      if (wanted.source === "host") {
        return Effect.fail(
          new Unsupported({ message: "the reference cloud has no host logs", retry: "permanent", feature: "source" })
        )
      }
      return api("GET", path(target, part)).pipe(
        Effect.map((answer) => {
          const { lines } = answer as { lines: ReadonlyArray<string> }
          return lines.filter((line) => line.includes(wanted.containing ?? "")).slice(-(wanted.tail ?? 1000))
        })
      )
    }
  return {
    start: (target) => Effect.asVoid(api("POST", path(target, "/start"))),
    stop: (target) => Effect.asVoid(api("POST", path(target, "/stop"))),
    restart: (target) => Effect.asVoid(api("POST", path(target, "/restart"))),
    rename: (target, name) => Effect.asVoid(api("PATCH", path(target), { label: labelOf(target, name) })),
    update: (target, { name, ...changes }) =>
      Effect.asVoid(api("PATCH", path(target), { ...changes, ...(name && { label: labelOf(target, name) }) })),
    changeBid: (target, perHour) => Effect.asVoid(api("PATCH", path(target), { bid: Number(decimalOf(perHour)) })),
    scheduleEnd: (target, end) =>
      Effect.asVoid(api("PATCH", path(target), { ends: end === null ? null : end.at.getTime() })),
    logs: linesOf("/logs"),
    events: linesOf("/events"),
    machineSshKeys: (target) => keysAt(path(target, "/keys")),
    attachSshKey: (target, publicKey) => Effect.asVoid(addTo(path(target, "/keys"), publicKey)),
    detachSshKey: (target, id) => remove(path(target, `/keys/${id}`)),
    sshKeys: () => keysAt("/keys"),
    addSshKey: (publicKey) => addTo("/keys", publicKey),
    removeSshKey: (id) => remove(`/keys/${id}`),
    balance: () => api("GET", "/balance").pipe(Effect.map((answer) => money((answer as { balance: number }).balance))),
    volumes: () =>
      Effect.map(disksOf(api), (listing) =>
        listing.with(
          listing.items.map((native) => ({
            ...{ id: native.id, name: native.name, provider: "reference", sizeMiB: null, type: null, native },
            pricePerHour: native.price === null ? null : money(native.price),
            attachedTo: native.holder == null ? [] : [native.holder],
            location: { country: null, region: native.region, native: native.region }
          }))
        )
      ),
    images: () =>
      readList<{ id: string; name: string }>(api, "/images", "image").pipe(
        Effect.map((listing) => listing.with(listing.items.map((image) => ({ ...image, native: image }))))
      )
  }
}

const bodyOf = ({ offer, name: _, key: __, maxPerHour: ___, bid, attach, ...rest }: LaunchSpec) => ({
  ...rest,
  ...(attach && { disks: attach.map(({ id }) => id) }),
  offer: offer.id,
  ...(bid && { bid: Number(decimalOf(bid)) })
})

/** The machine that a create made; one that was made and refused is left to core to end. */
const madeBy = (answer: unknown): Effect.Effect<string, GpuError> => {
  const { id, refused } = Object(answer) as { id?: unknown; refused?: unknown }
  if (typeof id !== "string") {
    return Effect.fail(new BadResponse({ message: "a create answered no id", retry: "permanent", path: "id" }))
  }
  return typeof refused === "string"
    ? Effect.fail(
        new NoCapacity({
          message: `refused: ${refused}`,
          retry: "permanent",
          leftovers: [new InstanceRef("reference", "container", id)]
        })
      )
    : Effect.succeed(id)
}

/**
 * The adapter of the reference cloud, without some of its operations.
 *
 * - All its machines are containers. A provider of another kind finds them by their ids, and has none of them.
 */
export const referenceProvider = (
  api: Api,
  apiKey: string,
  without: ReadonlyArray<OptionalOp> = [],
  kind: "container" | "vm" = "container"
): AnyProvider => {
  const all = Object.entries(operationsOver(api)).filter(([op]) => !without.some((left) => left === op))
  return defineProvider({
    provider: "reference",
    kind,
    account: makeAccount({ provider: "reference", apiKey }),
    launchOptions: options,
    requiredOptions: ["image"],
    updateOptions: ["name", "image", "env"],
    lifecycle: table,
    timing: {
      ...{ pollEvery: "5 seconds", bootWithin: "5 minutes", createWithin: "1 minute" },
      ...{ appearWithin: "30 seconds", terminateWithin: "5 minutes" }
    },
    offers: () =>
      Effect.gen(function* () {
        const listing = yield* readList<CloudOffer>(api, "/offers", "offer")
        const now = yield* DateTime.now
        return listing.with(listing.items.map((row) => ({ ...toOffer(row, now), kind })))
      }),
    prepare: (spec) => Effect.succeed({ body: bodyOf(spec as LaunchSpec), name: spec.name }),
    create: ({ body, name }, { marker, end }) =>
      api("POST", "/machines", {
        ...{ ...body, label: attachMarker(name, marker, 63) },
        ...(end && !without.includes("scheduleEnd") && { ends: end.at.getTime() })
      }).pipe(Effect.flatMap(madeBy)),
    find: () => readList<Row>(api, "/machines", "machine"),
    read: (id) =>
      api("GET", `/machines/${id}`).pipe(
        Effect.flatMap((answer) => Effect.fromResult(readRow<Row>(answer, "machine"))),
        Effect.catchTag("NotFound", () => Effect.succeed(null))
      ),
    readAll: () => readList<Row>(api, "/machines", "machine"),
    kindOf: () => "container",
    fieldsOf: { marker: ["label"], facts: { state: ["state"] } },
    describe,
    facts: ({ state }, { intent }) => ({ state, weStopped: intent?.action === "stop" }),
    destroy: (id) => Effect.asVoid(api("DELETE", `/machines/${id}`)),
    leftovers: () =>
      Effect.match(disksOf(api), {
        onFailure: ({ message }) => [`The disks could not be read (${message}): look in the console`],
        onSuccess: ({ items }) =>
          items.filter(({ holder }) => holder == null).map(({ id }) => `The disk ${id} is on no machine, and costs on`)
      }),
    operations: Object.fromEntries(all) as Partial<Operations<Row>>
  })
}
