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

/** What a unit counts as in a hash that is in no secret, and what a gap counts as. */
export const [noCode, gapCode] = [0, 1]

const codeOf = (unit: number): number => {
  const code = (unit ^ (unit >>> 8)) & 0xff
  return code > gapCode ? code : code + 2
}

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
  /** A bit for each hash that there is, small enough to stay near the processor. */
  readonly bits: Int32Array
  readonly bitMask: number
  /** Where the gram of a slot ends in `all`, below bits of its hash; 0 where the slot is empty. */
  readonly slots: Int32Array
  readonly slotMask: number
  readonly placeMask: number
  /** All secrets in one text. */
  readonly all: string
  /** How long a part with the gram that ends there has to be. */
  readonly leasts: Uint8Array
}

const emptyTable = (all: string, secrets: ReadonlyArray<Parted>): GramTable => {
  const grams = secrets.reduce((sum, { text }) => sum + Math.max(0, text.length - gram + 1), 0)
  const bitCount = powerAbove(Math.max(32, grams * 8))
  const slotCount = powerAbove(Math.max(16, grams * 1.25))
  const codes = new Uint8Array(65_536)
  for (let unit = 0; unit < 128; unit++) if (isGap(unit)) codes[unit] = gapCode
  return {
    codes,
    bits: new Int32Array(bitCount / 32),
    bitMask: bitCount - 1,
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

/** Adds the gram with this hash that ends at `place`, and how long a part with it has to be. */
const addGram = (table: GramTable, hash: number, place: number, least: number): void => {
  const { slots, slotMask, placeMask, all, leasts } = table
  let slot = hash & slotMask
  for (let entry = slots[slot] as number; entry !== 0; entry = slots[slot] as number) {
    const known = entry & placeMask
    if (((entry ^ hash) & ~placeMask) === 0 && isSame(all, place, known)) {
      leasts[known] = leastOfBoth(leasts[known] as number, least)
      return
    }
    slot = (slot + 1) & slotMask
  }
  slots[slot] = (hash & ~placeMask) | place
  leasts[place] = least
}

const lengthOf = (text: string): number => {
  let length = 0
  for (let at = 0; at < text.length; at++) if (!isGap(text.charCodeAt(at))) length++
  return length
}

/** So many grams are hashed before the first of them is added: the processor fetches their slots all at once. */
const ahead = 128

/** Grams that are hashed and not yet added. */
interface Waiting {
  readonly hashes: Int32Array
  readonly places: Int32Array
}

/** Adds every gram of the secret that stands in `all` from there on. */
const addSecret = (table: GramTable, { hashes, places }: Waiting, from: number, { text, nature }: Parted): void => {
  const { codes, bits, bitMask, slots, slotMask, all } = table
  const least = leastOf(nature === "key" ? text.length : lengthOf(text), nature)
  let [first, last, count, waiting, fetched] = [0, 0, 0, 0, 0]
  for (let at = from; at < from + text.length; at++) {
    const unit = folded(all.charCodeAt(at))
    if (isGap(unit)) continue
    const code = codeOf(unit)
    codes[unit] = code
    first = (first << 8) | (last >>> 24)
    last = (last << 8) | code
    if (++count < gram) continue
    const hash = hashOf(first, last)
    const bit = hash & bitMask
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31))
    fetched |= slots[hash & slotMask] as number
    hashes[waiting] = hash
    places[waiting++] = at
    if (waiting < ahead) continue
    for (let index = 0; index < waiting; index++)
      addGram(table, hashes[index] as number, places[index] as number, least)
    waiting = 0
  }
  for (let index = 0; index < waiting; index++) addGram(table, hashes[index] as number, places[index] as number, least)
  // Kept somewhere, or nothing is fetched.
  hashes[ahead] = fetched
}

/** Makes the table of these secrets. */
export const gramTableOf = (secrets: ReadonlyArray<Parted>): GramTable => {
  // A line break keeps halves of characters apart.
  const all = secrets
    .map(({ text }) => text)
    .join("\n")
    .toWellFormed()
  const table = emptyTable(all, secrets)
  const waiting = { hashes: new Int32Array(ahead + 1), places: new Int32Array(ahead) }
  let from = 0
  for (const secret of secrets) {
    addSecret(table, waiting, from, secret)
    from += secret.text.length + 1
  }
  for (let unit = 97; unit <= 122; unit++) table.codes[unit - 32] = table.codes[unit] as number
  return table
}
