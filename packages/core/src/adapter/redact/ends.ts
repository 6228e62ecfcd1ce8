/** Half of an escape, where a text was cut off in the midst of one. */
const half = String.raw`(?:%(?:25){0,3}[\da-f]?|\\{1,16}(?:u[\da-f]{0,3}|x[\da-f]?)?|&[\w#]{0,6})?`
const marks = String.raw`\.{2,}|…|%e2%80%a6|&hellip;|\\{1,16}u2026|[([<]\s{0,9}(?:truncated|cut|snip)`
const quotes = String.raw`<\/|\\{0,16}["']|&quot;|%2[27]`

/** A text ends here, or its quotes or its page do, or it says that it goes on. */
const end = new RegExp(String.raw`${half}(?:\s|%20){0,9}(?:${marks}|${quotes}|$)`, "iy")

const [other, first, space] = [0, 1, 2]

/** Whether such an end may begin with a unit, and what is a space. Beyond ASCII every unit may begin one. */
const classes = new Uint8Array(127).fill(other)
for (const sign of "%\\&.([<\"'") classes[sign.charCodeAt(0)] = first
for (const sign of " \t\n\v\f\r") classes[sign.charCodeAt(0)] = space

/** Where a shown text ends, or what was cut off in it. */
export interface Ends {
  /** Whether an end may be there, as the sign there says. */
  readonly maybeAt: (at: number) => boolean
  readonly isAt: (at: number) => boolean
  /** From where on no end may be up to there; of few places, so that many can be left out at once. */
  readonly noneFrom: (at: number) => number
}

/** The ends of a text and its units. */
export const endsOf = (shown: string, units: Uint16Array): Ends => {
  const flags = new Int32Array((units.length >>> 5) + 1)
  let next = first
  flags[units.length >>> 5] = 1 << (units.length & 31)
  for (let at = units.length - 1; at >= 0; at--) {
    const unit = units[at] as number
    const its = unit < 127 ? (classes[unit] as number) : first
    if (its !== space) next = its
    if (next === first) flags[at >>> 5] = (flags[at >>> 5] as number) | (1 << (at & 31))
  }
  return {
    maybeAt: (at) => (((flags[at >>> 5] as number) >>> (at & 31)) & 1) === 1,
    isAt: (at) => {
      end.lastIndex = at
      return end.test(shown)
    },
    noneFrom: (at) => {
      let word = at >>> 5
      if ((at & 31) !== 31 || flags[word] !== 0) return at + 1
      while (word > 0 && flags[word - 1] === 0) word--
      return word << 5
    }
  }
}
