import { formatMoney, type GpuError, type Listing, splitMarker, type Volume } from "@anygpu/core"
import { type Caller, coalesce, listRows, mibOfGB } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import { endpoints } from "./endpoints.ts"
import { isDiskOf } from "./machine.ts"
import { markerTag, priceOf } from "./values.ts"
import * as wire from "./wire.ts"

type Volumes = Effect.Effect<Listing<wire.Volume>, GpuError>

/** The volumes of the project, those of the trash apart. */
export const volumesOf = (caller: Caller): Volumes =>
  coalesce(
    listRows<wire.Volume>(caller, {
      ...{ cloud: "Verda", operation: "listVolumes", part: "volumes", schema: wire.Volume, keyOf: ({ id }) => id },
      ask: () => Effect.map(caller.call(endpoints.listVolumes, { query: {}, kind: "vm" }), (rows) => ({ rows }))
    })
  )

/** A volume in common terms. */
export const volumeOf = (row: wire.Volume): Volume => ({
  ...{ provider: "verda", id: row.id, name: row.name || null, type: row.type ?? null, native: row },
  sizeMiB: row.size == null ? null : mibOfGB(row.size),
  location: { country: null, region: row.location || null, native: row.location || null },
  pricePerHour: priceOf(row.base_hourly_cost, row.currency),
  attachedTo: row.instances?.flatMap(({ id }) => id ?? []) ?? null
})

/**
 * Deletes for good the volumes that a launch made, by the marker in their names: no other one has it.
 *
 * - One that a machine still has is refused, and stays.
 */
export const deleteMade = ({ call }: Caller, volumes: Volumes, marker: string): Effect.Effect<void, GpuError> =>
  Effect.flatMap(volumes, ({ items }) =>
    Effect.forEach(
      items.filter(({ name }) => name?.includes(`-${marker}`)),
      ({ id }) => call(endpoints.deleteVolume, { params: { id }, body: { is_permanent: true }, kind: "vm" }),
      { discard: true }
    )
  )

const markerIn = ({ hostname, tags }: wire.Instance): string | null =>
  splitMarker(hostname ?? "").marker ?? tags?.find(({ key }) => key === markerTag)?.value ?? null

/**
 * Which disks end with a machine: its OS volume, where it was made for it, and no other.
 *
 * - Made for it is one that has the machine's marker in its name: one from which it was begun again has not.
 * - One that cannot be read is kept: it costs on, which `leftovers` says, and nobody's data is lost.
 * - Null for a machine of others: Verda does what it does without a word, which puts an OS volume into the trash for 96 hours.
 */
export const doomedDisks = (
  { call }: Caller,
  machine: wire.Instance
): Effect.Effect<ReadonlyArray<string> | null, never> => {
  const marker = markerIn(machine)
  const { os_volume_id: id } = machine
  if (marker === null) return Effect.succeed(null)
  if (!id) return Effect.succeed([])
  return call(endpoints.getVolume, { params: { id }, kind: "vm" }).pipe(
    Effect.map(({ name }) => (name?.includes(`-${marker}`) ? [id] : [])),
    Effect.orElseSucceed(() => [])
  )
}

const sentence = (volume: wire.Volume): string => {
  const cost = priceOf(volume.base_hourly_cost, volume.currency)
  const costs = cost ? `goes on costing ${formatMoney(cost)} per hour` : "goes on costing money"
  const size = volume.size == null ? "" : ` of ${volume.size} GB`
  const what = volume.is_os_volume ? "OS volume" : "data volume"
  return `The ${what} "${volume.name || volume.id}"${size} (${volume.id}, ${volume.status ?? "status unknown"}) is still there and ${costs}: delete it if nobody needs it`
}

const unread = (because: string): string =>
  `The project's volumes could not all be read (${because}): look in the console whether one is left and costs money`

/**
 * The disks that stay when a machine is gone, as sentences for people: its own, and every one that no machine has.
 *
 * - Never fails: the machine is gone, and what could not be read is said.
 *
 * Source: Verda docs, deleting-storage: a volume costs while it is detached.
 */
export const volumesLeft = (volumes: Volumes, id: string): Effect.Effect<ReadonlyArray<string>> =>
  volumes.pipe(
    Effect.map(({ items, problems }) => {
      const isLoose = (volume: wire.Volume) => isDiskOf({ id }, volume) || volume.status?.toLowerCase() === "detached"
      return [...items.filter(isLoose).map(sentence), ...problems.slice(0, 1).map(({ error }) => unread(error.message))]
    }),
    Effect.catch((error) => Effect.succeed([unread(error.message)]))
  )
