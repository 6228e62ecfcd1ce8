import type { Ends } from "./ends.ts"
import { powerAbove } from "./fold.ts"
import type { Range } from "./grams.ts"
import { textIn, type View } from "./view.ts"

/** So many characters at the beginning of a secret give it away. */
export const beginning = 4

/** A beginning of this length is found as a part. */
const longest = 24

/** Of so many secrets that begin alike, each is compared; more are not. */
const mostAlike = 64

/** The hash of four units, of which the upper bits are even. */
const hashOf = (a: number, b: number, c: number, d: number): number => {
  const hash = Math.imul(a ^ (b << 16), 0x9e3779b1) ^ Math.imul(c ^ (d << 16), 0x85ebca6b)
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
}

const hashAt = (units: Uint16Array, at: number): number =>
  hashOf(units[at] as number, units[at + 1] as number, units[at + 2] as number, units[at + 3] as number)

/** The secrets, found by their first units. */
interface Beginnings {
  readonly secrets: ReadonlyArray<string>
  /** The last one with these first units, plus one, by the upper bits of their hash; 0 for none. */
  readonly slots: Int32Array
  readonly shift: number
  /** The one before with the same first units, plus one. */
  readonly before: Int32Array
}

/** How far the units go on from `at` as a secret does. */
const matched = (units: Uint16Array, at: number, secret: string): number => {
  const most = Math.min(secret.length, longest)
  let length = 0
  while (length < most && units[at + length] === secret.charCodeAt(length)) length++
  return length
}

/** The slot of the beginning at `at`, or the empty one where it belongs. */
const slotOf = ({ secrets, slots, shift }: Beginnings, units: Uint16Array, at: number): number => {
  for (let slot = hashAt(units, at) >>> shift; ; slot = (slot + 1) & (slots.length - 1)) {
    const last = slots[slot] as number
    if (last === 0 || matched(units, at, secrets[last - 1] as string) >= beginning) return slot
  }
}

const beginningsOf = (texts: ReadonlyArray<string>): Beginnings => {
  const secrets = texts.map((text) => text.toWellFormed())
  const size = powerAbove(Math.max(16, secrets.length * 2))
  const before = new Int32Array(secrets.length)
  const depths = new Uint8Array(secrets.length)
  const slots = new Int32Array(size)
  const all: Beginnings = { secrets, slots, shift: 32 - Math.log2(size), before }
  const head = new Uint16Array(beginning)
  secrets.forEach((secret, index) => {
    for (let at = 0; at < beginning; at++) head[at] = secret.charCodeAt(at)
    const slot = slotOf(all, head, 0)
    const last = slots[slot] as number
    const depth = last === 0 ? 1 : (depths[last - 1] as number) + 1
    if (depth > mostAlike) return
    depths[index] = depth
    before[index] = last
    slots[slot] = index + 1
  })
  return all
}

/** Finds beginnings of secrets in a view. */
export type HeadFinder = (view: View, ends: Ends, found: (range: Range) => void) => void

/** Looks for the beginnings of secrets where a text was cut off. */
export const headFinder = (texts: ReadonlyArray<string>): HeadFinder => {
  if (texts.length === 0) return () => {}
  const all = beginningsOf(texts)
  const { secrets, slots, shift, before } = all
  return (view, ends, found) => {
    const { units, isShown } = view
    let end = Number.POSITIVE_INFINITY
    for (let at = units.length - beginning; at >= 0; at--) {
      const next = at + beginning
      if (ends.maybeAt(isShown ? next : view.to(next - 1))) end = next
      if (isShown && end - at > longest) {
        // The beginnings that end where no end may be, all at once.
        at = Math.min(at, ends.noneFrom(next) - beginning)
        continue
      }
      if (end - at > longest || slots[hashAt(units, at) >>> shift] === 0) continue
      for (let one = slots[slotOf(all, units, at)] as number; one > 0; one = before[one - 1] as number) {
        const to = view.to(at + matched(units, at, secrets[one - 1] as string) - 1)
        if (ends.isAt(to)) found([view.from(at), to])
      }
    }
  }
}

/** Finds short secrets in a view. */
export type ShortFinder = (view: View, found: (range: Range) => void) => void

/** Looks for texts that are too short to be found by their parts, wherever they stand, exact in case and gaps. */
export const shortFinder = (texts: ReadonlySet<string>): ShortFinder => {
  if (texts.size === 0) return () => {}
  const flags = new Uint8Array(powerAbove(Math.max(4096, texts.size * 64)))
  const shift = 32 - Math.log2(flags.length)
  const lengthsOf = new Map<string, Set<number>>()
  for (const text of texts) {
    const head = text.slice(0, beginning)
    flags[hashOf(head.charCodeAt(0), head.charCodeAt(1), head.charCodeAt(2), head.charCodeAt(3)) >>> shift] = 1
    lengthsOf.set(head, (lengthsOf.get(head) ?? new Set()).add(text.length))
  }
  return (view, found) => {
    const { units } = view
    for (let at = 0; at + beginning <= units.length; at++) {
      if (flags[hashAt(units, at) >>> shift] === 0) continue
      for (const length of lengthsOf.get(textIn(view, at, at + beginning)) ?? []) {
        const to = at + length
        if (to <= units.length && texts.has(textIn(view, at, to))) found([view.from(at), view.to(to - 1)])
      }
    }
  }
}
