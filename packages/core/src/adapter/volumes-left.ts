import * as Effect from "effect/Effect"
import type { GpuError } from "../errors.ts"
import type { Listing } from "../model/listing.ts"
import { formatMoney } from "../model/money.ts"
import type { Volume } from "../model/volume.ts"

/** How the volumes of a cloud are called. */
export interface VolumeWords {
  /** One of them: `network volume`. */
  readonly what: string
  /** What the volume is on when it is in use: `pod`. */
  readonly on: string
  /** Where it stands. */
  readonly place: (volume: Volume) => string
  /** What is said of one whose price no document has: `what only the console shows`. */
  readonly unpriced: string
}

const sentence = (volume: Volume, { what, on, place, unpriced }: VolumeWords): string => {
  const { id, name, pricePerHour } = volume
  const costs = pricePerHour ? `${formatMoney(pricePerHour)} per hour` : unpriced
  return `The ${what} "${name || id}" (${id}, ${place(volume)}) is on no ${on} and goes on costing ${costs}: delete it if nobody needs it`
}

/**
 * The volumes that nothing uses, as sentences for people: what a machine's end leaves, and costs on.
 *
 * - Nothing is deleted. Never fails: what could not be read is said.
 */
export const volumesLeft = (
  volumes: Effect.Effect<Listing<Volume>, GpuError>,
  words: VolumeWords
): Effect.Effect<ReadonlyArray<string>> =>
  Effect.match(volumes, {
    onFailure: ({ message }) => [
      `The account's ${words.what}s could not be read (${message}): look in the console whether one is left and costs money`
    ],
    onSuccess: ({ items, problems }) => [
      ...items
        .filter(({ attachedTo }) => attachedTo === null || attachedTo.length === 0)
        .map((volume) => sentence(volume, words)),
      ...problems
        .slice(0, 1)
        .map(({ error }) => `Not all ${words.what}s could be read (${error.message}): look in the console`)
    ]
  })
