/** Chance that is the same again for the same seed (mulberry32). */
export interface Chance {
  /** A whole number of at least 0 and below `end`. */
  below(end: number): number
  /** Whether something happens that happens once in `times`. */
  once(times: number): boolean
  pick<A>(items: readonly [A, ...A[]]): A
  /** Some of a list, in its order. */
  some<A>(items: ReadonlyArray<A>): ReadonlyArray<A>
}

/** Makes chance from a seed. */
export const chanceOf = (seed: number): Chance => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    below,
    once: (times) => below(times) === 0,
    pick: (items) => items[below(items.length)] ?? items[0],
    some: (items) => items.filter(() => next() < 0.4)
  }
}
