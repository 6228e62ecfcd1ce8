import { parseCount, parseDuration, parseMoney, parsePercent, parseSize, parseTime } from "@anygpu/operations/run"
import type { Money } from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import { textOf } from "./words.ts"

/** `maxTotal` as it is written on the command line: `--max-total`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

/** Reads an option by a parser; undefined when it was not given. */
const reading =
  <A, More extends ReadonlyArray<unknown>>(parse: (text: string, field: string, ...more: More) => A) =>
  (options: Options, name: string, ...more: More): A | undefined => {
    const text = textOf(options, name)
    return text === undefined ? undefined : parse(text, flagOf(name), ...more)
  }

/** A whole number of at least `least`. */
export const countOf: (options: Options, name: string, least?: number) => number | undefined = reading(parseCount)

/** A share between nothing and all: `99`, `99.5%`. */
export const percentOf = reading(parsePercent)

/** An option that is an amount of money. */
export const amountOf: (options: Options, name: string) => Money | undefined = reading(parseMoney)

/** An option that is a length of time, in milliseconds. */
export const durationOf = reading(parseDuration)

/** An option that is a size, in MiB. */
export const sizeOf = reading(parseSize)

/** An option that is a moment: `now`, `2026-06-01T15:50Z`, or a date, which begins at midnight UTC. */
export const momentOf = (options: Options, name: string, now: number): Date | undefined =>
  reading(parseTime)(options, name, { now: () => now })
