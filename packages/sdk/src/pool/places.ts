import type { LaunchRecord, Ledger, ProviderFault } from "@anygpu/core"
import * as Effect from "effect/Effect"

/*
 * A place of a pool has one machine after the other, each launched under a key of its own: `pool:NAME:PLACE:1`, `...:2` and so
 * on. Two processes that keep one pool take the same key for the same place, and so the same machine.
 */

/** The key of a machine of a place. */
export const keyOf = (name: string, place: number, number: number): string => `pool:${name}:${place}:${number}`

/** The last launch of a place, and its number; the first one that there will be where nothing was launched. */
export interface Place {
  readonly place: number
  readonly number: number
  readonly launch: LaunchRecord | null
}

const launchOf = (ledger: Ledger, key: string): Effect.Effect<LaunchRecord | null, ProviderFault> =>
  Effect.map(ledger.launches({ key }), (launches) => launches.at(-1) ?? null)

/** Finds the last launch of a place: its numbers have no gaps, so that a few questions find the last of many. */
export const readPlace = Effect.fnUntraced(function* (
  ledger: Ledger,
  name: string,
  place: number
): Effect.fn.Return<Place, ProviderFault> {
  const at = (number: number) => launchOf(ledger, keyOf(name, place, number))
  let last = yield* at(1)
  if (last === null) return { place, number: 1, launch: null }
  let [known, none] = [1, 2]
  for (let found = yield* at(none); found !== null; found = yield* at(none)) {
    ;[last, known, none] = [found, none, none * 2]
  }
  while (none - known > 1) {
    const middle = Math.floor((known + none) / 2)
    const found = yield* at(middle)
    if (found === null) none = middle
    else [last, known] = [found, middle]
  }
  return { place, number: known, launch: last }
})

/** The launches of a pool whose machines are still leased, with their places. */
export const leasedOf = (
  ledger: Ledger,
  name: string
): Effect.Effect<ReadonlyArray<{ readonly place: number; readonly launch: LaunchRecord }>, ProviderFault> =>
  Effect.map(ledger.launches({ leased: true }), (launches) =>
    launches.flatMap((launch) => {
      const parts = launch.key?.split(":") ?? []
      return parts[0] === "pool" && parts[1] === name ? [{ place: Number(parts[2]), launch }] : []
    })
  )
