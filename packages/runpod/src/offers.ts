import { type GpuError, Listing, type Offer, type ResolvedFilter } from "@anygpu/core"
import { type Caller, gbOfMiB, listRows, mapRows, wantsMachinesWithoutGpu } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { defaultGB } from "./from-domain.ts"
import { cpuOffers, gpuOffers } from "./to-domain.ts"
import * as wire from "./wire.ts"

type Offers = Listing<Offer<"runpod", "container">>

const stock = { include: "AVAILABILITY", product: "POD" } as const
const at = { provider: "runpod", kind: "container", idField: "id" } as const

/** The GPU offers of one cloud, for so many GPUs each: stock is asked for by their number. */
const gpusOf = (
  caller: Caller,
  cloud: "SECURE" | "COMMUNITY",
  { count, disk }: { readonly count: number; readonly disk: number }
): Effect.Effect<Offers, GpuError> => {
  const [operation, part] = ["listGpuTypes", `${cloud.toLowerCase()} gpus`]
  return listRows<wire.GpuType>(caller, {
    ...{ cloud: "Runpod", operation, part, kind: "container", schema: wire.GpuType, keyOf: ({ id }) => id },
    ask: () =>
      Effect.map(caller.call(endpoints.listGpuTypes, { query: { ...stock, cloud, count } }), ({ gpus }) => ({
        rows: gpus
      }))
  }).pipe(
    Effect.map(({ items, observedAt, problems }) => {
      const made = mapRows(items, { ...at, operation, part, idOf: ({ id }) => id }, (row) =>
        gpuOffers(row, { cloud, count, disk, observedAt })
      )
      return Listing.read({ items: made.items, observedAt, problems: [...problems, ...made.problems] })
    })
  )
}

const cpusOf = (caller: Caller, disk: number): Effect.Effect<Offers, GpuError> => {
  const [operation, part] = ["listCpuTypes", "cpus"]
  return listRows<wire.CpuType>(caller, {
    ...{ cloud: "Runpod", operation, part, kind: "container", schema: wire.CpuType, keyOf: ({ id }) => id },
    ask: () => Effect.map(caller.call(endpoints.listCpuTypes, { query: stock }), ({ cpus }) => ({ rows: cpus }))
  }).pipe(
    Effect.map(({ items, observedAt, problems }) => {
      const made = mapRows(items, { ...at, operation, part, idOf: ({ id }) => id }, (row) =>
        cpuOffers(row, { disk, observedAt })
      )
      return Listing.read({ items: made.items, observedAt, problems: [...problems, ...made.problems] })
    })
  )
}

/**
 * What can be rented: each type in each data centre that has it, of both clouds.
 *
 * - Of one GPU, or of as many as the filter says: Runpod shows its stock for a number.
 * - CPU pods are among them where the filter names the kind and `minVcpus`, and nothing of a GPU: everywhere else they would
 *   come before everything.
 */
export const offersOf = (caller: Caller, filter: ResolvedFilter): Effect.Effect<Offers, GpuError> => {
  const { gpuCount: count = 1, minDiskMiB = 0 } = filter
  const disk = Math.max(defaultGB, gbOfMiB(minDiskMiB))
  const reads = [gpusOf(caller, "SECURE", { count, disk }), gpusOf(caller, "COMMUNITY", { count, disk })]
  const all = wantsMachinesWithoutGpu(filter) ? [...reads, cpusOf(caller, disk)] : reads
  return Effect.all(all, { concurrency: "unbounded" }).pipe(
    Effect.flatMap((listings) => Effect.map(DateTime.now, (now) => Listing.merge(listings, now)))
  )
}
