import { formatMoney, type GpuError, type Listing } from "@anygpu/core"
import type { Caller } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { allRows, byCursor } from "./pages.ts"
import { priceOf } from "./to-domain.ts"
import * as wire from "./wire.ts"

const statusOf = ({ status }: wire.Volume) => status?.trim().toLowerCase()

const sentence = (volume: wire.Volume): string => {
  const cost = priceOf(volume.base_hourly_cost, volume.currency)
  const costs = cost ? `goes on costing ${formatMoney(cost)} per hour` : "may go on costing money"
  const size = volume.size == null ? "" : ` of ${volume.size} GB`
  const what = volume.is_os_volume ? "boot disk" : "data volume"
  return `The ${what} "${volume.name || volume.id}"${size} (${volume.id}, ${volume.status ?? "status unknown"}) is still there and ${costs}: delete it if nobody needs it`
}

const unread = (because: string): string =>
  `The account's volumes could not all be read (${because}): look in the console whether a data volume is left and costs money`

/**
 * The disks that stay when a machine is gone, as sentences for people. Nothing is deleted: data volumes outlive machines.
 *
 * - Data volumes that are detached, whichever machine had them, and those that belong to this machine or to none that is
 *   there: `instance_id` may be a deployment's id or its `provider_id`.
 * - Boot disks that are detached: what becomes of one when its machine ends is not documented.
 * - Never fails: the machine is gone, and what could not be read is said.
 *
 * Source: Huddle01 docs, GPU Volumes.
 */
export const volumesLeft = (
  caller: Caller,
  machines: Effect.Effect<Listing<wire.Deployment>, GpuError>,
  id: string
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.gen(function* () {
    const all = yield* allRows(caller, {
      operation: "listVolumes",
      part: "volumes",
      schema: wire.Volume,
      keyOf: (volume) => volume.id,
      ask: (cursor) =>
        caller.call(endpoints.listVolumes, { query: cursor === undefined ? {} : { cursor }, kind: "vm" }),
      next: byCursor
    })
    const isDetached = (volume: wire.Volume) => statusOf(volume) === "detached"
    const left = all.items.map(({ row }) => row).filter((volume) => statusOf(volume) !== "deleted")
    const data = left.filter((volume) => !volume.is_os_volume || isDetached(volume))
    const isLoose = (volume: wire.Volume) => isDetached(volume) || !volume.instance_id || volume.instance_id === id
    const unsure = all.problems.slice(0, 1).map(({ error }) => unread(error.message))
    if (data.every(isLoose)) return [...data.map(sentence), ...unsure]
    const others = yield* Effect.result(machines)
    if (others._tag === "Failure" || !others.success.complete) {
      return [
        ...data.filter(isLoose).map(sentence),
        ...unsure,
        unread("the machines that have them could not be listed")
      ]
    }
    const there = others.success.items.filter((machine) => machine.id !== id && machine.status !== "deleted")
    const inUse = new Set(there.flatMap((machine) => [machine.id, machine.provider_id]))
    return [...data.filter((volume) => isLoose(volume) || !inUse.has(volume.instance_id)).map(sentence), ...unsure]
  }).pipe(Effect.catch((error) => Effect.succeed([unread(error.message)])))
