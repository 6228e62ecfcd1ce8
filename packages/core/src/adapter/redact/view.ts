/**
 * A text as it may be read: as it stands, unescaped, or decoded.
 *
 * - `units`: its UTF-16 units, or bytes; half a character reads as U+FFFD, as it is written when it is sent.
 * - `isShown`: each unit stands for itself in the shown text.
 * - `from` and `to`: where the part of the shown text begins and ends that a unit stands for.
 */
export interface View {
  readonly units: Uint16Array
  readonly isShown: boolean
  readonly from: (at: number) => number
  readonly to: (at: number) => number
}

/** The units of a text. */
const unitsOf = (text: string): Uint16Array => {
  const whole = text.toWellFormed()
  const units = new Uint16Array(whole.length)
  for (let at = 0; at < units.length; at++) units[at] = whole.charCodeAt(at)
  return units
}

/** A text as it stands. */
export const viewOf = (text: string): View => ({
  units: unitsOf(text),
  isShown: true,
  from: (at) => at,
  to: (at) => at + 1
})

/** A part of a view as text. */
export const textIn = ({ units }: View, from: number, to: number): string =>
  String.fromCharCode(...units.subarray(from, to))

const isFirstHalf = (unit = 0): boolean => (unit & 0xfc00) === 0xd800
const isSecondHalf = (unit = 0): boolean => (unit & 0xfc00) === 0xdc00

/** The same units, in place, with U+FFFD for half characters. */
const withoutHalves = (units: Uint16Array): Uint16Array => {
  for (let at = 0; at < units.length; at++) {
    if (isFirstHalf(units[at]) && isSecondHalf(units[at + 1])) at++
    else if (((units[at] ?? 0) & 0xf800) === 0xd800) units[at] = 0xfffd
  }
  return units
}

/** Collects the units of a view, at most `size` of them. */
export class ViewWriter {
  readonly #units: Uint16Array
  readonly #from: Int32Array
  readonly #to: Int32Array
  #length = 0

  constructor(size: number) {
    this.#units = new Uint16Array(size)
    this.#from = new Int32Array(size)
    this.#to = new Int32Array(size)
  }

  /** Adds a unit that stands for this part of the shown text. */
  push(unit: number, from: number, to: number): void {
    this.#units[this.#length] = unit
    this.#from[this.#length] = from
    this.#to[this.#length] = to
    this.#length++
  }

  /** Adds a character, which may be two units. */
  pushPoint(point: number, from: number, to: number): void {
    if (point < 0x10000) this.push(point, from, to)
    else {
      this.push(0xd800 + ((point - 0x10000) >> 10), from, to)
      this.push(0xdc00 + ((point - 0x10000) & 0x3ff), from, to)
    }
  }

  view(): View {
    const length = this.#length
    return {
      units: withoutHalves(this.#units.subarray(0, length)),
      isShown: false,
      from: (at) => this.#from[at] ?? 0,
      to: (at) => this.#to[at] ?? 0
    }
  }
}

/** How many bytes a character of UTF-8 has, by its first one; 0 for what begins none. */
const lengthOf = (first: number): number =>
  first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0

/**
 * Writes bytes as the characters that they are in UTF-8; a byte that is part of no character stands for itself.
 *
 * - `from` and `to` say where a byte begins and ends in the shown text.
 */
export const writeUtf8 = (
  writer: ViewWriter,
  bytes: ReadonlyArray<number>,
  from: (at: number) => number,
  to: (at: number) => number
): void => {
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0
    const length = lengthOf(first)
    let point = length < 2 ? first : first & (0x7f >> length)
    let read = 1
    while (read < length && ((bytes[at + read] ?? 0) & 0xc0) === 0x80) {
      point = (point << 6) | ((bytes[at + read] ?? 0) & 0x3f)
      read++
    }
    if (read < length) [point, read] = [first, 1]
    writer.pushPoint(point, from(at), to(at + read - 1))
    at += read
  }
}
