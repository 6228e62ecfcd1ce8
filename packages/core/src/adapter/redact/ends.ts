/** Half of an escape, where a text was cut off in the midst of one. */
const half = String.raw`(?:%(?:25){0,3}[\da-f]?|\\{1,16}(?:u[\da-f]{0,3}|x[\da-f]?)?|&[\w#]{0,6})?`
const marks = String.raw`\.{2,}|…|%e2%80%a6|&hellip;|\\{1,16}u2026|[([<]\s{0,9}(?:truncated|cut|snip)`
const quotes = String.raw`<\/|\\{0,16}["']|&quot;|%2[27]`

/** A text ends here, or its quotes or its page do, or it says that it goes on. */
const end = new RegExp(String.raw`${half}(?:\s|%20){0,9}(?:${marks}|${quotes}|$)`, "iy")

/** Every sign that such an end begins with, but for spaces. */
const firstSigns = new Uint8Array(127)
for (const sign of "%\\&.([<\"'") firstSigns[sign.charCodeAt(0)] = 1

const isSpace = (unit: number): boolean => unit === 32 || (unit >= 9 && unit <= 13)

/** Where a shown text ends, or what was cut off in it. */
export interface Ends {
  /** Whether an end may be there, as the sign there says. */
  readonly maybeAt: (at: number) => boolean
  readonly isAt: (at: number) => boolean
}

/** The ends of a text and its units. */
export const endsOf = (shown: string, units: Uint16Array): Ends => {
  const flags = new Int32Array((units.length >>> 5) + 1)
  let next = 1
  for (let at = units.length; at >= 0; at--) {
    const unit = at < units.length ? (units[at] as number) : 127
    if (!isSpace(unit)) next = unit < 127 ? (firstSigns[unit] as number) : 1
    if (next === 1) flags[at >>> 5] = (flags[at >>> 5] as number) | (1 << (at & 31))
  }
  return {
    maybeAt: (at) => (((flags[at >>> 5] as number) >>> (at & 31)) & 1) === 1,
    isAt: (at) => {
      end.lastIndex = at
      return end.test(shown)
    }
  }
}
