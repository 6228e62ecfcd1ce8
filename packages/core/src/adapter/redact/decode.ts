import type { Ends } from "./ends.ts"
import type { View } from "./view.ts"

const [noSign, between] = [-1, -2]

const signs64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** The values of signs; `skipped` may stand between any two of them. */
const tableOf = (values: Iterable<readonly [sign: string, value: number]>, skipped: string): Int8Array => {
  const table = new Int8Array(128).fill(noSign)
  for (const [sign, value] of values) table[sign.charCodeAt(0)] = value
  for (const sign of skipped) table[sign.charCodeAt(0)] = between
  return table
}

interface Encoding {
  /** The value of each sign by its code. */
  readonly table: Int8Array
  /** The bits of one sign. */
  readonly bits: number
  /** At how many signs the first byte can begin. */
  readonly offsets: number
  /** Fewer signs in a row hide nothing. */
  readonly least: number
}

const encodings: ReadonlyArray<Encoding> = [
  {
    table: tableOf([...Array.from(signs64, (sign, value) => [sign, value] as const), ["-", 62], ["_", 63]], "\r\n"),
    bits: 6,
    offsets: 4,
    least: 6
  },
  {
    table: tableOf(
      Array.from("0123456789abcdefABCDEF", (sign) => [sign, Number.parseInt(sign, 16)] as const),
      "\r\n\t :-,"
    ),
    bits: 4,
    offsets: 2,
    least: 8
  }
]

/** The signs of a run: their values, and their places where others stand between them. There is one of it for a whole view. */
class Signs {
  values = new Uint8Array(1024)
  length = 0
  #from = 0
  #places: Int32Array | null = null

  /** Takes the signs that stand in the units from there to there, so many. */
  take(units: Uint16Array, table: Int8Array, from: number, to: number, length: number): void {
    if (this.values.length < length) this.values = new Uint8Array(2 * length)
    this.length = length
    this.#from = from
    this.#places = to - from === length ? null : new Int32Array(length)
    const { values } = this
    const places = this.#places
    for (let at = from, index = 0; at < to; at++) {
      const value = table[units[at] as number] as number
      if (value < 0) continue
      if (places) places[index] = at
      values[index++] = value
    }
  }

  placeOf(index: number): number {
    return this.#places === null ? this.#from + index : (this.#places[index] as number)
  }
}

/** Reads every run of signs that is long enough: one unit of so many is looked at, until it may be in a run. */
const eachRun = ({ units }: View, signs: Signs, { table, least }: Encoding, read: () => void): void => {
  const isOut = (at: number): boolean => {
    const unit = units[at] as number
    return unit >= 128 || table[unit] === noSign
  }
  for (let at = least - 1; at < units.length; at += least) {
    if (isOut(at)) continue
    let [from, to, length] = [at, at, 0]
    while (from > 0 && at - from < least && !isOut(from - 1)) from--
    for (to = from; to < units.length && !isOut(to); to++) if ((table[units[to] as number] as number) >= 0) length++
    if (length >= least) {
      signs.take(units, table, from, to, length)
      read()
    }
    at = to
  }
}

/** The bytes of one run of signs, six or four bits each, when the first byte begins at the sign `first`. There is one of it for a whole view. */
class Bytes {
  length = 0
  readonly #view: View
  readonly #signs: Signs
  readonly #bits: number
  #first = 0

  constructor(view: View, signs: Signs, bits: number) {
    this.#view = view
    this.#signs = signs
    this.#bits = bits
  }

  beginAt(first: number): void {
    this.#first = first
    this.length = Math.floor(((this.#signs.length - first) * this.#bits) / 8)
  }

  at(index: number): number {
    const { values } = this.#signs
    const bits = this.#bits
    const skipped = bits === 4 ? 2 * index : index + ((index / 3) | 0)
    const sign = this.#first + skipped
    const two = ((values[sign] as number) << bits) | (values[sign + 1] as number)
    return (two >>> (2 * bits - 8 - (index * 8 - skipped * bits))) & 0xff
  }

  /** These bytes as a view. */
  part(from: number, to: number): View {
    const units = new Uint16Array(to - from)
    for (let index = from; index < to; index++) units[index - from] = this.at(index)
    const placeOf = (at: number, bit: number): number =>
      this.#signs.placeOf(this.#first + Math.floor(((from + at) * 8 + bit) / this.#bits))
    return {
      units,
      isShown: false,
      from: (at) => this.#view.from(placeOf(at, 0)),
      to: (at) => this.#view.to(placeOf(at, 7))
    }
  }
}

/** What may be of a secret among the bytes that something decodes to. */
export interface Wanted {
  /** 0 for bytes that are in no secret. */
  readonly bytes: Uint8Array
  /** So many bytes in a row. */
  readonly least: number
}

/** At the end of a run, where a text was cut off, so few bytes in a row may be a beginning. */
const leastAtEnd = 4
/** So many bytes behind them may be half of an escape. */
const mostBehind = 4

/** Every stretch of wanted bytes that is long enough: one byte of each window is looked at, until it is a wanted one. */
const stretchesIn = (bytes: Bytes, { bytes: wanted, least }: Wanted, found: (view: View) => void): void => {
  for (let at = least - 1; at < bytes.length; at += least) {
    if (wanted[bytes.at(at)] === 0) continue
    let [from, to] = [at, at + 1]
    while (from > 0 && at - from < least && wanted[bytes.at(from - 1)] !== 0) from--
    while (to < bytes.length && wanted[bytes.at(to)] !== 0) to++
    if (to - from >= least) found(bytes.part(from, to))
    at = to
  }
}

/** The stretch of wanted bytes, shorter than the others, that the run ends with. */
const lastStretchIn = (bytes: Bytes, { bytes: wanted, least }: Wanted, found: (view: View) => void): void => {
  const lowest = Math.max(0, bytes.length - mostBehind)
  for (let to = bytes.length; to >= lowest; ) {
    let from = to
    while (from > 0 && to - from < least && wanted[bytes.at(from - 1)] !== 0) from--
    if (to - from >= leastAtEnd && to - from < least) found(bytes.part(from, to))
    to = Math.min(from, to - 1)
  }
}

/**
 * What base64 and hexadecimal digits in a view may stand for, wherever their bytes begin: the stretches of it that may
 * hold a secret.
 *
 * - Bytes, not characters: what is looked for there is the UTF-8 of a secret.
 * - Base64 may be broken into lines, and hexadecimal digits may have blanks, colons, commas and hyphens between them.
 */
export const decodedParts = (view: View, wanted: Wanted, ends: Ends, found: (view: View) => void): void => {
  const signs = new Signs()
  for (const encoding of encodings) {
    const bytes = new Bytes(view, signs, encoding.bits)
    eachRun(view, signs, encoding, () => {
      const isCut = ends.maybeAt(view.to(signs.placeOf(signs.length - 1)))
      for (let offset = 0; offset < encoding.offsets; offset++) {
        bytes.beginAt(offset)
        stretchesIn(bytes, wanted, found)
        if (isCut) lastStretchIn(bytes, wanted, found)
      }
    })
  }
}
