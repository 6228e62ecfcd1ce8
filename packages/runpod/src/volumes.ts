import { type GpuError, type Listing, type Money, scaleMoney, type Volume } from "@anygpu/core"
import { type Caller, listRows, mibOfGB, type VolumeWords } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { placeOf } from "./places.ts"
import { hoursPerMonth, networkPerMonth } from "./values.ts"
import * as wire from "./wire.ts"

/** The GB that cost the first price; those beyond cost the second. Source: Runpod docs, pods/pricing. */
const firstGB = 1000

/**
 * What a network volume costs per hour; null where no page has the price.
 *
 * - High performance is dearer, and only the console shows how much. Source: Runpod docs, storage/network-volumes.
 */
export const networkPerHour = ({ size, type }: Pick<wire.NetworkVolume, "size" | "type">): Money | null => {
  if (size == null || type !== "STANDARD") return null
  const [first, beyond] = networkPerMonth
  const whole =
    scaleMoney(first, Math.min(size, firstGB), 1).micros + scaleMoney(beyond, Math.max(0, size - firstGB), 1).micros
  return scaleMoney({ micros: whole, currency: "USD" }, 1, hoursPerMonth)
}

const rowsOf = (caller: Caller) =>
  listRows<wire.NetworkVolume>(caller, {
    ...{ cloud: "Runpod", operation: "listNetworkVolumes", part: "network volumes", field: "networkVolumes" },
    ...{ schema: wire.NetworkVolume, keyOf: ({ id }) => id },
    ask: () => Effect.map(caller.call(endpoints.listNetworkVolumes), ({ networkVolumes }) => ({ rows: networkVolumes }))
  })

const mountsOf = ({ mounts }: wire.Pod): ReadonlyArray<string> =>
  (mounts?.network ?? []).flatMap((mount) => mount.volumeId ?? [])

const volumeOf = (row: wire.NetworkVolume, pods: Listing<wire.Pod>): Volume => ({
  provider: "runpod",
  id: row.id,
  name: row.name ?? null,
  sizeMiB: row.size == null ? null : mibOfGB(row.size),
  type: row.type ?? null,
  location: placeOf(row.dataCenter),
  pricePerHour: networkPerHour(row),
  attachedTo: pods.complete ? pods.items.filter((pod) => mountsOf(pod).includes(row.id)).map(({ id }) => id) : null,
  native: row
})

/** The network volumes of the account. Runpod says of pods which one they have, and not of volumes. */
export const volumesOf = (
  caller: Caller,
  pods: Effect.Effect<Listing<wire.Pod>, GpuError>
): Effect.Effect<Listing<Volume>, GpuError> =>
  Effect.map(Effect.all([rowsOf(caller), pods], { concurrency: 2 }), ([rows, machines]) =>
    rows.with(rows.items.map((row) => volumeOf(row, machines)))
  )

/** A pod's end detaches its network volume, which goes on costing. */
export const leftoverWords: VolumeWords = {
  ...{ what: "network volume", on: "pod", unpriced: "what only the console shows" },
  place: ({ location: { region } }) => region ?? "place unknown"
}
