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

/** The hash of eight codes, four in each number. */
export const hashOf = (first: number, last: number): number => {
  const sum = (Math.imul(first, 0x9e3779b1) + Math.imul(last, 0x85ebca6b)) | 0
  const mixed = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d)
  return mixed ^ (mixed >>> 13)
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
  /** How long a part with the gram that ends there has to be. */
  readonly leasts: Uint8Array
}

/** The bits of a hash in the filter's number of its slot: three of 32, which let the fewest others through. */
export const filterBits = (hash: number): number =>
  (1 << (hash >>> 27)) | (1 << (hash >>> 22)) | (1 << (hash ^ (hash >>> 18)))

const emptyTable = (all: string, grams: number): GramTable => {
  const slotCount = powerAbove(Math.max(16, grams * 1.25))
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

/** Adds the gram with this hash that ends at `place`. */
const addGram = ({ slots, slotMask, filter, placeMask, all, leasts }: GramTable, hash: number, place: number): void => {
  let slot = hash & slotMask
  filter[slot >>> 2] = (filter[slot >>> 2] as number) | filterBits(hash)
  for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
    const known = entry & placeMask
    if (((entry ^ hash) & ~placeMask) === 0 && isSame(all, place, known)) {
      leasts[known] = leastOfBoth(leasts[known] as number, leasts[place] as number)
      return
    }
    slot = (slot + 1) & slotMask
  }
  slots[slot] = (hash & ~placeMask) | place
}

const lengthOf = (text: string): number => {
  let length = 0
  for (let at = 0; at < text.length; at++) if (!isGap(text.charCodeAt(at))) length++
  return length
}

/** The grams of secrets. */
interface Grams {
  readonly hashes: Int32Array
  readonly places: Int32Array
  length: number
}

/** Hashes every gram of the secret that stands in `all` from there to there. */
const hashSecret = (all: string, codes: Uint8Array, grams: Grams, from: number, to: number): void => {
  const { hashes, places } = grams
  let [first, last, count, length] = [0, 0, 0, grams.length]
  for (let at = from; at < to; at++) {
    const unit = all.charCodeAt(at)
    const code = unit < 128 ? (asciiCodes[unit] as number) : codeOf(unit)
    if (code === gapCode) continue
    codes[unit] = code
    first = (first << 8) | (last >>> 24)
    last = (last << 8) | code
    if (++count < gram) continue
    hashes[length] = hashOf(first, last)
    places[length++] = at
  }
  grams.length = length
}

/** So many neighbouring slots stay near the processor. */
const near = 4096

/** The same grams, those of neighbouring slots together: one pass to count them, one to put them where they belong. */
const bySlot = ({ hashes, places, length }: Grams, slotMask: number): Grams => {
  if (slotMask < near) return { hashes, places, length }
  const shift = Math.log2(near)
  const next = new Int32Array((slotMask + 1) / near + 1)
  for (let index = 0; index < length; index++) {
    const after = (((hashes[index] as number) & slotMask) >>> shift) + 1
    next[after] = (next[after] as number) + 1
  }
  for (let part = 1; part < next.length; part++) next[part] = (next[part] as number) + (next[part - 1] as number)
  const sorted = { hashes: new Int32Array(length), places: new Int32Array(length), length }
  for (let index = 0; index < length; index++) {
    const hash = hashes[index] as number
    const part = (hash & slotMask) >>> shift
    const to = next[part] as number
    next[part] = to + 1
    sorted.hashes[to] = hash
    sorted.places[to] = places[index] as number
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
  const { codes, leasts, slotMask } = table
  const grams = { hashes: new Int32Array(most), places: new Int32Array(most), length: 0 }
  let from = 0
  for (const { text, nature } of secrets) {
    const to = from + text.length
    leasts.fill(leastOf(nature === "key" ? text.length : lengthOf(text), nature), from, to)
    hashSecret(all, codes, grams, from, to)
    from = to + 1
  }
  const { hashes, places, length } = bySlot(grams, slotMask)
  for (let index = 0; index < length; index++) addGram(table, hashes[index] as number, places[index] as number)
  foldCodes(codes)
  return table
}
