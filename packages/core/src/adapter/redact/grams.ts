import { folded, isGap } from "./fold.ts"
import {
  digitSuffices,
  filterBits,
  type GramTable,
  gapCode,
  gram,
  hashOf,
  leastOfBoth,
  noCode,
  shelfOf,
  surely
} from "./gram-table.ts"
import type { View } from "./view.ts"

/** Part of the shown text. */
export type Range = readonly [from: number, to: number]

/** Where the gram begins in `units` that ends with the unit at `last`, if it is the one that ends at `place`; or -1. */
const startOf = ({ all }: GramTable, place: number, units: Uint16Array, last: number): number => {
  let [at, same] = [last, place]
  for (let index = 0; index < gram; index++) {
    while (isGap(units[at] as number)) at--
    while (isGap(all.charCodeAt(same))) same--
    if (folded(units[at--] as number) !== folded(all.charCodeAt(same--))) return -1
  }
  return at + 1
}

/** Where the gram of this hash that ends with the unit at `last` ends in `all`; 0 if no secret has it. */
const placeOf = (table: GramTable, hash: number, units: Uint16Array, last: number): number => {
  const { slots, slotMask, placeMask } = table
  for (let slot = shelfOf(hash, slotMask); slots[slot] !== 0; slot = (slot + 1) & slotMask) {
    const entry = slots[slot] as number
    if (((entry ^ hash) & ~placeMask) !== 0) continue
    if (startOf(table, entry & placeMask, units, last) >= 0) return entry & placeMask
  }
  return 0
}

/** Where the gram ends in `all` that follows the one at `place` there, if it is one to find and goes on with this unit; or 0. */
const placeBehind = ({ all, leasts }: GramTable, place: number, unit: number): number => {
  let next = place + 1
  while (isGap(all.charCodeAt(next))) next++
  return (leasts[next] ?? 0) > 0 && folded(unit) === folded(all.charCodeAt(next)) ? next : 0
}

const hasDigit = (units: Uint16Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if ((units[at] as number) >= 48 && (units[at] as number) <= 57) return true
  return false
}

/** Finds parts of secrets in a view. */
export type PartFinder = (view: View, found: (range: Range) => void) => void

/**
 * Looks for parts of secrets, of eight characters or more, in one pass.
 *
 * - Case, gaps and backslashes make no difference.
 * - How long a part has to be, its secret says: see {@link Nature}.
 */
export const partFinder = (table: GramTable): PartFinder => {
  const { codes, filter, slotMask, leasts } = table
  return (view, found) => {
    const { units } = view
    /** The part that is being read: its units, how many are no gaps, and how many units outside any gram end before it does. */
    let [from, to, length, ended] = [0, 0, 0, 0]
    let least = 0
    const close = (): void => {
      const isEnough = length >= (least & ~digitSuffices) || ((least & digitSuffices) > 0 && hasDigit(units, from, to))
      if (isEnough) found([view.from(from), view.to(to - 1)])
    }
    let [first, last, inRow, count] = [0, 0, 0, 0]
    /** Where the gram that ended with the unit before ends in `all`: what stands behind it there needs no search. */
    let place = 0
    for (let at = 0; at < units.length; at++) {
      const code = codes[units[at] as number] as number
      if (code === gapCode) continue
      count++
      if (code === noCode) {
        place = inRow = 0
        continue
      }
      first = (first << 8) | (last >>> 24)
      last = (last << 8) | code
      if (++inRow < gram) continue
      if (place > 0) place = placeBehind(table, place, units[at] as number)
      if (place === 0) {
        const hash = hashOf(first, last)
        const bits = filterBits(hash)
        if (((filter[(hash & slotMask) >>> 2] as number) & bits) !== bits) continue
        place = placeOf(table, hash, units, at)
        if (place === 0) continue
      }
      if (length === 0 || count - gram > ended) {
        if (length > 0) close()
        ;[from, length, least] = [startOf(table, place, units, at), 0, surely]
        ended = count - gram
      }
      length += count - ended
      ended = count
      to = at + 1
      least = leastOfBoth(least, leasts[place] as number)
    }
    if (length > 0) close()
  }
}
