import type { Instance, Listing } from "anygpu"
import { placeOf } from "./kinds.ts"

interface Sighting {
  readonly instance: Instance
  /** The last whole list did not show it. */
  readonly missing: boolean
}

/** The machines that the clouds listed last. */
export interface Sightings {
  readonly all: () => ReadonlyArray<Instance>
  /**
   * What a list showed.
   *
   * - A machine that a whole list does not show is kept until the next one agrees: lists lag behind. One that is
   *   `terminated` is left out at once.
   */
  readonly see: (listing: Listing<Instance>, place: string, machines: ReadonlyArray<Instance>) => void
}

/** Nothing was listed yet. */
export const makeSightings = (): Sightings => {
  let seen: ReadonlyMap<string, Sighting> = new Map()
  return {
    all: () => Array.from(seen.values(), ({ instance }) => instance),
    see: ({ items, complete }, place, machines) => {
      const shown = new Set(items.map(({ ref }) => String(ref)))
      const kept = [...seen].flatMap(([name, sighting]): ReadonlyArray<[string, Sighting]> => {
        if (placeOf(sighting.instance.ref) !== place) return [[name, sighting]]
        if (shown.has(name) || (complete && sighting.missing)) return []
        return [[name, { ...sighting, missing: complete }]]
      })
      const news = machines.map((instance) => [String(instance.ref), { instance, missing: false }] as const)
      seen = new Map([...kept, ...news])
    }
  }
}
