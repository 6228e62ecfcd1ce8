import {
  BadResponse,
  canonicalGpu,
  type GpuError,
  type InstanceFacts,
  Listing,
  money,
  noEndpoints,
  type Offer,
  type Problem,
  splitMarker,
  sshEndpoint
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Api } from "./api.ts"
import type { CloudOffer } from "./catalogue.ts"

/** A machine as the reference cloud answers it. */
export interface Row {
  readonly id: string
  readonly label: string
  readonly state: string
  readonly gpu: string
  readonly gpus: number
  readonly vram: number
  readonly disk: number
  readonly price: number
  readonly bid: boolean
  readonly said?: string | null
  readonly ip: string | null
}

const shapes = {
  machine: { id: "string", label: "string", state: "string", price: "number" },
  offer: { id: "string", gpu: "string", gpus: "number", price: "number" },
  key: { id: "string", publicKey: "string" },
  image: { id: "string", name: "string" }
}

/** The row, if its fields are of the shape that is expected. */
export const readRow = <A>(value: unknown, shape: keyof typeof shapes): Result.Result<A, BadResponse> => {
  const fields = Object(value) as Record<string, unknown>
  const wrong = Object.entries(shapes[shape]).find(([name, type]) => typeof fields[name] !== type)
  return wrong
    ? Result.fail(
        new BadResponse({
          message: `a ${shape} of the reference cloud has no ${wrong[1]} in ${wrong[0]}`,
          retry: "permanent",
          path: wrong[0]
        })
      )
    : Result.succeed(value as A)
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
export const readList = <A>(api: Api, path: string, shape: keyof typeof shapes): Effect.Effect<Listing<A>, GpuError> =>
  Effect.gen(function* () {
    const items: A[] = []
    const problems: Problem[] = []
    let from: number | null = 0
    while (from !== null) {
      const answer: Result.Result<unknown, GpuError> = yield* Effect.result(api("GET", `${path}?from=${from}`))
      if (Result.isFailure(answer)) {
        if (from === 0) return yield* Effect.fail(answer.failure)
        problems.push({ provider: "reference", part: `page from ${from}`, error: answer.failure })
        break
      }
      const page: { items: ReadonlyArray<unknown>; next: number | null } = yield* pageOf(answer.success)
      for (const value of page.items) {
        const row = readRow<A>(value, shape)
        if (Result.isSuccess(row)) items.push(row.success)
        else problems.push({ provider: "reference", part: "a row", error: row.failure })
      }
      from = page.next
    }
    return new Listing({ items, complete: problems.length === 0, observedAt: yield* DateTime.now, problems })
  })

const nowhere = { country: null, region: null, native: null }

/** A machine's row in common terms. */
export const describe = (row: Row): InstanceFacts => ({
  id: row.id,
  ...splitMarker(row.label),
  gpu: { ...canonicalGpu(row.gpu), count: row.gpus, vramMiB: row.vram },
  ...{ vcpus: null, memoryMiB: null, storageMiB: row.disk, location: nowhere, createdAt: null, endsAt: null },
  price: money(row.price),
  interruptible: row.bid,
  endpoints: row.ip === null ? noEndpoints : { ...noEndpoints, ssh: [sshEndpoint(row.ip, 2222, "root", "direct")] },
  native: { state: row.state },
  said: row.said ?? null
})

/** An offer's row in common terms. */
export const toOffer = (row: CloudOffer, observedAt: DateTime.Utc): Offer<"reference", "container"> => {
  const price = money(row.price)
  return {
    id: row.id,
    provider: "reference",
    kind: "container",
    gpu: { ...canonicalGpu(row.gpu), count: row.gpus, vramMiB: row.vram },
    vcpus: row.vcpus,
    memoryMiB: row.memory,
    diskMiB: row.disk,
    storageMiB: row.disk,
    location: { country: row.country, region: null, native: row.country },
    price,
    minimumBid: row.bid === null ? null : money(row.bid),
    terms: {
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
