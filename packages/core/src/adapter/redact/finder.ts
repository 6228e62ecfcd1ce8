import { decodedParts, type Wanted } from "./decode.ts"
import { endsOf } from "./ends.ts"
import { isShorter } from "./fold.ts"
import { gram, gramTableOf, type Parted, surely } from "./gram-table.ts"
import { partFinder, type Range } from "./grams.ts"
import { beginning, headFinder, shortFinder } from "./heads.ts"
import { natureOf } from "./nature.ts"
import { wordFinder } from "./short-words.ts"
import { unescaped } from "./unescape.ts"
import { type View, viewOf } from "./view.ts"

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
/** What no writing escapes. A line's end is not among it: JSON writes it as two signs. */
const plainSigns = /^[\w.~-]*$/

/** A text, and its UTF-8 as a text of bytes where that differs: what base64 holds are bytes. */
const withBytes = (text: string): ReadonlyArray<string> => {
  if (ascii.test(text)) return [text]
  return [text, Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("")]
}

/** Of a secret shorter than this, what stands before it may take so much that less is left than its parts have to be. */
const soonTaken = surely + gram

/**
 * How URLs and JSON write a short text, where that differs. What stands before it may take its first escape for another
 * one, as a backslash does with `%20`, and `%0` with `a`: then it has no layer in which it stands whole.
 */
const formsOf = (text: string): ReadonlyArray<string> => {
  if (text.length > 128 || !isShorter(text, soonTaken) || plainSigns.test(text)) return []
  return [encodeURIComponent(text.toWellFormed()), JSON.stringify(text).slice(1, -1)].filter((form) => form !== text)
}

/** Whether a text is too short to have parts. */
const isShort = (text: string): boolean => text.length < 64 && isShorter(text, gram)

/** What is looked for. */
export interface Sought {
  /** Keys, tokens and passwords. */
  readonly keys: ReadonlyArray<string>
  /** Other secrets: variables, scripts, commands. */
  readonly texts: ReadonlyArray<string>
  /** Words of secrets, of which no beginning is looked for. */
  readonly parts: ReadonlyArray<string>
}

const isLong = ({ length }: string): boolean => length >= beginning

const partsOf = ({ keys, texts, parts }: Sought, bytes: (text: string) => ReadonlyArray<string>) => {
  const parted: Parted[] = []
  const add = (some: ReadonlyArray<string>, isKey: boolean): void => {
    for (const text of some) for (const one of bytes(text)) parted.push({ text: one, nature: natureOf(text, isKey) })
  }
  add(keys, true)
  for (const key of keys) if (key.includes(" ")) add(key.split(" "), true)
  add(texts, false)
  add(parts, false)
  return parted
}

/** Where secrets stand in a text, in any order. */
export interface SecretFinder {
  /** `words`: also those of two or three characters, as words of their own. */
  readonly find: (shown: string, words: boolean) => ReadonlyArray<Range>
}

/** In what was decoded and has escapes of its own, every printable sign may be part of a secret. */
const wantedBytes = (codes: Uint8Array, hasEscapes: boolean): Uint8Array => {
  const bytes = codes.slice(0, 256)
  return hasEscapes ? bytes.fill(1, 32, 127) : bytes
}

/**
 * Looks for secrets in texts, in time that grows with the text and with the secrets, and not with one times the other.
 */
export const secretFinder = (sought: Sought): SecretFinder => {
  const secrets = [...sought.keys, ...sought.texts]
  const long = secrets.filter(isLong)
  const inForms = long.filter((secret) => secret.includes(" ")).map((secret) => secret.replaceAll(" ", "+"))
  // One look at all of them is enough where all are plain: they are joined by a plain sign.
  const all = [...secrets, ...sought.parts].join("-")
  const isPlain = plainSigns.test(all)
  const isAscii = isPlain || ascii.test(all)
  const whole = isAscii ? [...long, ...inForms] : [...long, ...inForms].flatMap(withBytes)
  const short = new Set(whole.filter(isShort).map((text) => text.toWellFormed()))
  const table = gramTableOf(partsOf(sought, isAscii ? (text) => [text] : withBytes))
  const byPart = partFinder(table)
  const byHead = headFinder(whole)
  const byText = shortFinder(short)
  const byForm = shortFinder(new Set(long.flatMap(formsOf)))
  const byWord = wordFinder(secrets)
  // What needs no escape anywhere is in base64 as it is.
  const inside = isPlain ? 1 : mostInside
  const wanted: Wanted = {
    bytes: wantedBytes(table.codes, inside > 1),
    least: short.size > 0 ? beginning : gram
  }

  return {
    find: (shown, words) => {
      const ranges: Range[] = []
      const found = (range: Range): void => void ranges.push(range)
      const view = viewOf(shown)
      const ends = endsOf(shown, view.units)
      const search = (layer: View): void => {
        byPart(layer, found)
        byHead(layer, ends, found)
        byText(layer, found)
      }
      byForm(view, found)
      const layers = layersOf(view, mostLayers)
      for (const layer of layers) {
        search(layer)
        if (words) byWord(layer, found)
      }
      for (const layer of layers.slice(0, mostDecoded)) {
        decodedParts(layer, wanted, ends, (part) => layersOf(part, inside).forEach(search))
      }
      return ranges
    }
  }
}
