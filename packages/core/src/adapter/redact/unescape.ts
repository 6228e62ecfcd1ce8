import { textIn, type View, ViewWriter, writeUtf8 } from "./view.ts"

const [percent, ampersand, semicolon, backslash] = [0x25, 0x26, 0x3b, 0x5c]

const digitOf = (unit: number): number => {
  if (unit >= 48 && unit <= 57) return unit - 48
  const low = unit | 32
  return low >= 97 && low <= 102 ? low - 87 : -1
}

/** The number that so many hexadecimal digits make; -1 when there are not that many. */
const hexAt = ({ units }: View, at: number, digits: number): number => {
  let value = 0
  for (let index = at; index < at + digits; index++) {
    const digit = digitOf(units[index] ?? 0)
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

/** What an escape stands for, and where it ends. */
interface Escape {
  readonly point: number
  readonly end: number
}

const lineSigns: ReadonlyMap<number, number> = new Map(
  Object.entries({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }).map(([sign, means]) => [
    sign.charCodeAt(0),
    means.charCodeAt(0)
  ])
)

/** `\n`, `\x0a`, `\u000a`, and any other sign behind a backslash. */
const slashedAt = (view: View, at: number): Escape | null => {
  const sign = view.units[at + 1]
  if (sign === undefined) return null
  const digits = sign === 0x75 ? 4 : sign === 0x78 ? 2 : 0
  const value = digits > 0 ? hexAt(view, at + 2, digits) : -1
  return value >= 0 ? { point: value, end: at + 2 + digits } : { point: lineSigns.get(sign) ?? sign, end: at + 2 }
}

const longestEntity = 12
const numbered = /^#(?:(\d+)|[xX]([0-9a-fA-F]+))$/
const named: ReadonlyMap<string, number> = new Map(
  Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }).map(([name, sign]) => [name, sign.charCodeAt(0)])
)

/** `&quot;`, `&#34;` and `&#x22;`. */
const entityAt = (view: View, at: number): Escape | null => {
  const end = view.units.subarray(at, at + longestEntity).indexOf(semicolon)
  if (end < 0) return null
  const name = textIn(view, at + 1, at + end)
  const [, decimal, hex] = numbered.exec(name) ?? []
  const point = named.get(name) ?? Number.parseInt(decimal ?? hex ?? "", decimal === undefined ? 16 : 10)
  return point <= 0x10ffff ? { point, end: at + end + 1 } : null
}

/** Writes `%C3%A9` and what follows it without a gap; answers where that ends. */
const writePercents = (writer: ViewWriter, view: View, start: number): number => {
  const bytes: number[] = []
  for (let at = start; view.units[at] === percent; at += 3) {
    const byte = hexAt(view, at + 1, 2)
    if (byte < 0) break
    bytes.push(byte)
  }
  writeUtf8(
    writer,
    bytes,
    (at) => view.from(start + 3 * at),
    (at) => view.to(start + 3 * at + 2)
  )
  return start + 3 * bytes.length
}

/** The view with one layer of escapes undone, of URLs, JSON, HTML and programming languages; null when it has none. */
export const unescaped = (view: View): View | null => {
  const { units } = view
  if (!units.includes(percent) && !units.includes(ampersand) && !units.includes(backslash)) return null
  const writer = new ViewWriter(units.length)
  let changed = false
  for (let at = 0; at < units.length; ) {
    const unit = units[at] ?? 0
    if (unit === percent && hexAt(view, at + 1, 2) >= 0) {
      changed = true
      at = writePercents(writer, view, at)
      continue
    }
    const read = unit === backslash ? slashedAt(view, at) : unit === ampersand ? entityAt(view, at) : null
    changed ||= read !== null
    const end = read?.end ?? at + 1
    if (read) writer.pushPoint(read.point, view.from(at), view.to(end - 1))
    else writer.push(unit, view.from(at), view.to(at))
    at = end
  }
  return changed ? writer.view() : null
}
