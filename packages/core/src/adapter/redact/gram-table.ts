import { folded, isGap, powerAbove } from "./fold.ts"

/** So many characters of a secret in a row are looked for, whatever stands before and after them. */
export const gram = 8

/** A part of this length is always given away, whatever it is made of. */
export const surely = 24

/**
 * What a secret is, which says how long a part of it without a digit has to be.
 *
 * - `key`: random signs; `word`: a text without spaces, such as an address; `text`: several words.
 */
export type Nature = "key" | "word" | "text"

/** A secret whose parts are looked for. */
export interface Parted {
  readonly text: string
  readonly nature: Nature
}

/** With how long a part has to be goes this flag, where eight characters with a digit among them are enough. */
export const digitSuffices = 32

/** How long a part has to be to give its secret away. */
const leastOf = (length: number, nature: Nature): number => {
  if (nature === "key") return gram | digitSuffices
  const most = Math.min(length, surely)
  return nature === "word" ? Math.min(most, Math.max(gram, Math.ceil(length / 2))) | digitSuffices : most
}

/** What is asked of a part that stands in two secrets. */
export const leastOfBoth = (one: number, other: number): number =>
  Math.min(one & ~digitSuffices, other & ~digitSuffices) | ((one | other) & digitSuffices)

/** What a unit counts as in a hash that is in no secret. */
export const noCode = 0

/** What a gap counts as. */
export const gapCode = 1

const codeOf = (unit: number): number => {
  if (isGap(unit)) return gapCode
  const code = (folded(unit) ^ (unit >>> 8)) & 0xff
  return code > gapCode ? code : code + 2
}

/** What the units of ASCII count as. */
const asciiCodes = Uint8Array.from({ length: 128 }, (_, unit) => codeOf(unit))

/** The hash of eight codes, four in each number; never 0. */
export const hashOf = (first: number, last: number): number => {
  const sum = (Math.imul(first, 0x9e3779b1) + Math.imul(last, 0x85ebca6b)) | 0
  const mixed = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13) || 1
}

/**
 * Every {@link gram} of all secrets, once, whatever its gaps and capitals.
 *
 * - Small: fresh memory costs as much time as what is done in it.
 */
export interface GramTable {
  /** What each unit counts as. A gram with a unit that counts as nothing is in no secret. */
  readonly codes: Uint8Array
  /** Bits of the hashes that there are, a number for four slots: small enough to stay near the processor. */
  readonly filter: Int32Array
  /** Where the gram of a slot ends in `all`, below bits of its hash; 0 where the slot is empty. */
  readonly slots: Int32Array
  readonly slotMask: number
  readonly placeMask: number
  /** All secrets in one text. */
  readonly all: string
  /** How long a part with the gram that ends there has to be; 0 where none ends, or one that ends elsewhere too and is noted there. */
  readonly leasts: Uint8Array
}

/** The bits of a hash in the filter's number of its slot: three of 32, which let the fewest others through. */
export const filterBits = (hash: number): number =>
  (1 << (hash >>> 27)) | (1 << (hash >>> 22)) | (1 << (hash ^ (hash >>> 18)))

/** So many slots in a row are filled from the first on, those of the next ones when they are full. */
const shelfBits = 4
const shelf = 1 << shelfBits

/** The first of the slots where the gram with this hash may be; it is in the row that begins there, up to the first empty one. */
export const shelfOf = (hash: number, slotMask: number): number => hash & slotMask & -shelf

const emptyTable = (all: string, grams: number): GramTable => {
  const slotCount = powerAbove(Math.max(shelf, grams * 1.25))
  const codes = new Uint8Array(65_536)
  for (let unit = 0; unit < 128; unit++) if (isGap(unit)) codes[unit] = gapCode
  return {
    codes,
    filter: new Int32Array(slotCount / 4),
    slots: new Int32Array(slotCount),
    slotMask: slotCount - 1,
    placeMask: powerAbove(all.length + 1) - 1,
    all,
    leasts: new Uint8Array(all.length)
  }
}

/** Whether the grams are the same that end with these units. */
const isSame = (all: string, one: number, other: number): boolean => {
  let [at, same] = [one, other]
  for (let index = 0; index < gram; index++) {
    while (isGap(all.charCodeAt(at))) at--
    while (isGap(all.charCodeAt(same))) same--
    if (folded(all.charCodeAt(at--)) !== folded(all.charCodeAt(same--))) return false
  }
  return true
}

/** The gram among those of its shelf that is the same as the one at `place`; 0 without one. */
const placeOfSame = ({ slots, slotMask, placeMask, all }: GramTable, hash: number, place: number): number => {
  for (let slot = shelfOf(hash, slotMask); slots[slot] !== 0; slot = (slot + 1) & slotMask) {
    const entry = slots[slot] as number
    if (((entry ^ hash) & ~placeMask) === 0 && isSame(all, place, entry & placeMask)) return entry & placeMask
  }
  return 0
}

/**
 * Adds the grams of these hashes and places, each in turn.
 *
 * - What the filter does not know is new, and goes to the next free slot: no other slot is looked at.
 */
const addGrams = (table: GramTable, grams: Int32Array): void => {
  const { slots, slotMask, filter, placeMask, leasts } = table
  const counts = new Uint8Array(slots.length / shelf)
  for (let at = 0; at < grams.length; at += 2) {
    const hash = grams[at] as number
    const place = grams[at + 1] as number
    const word = (hash & slotMask) >>> 2
    const known = filter[word] as number
    const bits = filterBits(hash)
    if ((known & bits) === bits) {
      const same = placeOfSame(table, hash, place)
      if (same !== 0) {
        leasts[same] = leastOfBoth(leasts[same] as number, leasts[place] as number)
        leasts[place] = 0
        continue
      }
    }
    filter[word] = known | bits
    let row = (hash & slotMask) >>> shelfBits
    while (counts[row] === shelf) row = (row + 1) & (counts.length - 1)
    const count = counts[row] as number
    counts[row] = count + 1
    slots[(row << shelfBits) + count] = (hash & ~placeMask) | place
  }
}

const lengthOf = (text: string): number => {
  let length = 0
  for (let at = 0; at < text.length; at++) if (!isGap(text.charCodeAt(at))) length++
  return length
}

/** Hashes every gram of the secret that stands in `all` from there to there, by where it ends, and notes how long its parts have to be. */
const hashSecret = (table: GramTable, hashes: Int32Array, from: number, to: number, least: number): void => {
  const { all, codes, leasts } = table
  let [first, last, count] = [0, 0, 0]
  for (let at = from; at < to; at++) {
    const unit = all.charCodeAt(at)
    const code = unit < 128 ? (asciiCodes[unit] as number) : codeOf(unit)
    if (code === gapCode) continue
    codes[unit] = code
    first = (first << 8) | (last >>> 24)
    last = (last << 8) | code
    if (++count < gram) continue
    hashes[at] = hashOf(first, last)
    leasts[at] = least
  }
}

/** So many neighbouring slots stay near the processor. */
const near = 4096

/** Each hash that there is and its place in turn, those of neighbouring slots together: they are counted, and put where they belong. */
const bySlot = (hashes: Int32Array, slotMask: number): Int32Array => {
  const shift = Math.log2(near)
  const starts = new Int32Array((slotMask >>> shift) + 2)
  for (let place = 0; place < hashes.length; place++) {
    const hash = hashes[place] as number
    if (hash === 0) continue
    const after = ((hash & slotMask) >>> shift) + 1
    starts[after] = (starts[after] as number) + 2
  }
  for (let part = 1; part < starts.length; part++)
    starts[part] = (starts[part] as number) + (starts[part - 1] as number)
  const sorted = new Int32Array(starts.at(-1) ?? 0)
  for (let place = 0; place < hashes.length; place++) {
    const hash = hashes[place] as number
    if (hash === 0) continue
    const part = (hash & slotMask) >>> shift
    const to = starts[part] as number
    starts[part] = to + 2
    sorted[to] = hash
    sorted[to + 1] = place
  }
  return sorted
}

/** Letters count whatever their case is in the secrets. */
const foldCodes = (codes: Uint8Array): void => {
  for (let unit = 65; unit <= 90; unit++) {
    const code = (codes[unit] as number) | (codes[unit + 32] as number)
    codes[unit] = code
    codes[unit + 32] = code
  }
}

/**
 * Makes the table of these secrets.
 *
 * - Grams are added by their slots: in the order of the text each would wait for memory that is far away.
 */
export const gramTableOf = (secrets: ReadonlyArray<Parted>): GramTable => {
  // A line break keeps halves of characters apart.
  const all = secrets
    .map(({ text }) => text)
    .join("\n")
    .toWellFormed()
  const most = secrets.reduce((sum, { text }) => sum + Math.max(0, text.length - gram + 1), 0)
  const table = emptyTable(all, most)
  const hashes = new Int32Array(all.length)
  let from = 0
  for (const { text, nature } of secrets) {
    const to = from + text.length
    hashSecret(table, hashes, from, to, leastOf(nature === "key" ? text.length : lengthOf(text), nature))
    from = to + 1
  }
  addGrams(table, bySlot(hashes, table.slotMask))
  foldCodes(table.codes)
  return table
}
