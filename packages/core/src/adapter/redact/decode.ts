import type { View } from "./view.ts"

const [noSign, lineBreak] = [-1, -2]

const tableOf = (values: Iterable<readonly [sign: string, value: number]>): Int8Array => {
  const table = new Int8Array(128).fill(noSign)
  for (const [sign, value] of values) table[sign.charCodeAt(0)] = value
  for (const sign of "\r\n") table[sign.charCodeAt(0)] = lineBreak
  return table
}

const signs64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

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
    table: tableOf([...Array.from(signs64, (sign, value) => [sign, value] as const), ["-", 62], ["_", 63]]),
    bits: 6,
    offsets: 4,
    least: 6
  },
  {
    table: tableOf(Array.from("0123456789abcdefABCDEF", (sign) => [sign, Number.parseInt(sign, 16)] as const)),
    bits: 4,
    offsets: 2,
    least: 8
  }
]

/** The signs of a view: their values and places, and the runs `[first, end)` of those without a gap. */
interface Signs {
  readonly values: Uint8Array
  readonly places: Int32Array
  readonly runs: ReadonlyArray<readonly [first: number, end: number]>
}

/** The signs in runs that are long enough; a run may be broken into lines. */
const signsIn = ({ units }: View, { table, least }: Encoding): Signs => {
  const values = new Uint8Array(units.length)
  const places = new Int32Array(units.length)
  const runs: Array<readonly [number, number]> = []
  let [first, count] = [0, 0]
  for (let at = 0; at <= units.length; at++) {
    const unit = units[at] ?? 0
    const value = unit < 128 ? (table[unit] ?? noSign) : noSign
    if (value >= 0) {
      values[count] = value
      places[count++] = at
    } else if (value === noSign) {
      if (count - first >= least) runs.push([first, count])
      else count = first
      first = count
    }
  }
  return { values, places, runs }
}

/** What the signs say when the first byte of each run begins at the sign `offset`; a zero stands between two runs. */
const decodedAt = (view: View, { values, places, runs }: Signs, { bits }: Encoding, offset: number): View => {
  const signs = runs.reduce((sum, [first, end]) => sum + end - first, 0)
  const units = new Uint16Array(Math.ceil((signs * bits) / 8) + runs.length)
  /** Where the bytes of each run begin, and its first sign. */
  const starts: Array<readonly [unit: number, sign: number]> = []
  let length = 0
  for (const [first, end] of runs) {
    starts.push([length, first + offset])
    let [buffer, held] = [0, 0]
    for (let at = first + offset; at < end; at++) {
      buffer = ((buffer << bits) | (values[at] ?? 0)) & 0xffff
      held += bits
      if (held < 8) continue
      held -= 8
      units[length++] = (buffer >> held) & 0xff
    }
    length++
  }
  const placeOf = (at: number, bit: number): number => {
    const [unit, sign] = lastUpTo(starts, at)
    return places[sign + Math.floor(((at - unit) * 8 + bit) / bits)] ?? 0
  }
  return {
    units: units.subarray(0, length),
    from: (at) => view.from(placeOf(at, 0)),
    to: (at) => view.to(placeOf(at, 7))
  }
}

/** The last of these, sorted by their first number, whose first number is not above `most`. */
const lastUpTo = (sorted: ReadonlyArray<readonly [number, number]>, most: number): readonly [number, number] => {
  let [low, high] = [0, sorted.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.[0] ?? 0) <= most) low = middle
    else high = middle
  }
  return sorted[low] ?? [0, 0]
}

/**
 * What base64 and hexadecimal digits in a view may stand for, wherever their bytes begin.
 *
 * - Bytes, not characters: what is looked for there is the UTF-8 of a secret.
 */
export const decodedViews = (view: View): ReadonlyArray<View> =>
  encodings.flatMap((encoding) => {
    const signs = signsIn(view, encoding)
    if (signs.runs.length === 0) return []
    return Array.from({ length: encoding.offsets }, (_, offset) => decodedAt(view, signs, encoding, offset))
  })
