import { createRandom } from "@anygpu/simulators"

/** Chance that is the same again for the same seed. */
export interface Chance {
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  /** Whether something happens that happens so many times in a hundred. */
  percent(of: number): boolean
}

/** Makes chance from a seed. */
export const chanceOf = (seed: number): Chance => {
  const { next, integer } = createRandom(seed)
  return { between: integer, percent: (of) => next() * 100 < of }
}
