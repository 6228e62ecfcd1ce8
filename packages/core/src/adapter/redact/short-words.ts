import type { Range } from "./grams.ts"
import { textIn, type View } from "./view.ts"

/** Words that every message is made of: a variable with such a value gives no secret away. */
const everyday = new Set("all and are for has is it no not of off on or the to was yes".split(" "))

/** Whether a unit goes on with a word, a host or a path; a dot ends one, unless a word follows. */
const goesOn = (unit: number | undefined): boolean =>
  unit !== undefined && (unit >= 0xc0 || /[\w/-]/.test(String.fromCharCode(unit)))
const dot = 0x2e

const isName = ({ units }: View, at: number): boolean => {
  if (units[at] !== 0x22 && units[at] !== 0x27) return false
  let next = at + 1
  while (units[next] === 32) next++
  return units[next] === 0x3a
}

/** Finds secrets of two or three characters in a view. */
export type WordFinder = (view: View, found: (range: Range) => void) => void

/**
 * Looks for secrets of two or three characters as words of their own: not as part of a host or a path, nor as a name in
 * JSON.
 */
export const wordFinder = (secrets: Iterable<string>): WordFinder => {
  const words = new Set([...secrets].filter((word) => (word.length === 2 || word.length === 3) && !everyday.has(word)))
  if (words.size === 0) return () => {}
  return (view, found) => {
    const { units } = view
    for (let at = 0; at < units.length; at++) {
      if (at > 0 && (goesOn(units[at - 1]) || units[at - 1] === dot)) continue
      for (const length of [3, 2]) {
        const to = at + length
        if (to > units.length || !words.has(textIn(view, at, to))) continue
        const isPart = goesOn(units[to]) || (units[to] === dot && goesOn(units[to + 1]) && units[to + 1] !== 0x2d)
        if (!isPart && !isName(view, to)) found([view.from(at), view.to(to - 1)])
      }
    }
  }
}
