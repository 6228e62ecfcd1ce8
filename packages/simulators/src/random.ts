/**
 * A small deterministic generator (mulberry32): the same seed gives the same world.
 *
 * - `state` can be stored and given back as a seed, so a restored world continues the same sequence.
 */
export interface Random {
  /** The next number in [0, 1). */
  next(): number
  /** The next number in [low, high). */
  between(low: number, high: number): number
  /** The next integer in [low, high]. */
  integer(low: number, high: number): number
  /** One item of a list that isn't empty. */
  pick<A>(items: readonly [A, ...A[]]): A
  /** `length` hexadecimal digits. */
  hex(length: number): string
  /** The state as a number. */
  state(): number
}

const hexDigits = "0123456789abcdef"

/** Creates a generator from a seed. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const between = (low: number, high: number) => low + next() * (high - low)
  const integer = (low: number, high: number) => Math.floor(between(low, high + 1))
  return {
    next,
    between,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    hex: (length) => {
      let digits = ""
      while (digits.length < length) digits += hexDigits[integer(0, 15)]
      return digits
    },
    state: () => state
  }
}
