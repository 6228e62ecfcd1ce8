import { decodedViews } from "./decode.ts"
import { isShort, partFinder, type Range } from "./grams.ts"
import { headFinder } from "./heads.ts"
import { wordFinder } from "./short-words.ts"
import { unescaped } from "./unescape.ts"
import { unitsOf, type View, viewOf } from "./view.ts"

/** So many layers of escapes are undone, of text and of what was decoded. */
const mostLayers = 8
const mostInside = 2

/** So many layers of a text are looked through for base64 and hexadecimal digits. */
const mostDecoded = 3

const layersOf = (view: View, most: number): ReadonlyArray<View> => {
  const layers = [view]
  for (let last: View | null = view; layers.length < most; ) {
    last = unescaped(last)
    if (last === null) break
    layers.push(last)
  }
  return layers
}

const ascii = /^[\0-\x7f]*$/
const plainSigns = /^[\w.~-]*$/

/** A text, and its UTF-8 as a text of bytes where that differs: what base64 holds are bytes. */
const withBytes = (text: string): ReadonlyArray<string> => {
  if (ascii.test(text)) return [text]
  return [text, Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("")]
}

/** Where secrets stand in a text, in any order. */
export interface SecretFinder {
  /** `words`: also those of two or three characters, as words of their own. */
  readonly find: (shown: string, words: boolean) => ReadonlyArray<Range>
}

/**
 * Looks for secrets in texts, in time that grows with the text and with the secrets, and not with one times the other.
 *
 * - `parts`: words of secrets, of which no beginning is looked for.
 */
export const secretFinder = (secrets: ReadonlyArray<string>, parts: ReadonlyArray<string>): SecretFinder => {
  const long = secrets.filter(({ length }) => length >= 4)
  const inForms = long.filter((secret) => secret.includes(" ")).map((secret) => secret.replaceAll(" ", "+"))
  const inBytes = long.flatMap(withBytes)
  const whole = [...inBytes, ...inForms.flatMap(withBytes)]
  const short = new Set(
    whole.filter((secret) => secret.length < 64 && isShort(secret)).map((text) => text.toWellFormed())
  )
  const byPart = partFinder(
    [...inBytes, ...parts.flatMap(withBytes)].map((secret) => ({
      units: unitsOf(secret),
      isOneWord: !/\s/.test(secret)
    }))
  )
  const byHead = headFinder(whole, short)
  const byWord = wordFinder(secrets)
  // What needs no escape anywhere is in base64 as it is.
  const inside = whole.every((secret) => plainSigns.test(secret)) ? 1 : mostInside

  return {
    find: (shown, words) => {
      const ranges: Range[] = []
      const found = (range: Range): void => void ranges.push(range)
      const search = (view: View): void => {
        byPart(view, found)
        byHead(view, shown, found)
      }
      const layers = layersOf(viewOf(shown), mostLayers)
      for (const layer of layers) {
        search(layer)
        if (words) byWord(layer, found)
      }
      for (const layer of layers.slice(0, mostDecoded)) {
        for (const view of decodedViews(layer)) for (const decoded of layersOf(view, inside)) search(decoded)
      }
      return ranges
    }
  }
}
