import {
  BadResponse,
  canonicalGpu,
  type GpuError,
  type InstanceFacts,
  type Listing,
  money,
  noEndpoints,
  type Offer,
  type Problem,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import { allPages, fieldProblem, markUnread, shownImage, unreadIn } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Api } from "./api.ts"
import type { CloudOffer } from "./catalogue.ts"

/** A machine as the reference cloud answers it. */
export interface Row {
  readonly id: string
  readonly label: string | null
  readonly state: string | null
  readonly gpu: string | null
  readonly gpus: number | null
  readonly vram: number | null
  readonly disk: number | null
  readonly price: number | null
  readonly bid: boolean | null
  readonly said?: string | null
  readonly ends?: number | null
  readonly image?: string | null
  readonly ip: string | null
}

const machine = { label: "string", state: "string", gpu: "string", gpus: "number", vram: "number", disk: "number" }
const offer = { gpu: "string", gpus: "number", vram: "number", vcpus: "number", memory: "number", disk: "number" }

/** The types of the fields that are read, besides the id. */
const shapes: Readonly<Record<"machine" | "offer" | "key" | "image" | "disk", Readonly<Record<string, string>>>> = {
  machine: {
    ...machine,
    price: "number",
    bid: "boolean",
    said: "string",
    ends: "number",
    image: "string",
    ip: "string"
  },
  offer: { ...offer, price: "number", bid: "number", country: "string", region: "string", reliability: "number" },
  key: { publicKey: "string" },
  image: { name: "string" },
  disk: { name: "string", region: "string", price: "number" }
}

/** The row, if its id can be read: whatever else cannot is null, and said. */
export const readRow = <A>(value: unknown, shape: keyof typeof shapes): Result.Result<A, BadResponse> => {
  const fields = Object(value) as Record<string, unknown>
  if (typeof fields.id !== "string") {
    const message = `a ${shape} of the reference cloud has no text in id`
    return Result.fail(new BadResponse({ message, retry: "permanent", path: "id" }))
  }
  const wrong = Object.entries(shapes[shape]).filter(
    ([name, type]) => fields[name] != null && typeof fields[name] !== type
  )
  const unread = wrong.map(([field, type]) => ({ field, found: `expected ${type}, received ${typeof fields[field]}` }))
  const nulls = Object.fromEntries(wrong.map(([name]) => [name, null]))
  return Result.succeed(markUnread({ ...fields, ...nulls }, unread) as unknown as A)
}

const pageOf = (value: unknown): Effect.Effect<{ items: ReadonlyArray<unknown>; next: number | null }, BadResponse> => {
  const { items, next } = Object(value) as { items?: unknown; next?: unknown }
  return Array.isArray(items)
    ? Effect.succeed({ items, next: typeof next === "number" ? next : null })
    : Effect.fail(
        new BadResponse({ message: "a list of the reference cloud has no items", retry: "permanent", path: "items" })
      )
}

/** Every page of a list; rows and later pages that cannot be read are problems. */
export const readList = <A extends { readonly id: string }>(
  api: Api,
  path: string,
  shape: keyof typeof shapes
): Effect.Effect<Listing<A>, GpuError> =>
  allPages<A>({
    ...{ provider: "reference", cloud: "The reference cloud", operation: "list", part: `${shape}s` },
    page: (from = "0") =>
      Effect.gen(function* () {
        const { items, next } = yield* pageOf(yield* api("GET", `${path}?from=${from}`))
        const rows: Array<readonly [string, A]> = []
        const problems: Problem[] = []
        for (const value of items) {
          const row = readRow<A>(value, shape)
          if (Result.isSuccess(row)) {
            const { id } = row.success
            rows.push([id, row.success])
            problems.push(...unreadIn(row.success).map((unread) => fieldProblem(id, unread, { provider: "reference" })))
          } else problems.push({ provider: "reference", part: "a row", error: row.failure })
        }
        return { rows, problems, next: next === null ? undefined : String(next), announces: () => false }
      })
  })

/** A row of which any field but the id may be null, since it could not be read. */
type Partly<Row extends { readonly id: string }> = {
  readonly [Name in keyof Row]: Name extends "id" ? Row[Name] : Row[Name] | null
}

const nowhere = { country: null, region: null, native: null }

/** A machine's row in common terms. */
export const describe = (row: Row): InstanceFacts => ({
  id: row.id,
  ...splitMarker(row.label ?? ""),
  gpu: row.gpu === null || row.gpus === null ? null : { ...canonicalGpu(row.gpu), count: row.gpus, vramMiB: row.vram },
  ...{ vcpus: null, memoryMiB: null, storageMiB: row.disk, location: nowhere, createdAt: null },
  endsAt: row.ends == null ? null : DateTime.makeUnsafe(row.ends),
  pricePerHour: row.price === null ? null : money(row.price),
  interruptible: row.bid ?? false,
  endpoints: row.ip === null ? noEndpoints : { ...noEndpoints, ssh: [sshEndpoint(row.ip, 2222, "root", "direct")] },
  native: { state: row.state, image: row.image == null ? null : shownImage(row.image) },
  said: row.said ?? null
})

/** An offer's row in common terms. */
export const toOffer = (row: Partly<CloudOffer>, observedAt: DateTime.Utc): Offer<"reference", "container"> => {
  const price = row.price === null ? null : money(row.price)
  return {
    id: row.id,
    provider: "reference",
    kind: "container",
    gpu:
      row.gpu === null || row.gpus === null ? null : { ...canonicalGpu(row.gpu), count: row.gpus, vramMiB: row.vram },
    vcpus: row.vcpus,
    memoryMiB: row.memory,
    diskMiB: row.disk,
    storageMiB: row.disk,
    location: { country: row.country, region: row.region, native: row.country },
    pricePerHour: price,
    minimumBid: row.bid === null ? null : money(row.bid),
    terms: price && {
      compute: { perHour: price, stepSeconds: 1, stepsFrom: "start", minimumSeconds: 60 },
      ...{ storage: null, traffic: null, upfront: null, accountFloor: null }
    },
    availability: "available",
    interruptible: row.bid !== null,
    reliability: row.reliability,
    observedAt,
    native: row
  }
}
