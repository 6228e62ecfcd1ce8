import type { Range } from "./grams.ts"
import { textIn, unitsOf, type View } from "./view.ts"

/** So many characters at the beginning of a secret give it away. */
const beginning = 4

/** A beginning of this length is found as a part. */
const longest = 24

/** Of so many secrets that begin alike, each is compared; of more, every beginning counts as one. */
const mostAlike = 64

/** Half of an escape, where a text was cut off in the midst of one. */
const half = String.raw`(?:%(?:25){0,3}[\da-f]?|\\{1,16}(?:u[\da-f]{0,3}|x[\da-f]?)?|&[\w#]{0,6})?`
const marks = String.raw`\.{2,}|…|%e2%80%a6|&hellip;|\\{1,16}u2026|[([<]\s{0,9}(?:truncated|cut|snip)`
const quotes = String.raw`<\/|\\{0,16}["']|&quot;|%2[27]`

/** A text ends here, or its quotes or its page do, or it says that it goes on. */
const end = new RegExp(String.raw`${half}(?:\s|%20){0,9}(?:${marks}|${quotes}|$)`, "iy")

/** The first units of a secret as a number, of which the upper bits are even. */
const hashOf = (units: Uint16Array, at: number): number => {
  let hash = 0
  for (let index = at; index < at + beginning; index++) hash = Math.imul(hash ^ (units[index] ?? 0), 0x9e3779b1)
  return hash
}

/** So many flags for each secret: then few places of a text look like a beginning that are none. */
const flagsEach = 128

/** Finds beginnings of secrets, and short ones, in a view. */
export type HeadFinder = (view: View, shown: string, found: (range: Range) => void) => void

/**
 * Looks for short secrets, wherever they stand, and for the beginnings of all where a text was cut off.
 *
 * - `short`: too short to be found by their parts; exact in case and gaps.
 */
export const headFinder = (secrets: ReadonlyArray<string>, short: ReadonlySet<string>): HeadFinder => {
  const width = Math.min(23, Math.max(12, Math.ceil(Math.log2(secrets.length * flagsEach + 1))))
  const shift = 32 - width
  const flags = new Uint32Array(2 ** (width - 5))
  const byHead = new Map<string, Uint16Array[]>()
  for (const secret of secrets) {
    const units = unitsOf(secret.slice(0, longest))
    const head = secret.toWellFormed().slice(0, beginning)
    const flag = hashOf(units, 0) >>> shift
    flags[flag >>> 5] = (flags[flag >>> 5] ?? 0) | (1 << (flag & 31))
    const alike = byHead.get(head) ?? []
    if (alike.length < mostAlike) alike.push(units)
    byHead.set(head, alike)
  }
  const lengths = [...new Set(Array.from(short, ({ length }) => length))]

  /** How far the view goes on as a secret does. */
  const matched = ({ units }: View, at: number, secret: Uint16Array): number => {
    let length = beginning
    while (length < secret.length && units[at + length] === secret[length]) length++
    return length
  }
  const isEnd = (shown: string, at: number): boolean => {
    end.lastIndex = at
    return end.test(shown)
  }

  return (view, shown, found) => {
    const { units } = view
    for (let at = 0; at + beginning <= units.length; at++) {
      const flag = hashOf(units, at) >>> shift
      if ((((flags[flag >>> 5] ?? 0) >>> (flag & 31)) & 1) === 0) continue
      const alike = byHead.get(textIn(view, at, at + beginning))
      if (!alike) continue
      const from = view.from(at)
      for (const length of lengths) {
        if (short.has(textIn(view, at, at + length))) found([from, view.to(at + length - 1)])
      }
      for (const secret of alike) {
        const to = view.to(at + matched(view, at, secret) - 1)
        if (isEnd(shown, to)) found([from, to])
      }
    }
  }
}
