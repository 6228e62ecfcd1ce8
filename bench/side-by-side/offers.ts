import type { Way } from "../once.ts"
import { ask } from "./ask.ts"

/** What the rows are made of: a few characters beyond ASCII, as the cloud sends them, or none. */
export type Characters = "all" | "ascii"

/** What one search took: the mean of many in one process. */
export interface Took {
  /** Milliseconds by the clock. */
  readonly wall: number
  /** Milliseconds of the processor, on all threads of the process. */
  readonly cpu: number
  /** By how many bytes the process grew at most. */
  readonly grown: number
  /** How many offers were found. */
  readonly found: number
}

/** A market's offers fetched, filtered and sorted; the best process of each way. */
export interface Offers extends Readonly<Record<Characters, Readonly<Record<Way, Took>>>> {
  readonly count: number
  readonly processes: number
}

const [count, processes] = [10_000, 5]

const bestOf = (took: ReadonlyArray<Took>): Took => {
  const best = (number: (one: Took) => number) => Math.min(...took.map(number))
  const [found = 0] = took.map((one) => one.found)
  return { wall: best(({ wall }) => wall), cpu: best(({ cpu }) => cpu), grown: best(({ grown }) => grown), found }
}

/** Searches in both ways, one process after the other in turns. */
export const measureOffers = async (rounds: number): Promise<Offers> => {
  const measure = async (characters: Characters) => {
    const took = { sdk: [] as Took[], hand: [] as Took[] }
    const program = "side-by-side/offers-once.ts"
    for (let turn = 0; turn < processes; turn++) {
      for (const way of ["sdk", "hand"] as const) {
        took[way].push(await ask<Took>(program, way, characters, String(count), String(rounds)))
      }
    }
    const [sdk, hand] = [bestOf(took.sdk), bestOf(took.hand)]
    if (sdk.found !== hand.found) throw new Error(`${sdk.found} offers with the SDK, and ${hand.found} by hand`)
    return { sdk, hand }
  }
  return { count, processes, all: await measure("all"), ascii: await measure("ascii") }
}
