import type { View } from "./view.ts"

/** Part of the shown text. */
export type Range = readonly [from: number, to: number]

/** So many characters of a secret in a row are looked for, whatever stands before and after them. */
export const gram = 8

/** A part of this length is always given away, whatever it is made of. */
const surely = 24

const multiplier = 0x01000193
const dropped = Array.from({ length: gram }).reduce<number>((product) => Math.imul(product, multiplier), 1)

const mix = (hash: number): number => {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
}

interface Folded {
  readonly units: Uint16Array
  /** Where each unit stands in what was folded. */
  readonly places: Int32Array
}

const isGap = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13) || unit === 92 || unit === 43

/** Folds units to where `all` goes on at `base`, and answers how many there are. */
const foldInto = (units: Uint16Array, all: Uint16Array, base: number): number => {
  let length = 0
  for (let at = 0; at < units.length; at++) {
    const unit = units[at] ?? 0
    if (!isGap(unit)) all[base + length++] = unit >= 65 && unit <= 90 ? unit + 32 : unit
  }
  return length
}

/** Whether a text has less than one {@link gram} of units that are no gaps. */
export const isShort = (text: string): boolean => {
  let length = 0
  for (let at = 0; at < text.length && length < gram; at++) if (!isGap(text.charCodeAt(at))) length++
  return length < gram
}

/** What is the same in every spelling: small letters, without gaps, backslashes and the plus that stands for a gap. */
const fold = (units: Uint16Array): Folded => {
  const folded = new Uint16Array(units.length)
  const places = new Int32Array(units.length)
  let length = 0
  for (let at = 0; at < units.length; at++) {
    const unit = units[at] ?? 0
    if (isGap(unit)) continue
    folded[length] = unit >= 65 && unit <= 90 ? unit + 32 : unit
    places[length++] = at
  }
  return { units: folded.subarray(0, length), places: places.subarray(0, length) }
}

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57

/** How long a part of a secret has to be to give it away, with a digit in it and without one. */
const leastOf = (length: number, isOneWord: boolean): readonly [withDigit: number, without: number] => {
  const most = Math.min(length, surely)
  return isOneWord ? [gram, Math.min(most, Math.max(gram, Math.ceil(length / 2)))] : [most, most]
}

/** A secret whose parts are looked for. */
export interface Parted {
  readonly units: Uint16Array
  readonly isOneWord: boolean
}

/** Every {@link gram} of all secrets, once, with how long a part has to be. */
interface Grams {
  /** Which units occur in any secret: a gram with another one is in none. */
  readonly occurs: Uint8Array
  /** A bit for each hash that there is, small enough to stay near the processor. */
  readonly bits: Uint32Array
  readonly bitMask: number
  /** Where the gram of a slot stands in `all`, plus one, below bits of its hash; 0 where the slot is empty. */
  readonly table: Int32Array
  readonly mask: number
  readonly placeMask: number
  readonly all: Uint16Array
  /** How long a part with the gram that stands there has to be. */
  readonly withDigit: Uint8Array
  readonly without: Uint8Array
}

const powerAbove = (least: number): number => 2 ** Math.ceil(Math.log2(least))

/** The slot that holds the gram of `units` at `at`, or the empty one where it belongs. */
const slotOf = ({ table, mask, placeMask, all }: Grams, mixed: number, units: Uint16Array, at: number): number => {
  for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
    const entry = table[slot] ?? 0
    if (entry === 0) return slot
    if (((entry ^ mixed) & ~placeMask) !== 0) continue
    const start = (entry & placeMask) - 1
    let index = 0
    while (index < gram && units[at + index] === all[start + index]) index++
    if (index === gram) return slot
  }
}

const gramsOf = (secrets: ReadonlyArray<Parted>): Grams => {
  const total = secrets.reduce((sum, { units }) => sum + units.length, 0)
  const size = powerAbove(Math.max(16, total * 2))
  const bitCount = powerAbove(Math.max(32, total * 8))
  const grams: Grams = {
    occurs: new Uint8Array(65_536),
    bits: new Uint32Array(bitCount / 32),
    bitMask: bitCount - 1,
    table: new Int32Array(size),
    mask: size - 1,
    placeMask: powerAbove(total + 2) - 1,
    all: new Uint16Array(total),
    withDigit: new Uint8Array(total),
    without: new Uint8Array(total)
  }
  const { occurs, bits, bitMask, table, placeMask, all, withDigit, without } = grams
  let base = 0
  for (const { units, isOneWord } of secrets) {
    const end = base + foldInto(units, all, base)
    const [least, leastWithout] = leastOf(end - base, isOneWord)
    let hash = 0
    for (let at = base; at < end; at++) {
      const unit = all[at] ?? 0
      occurs[unit] = 1
      hash = (Math.imul(hash, multiplier) + unit) | 0
      const own = at - gram + 1
      if (own > base) hash = (hash - Math.imul(all[own - 1] ?? 0, dropped)) | 0
      if (own < base) continue
      const mixed = mix(hash)
      const slot = slotOf(grams, mixed, all, own)
      const start = ((table[slot] ?? 0) & placeMask) - 1
      if (start < 0) {
        table[slot] = (mixed & ~placeMask) | (own + 1)
        bits[(mixed & bitMask) >>> 5] = (bits[(mixed & bitMask) >>> 5] ?? 0) | (1 << (mixed & 31))
        withDigit[own] = least
        without[own] = leastWithout
      } else {
        withDigit[start] = Math.min(withDigit[start] ?? surely, least)
        without[start] = Math.min(without[start] ?? surely, leastWithout)
      }
    }
    base = end
  }
  return grams
}

/** Finds parts of secrets in a view. */
export type PartFinder = (view: View, found: (range: Range) => void) => void

/**
 * Looks for parts of secrets, of eight characters or more, in one pass.
 *
 * - Case, gaps and backslashes make no difference.
 * - A part without a digit has to be half of its secret, or 24 characters: `https://` gives nothing away. Of a text of
 *   several words that is asked of every part.
 */
export const partFinder = (secrets: ReadonlyArray<Parted>): PartFinder => {
  const grams = gramsOf(secrets)
  const { occurs, bits, bitMask, table, placeMask, withDigit, without } = grams
  return (view, found) => {
    const { units, places } = fold(view.units)
    let [from, to, least, leastWithout] = [0, 0, 0, 0]
    const close = (): void => {
      const needed = units.subarray(from, to).some(isDigit) ? least : leastWithout
      if (to - from >= needed) found([view.from(places[from] ?? 0), view.to(places[to - 1] ?? 0)])
    }
    let [hash, inRow] = [0, 0]
    for (let at = 0; at < units.length; at++) {
      const unit = units[at] ?? 0
      if (occurs[unit] === 0) {
        hash = 0
        inRow = 0
        continue
      }
      hash = (Math.imul(hash, multiplier) + unit) | 0
      if (++inRow > gram) hash = (hash - Math.imul(units[at - gram] ?? 0, dropped)) | 0
      if (inRow < gram) continue
      const mixed = mix(hash)
      if ((((bits[(mixed & bitMask) >>> 5] ?? 0) >>> (mixed & 31)) & 1) === 0) continue
      const start = at - gram + 1
      const known = ((table[slotOf(grams, mixed, units, start)] ?? 0) & placeMask) - 1
      if (known < 0) continue
      if (to === 0 || start > to) {
        if (to > 0) close()
        ;[from, least, leastWithout] = [start, surely, surely]
      }
      to = at + 1
      least = Math.min(least, withDigit[known] ?? surely)
      leastWithout = Math.min(leastWithout, without[known] ?? surely)
    }
    if (to > 0) close()
  }
}
