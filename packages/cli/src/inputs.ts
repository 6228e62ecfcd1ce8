import { InvalidRequest, type Money, money } from "anygpu"
import type { Options } from "./catalogue/entry.ts"
import { textOf } from "./words.ts"

/** `maxTotal` as it is written on the command line: `--max-total`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const refuse = (name: string, problem: string): InvalidRequest => InvalidRequest.of(flagOf(name), problem)

/** A whole number of at least `least`. */
export const countOf = (options: Options, name: string, least = 1): number | undefined => {
  const text = textOf(options, name)
  if (text === undefined) return undefined
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value) && value >= least) return value
  throw refuse(name, `"${text}" is not a whole number of ${least} or more`)
}

/** A share between nothing and all: `99`, `99.5%`. */
export const percentOf = (options: Options, name: string): number | undefined => {
  const text = textOf(options, name)
  if (text === undefined) return undefined
  const [, digits] = /^(\d{1,3}(?:\.\d+)?)\s*%?$/.exec(text.trim()) ?? []
  const value = digits === undefined ? Number.NaN : Number(digits)
  if (value >= 0 && value <= 100) return value / 100
  throw refuse(name, `"${text}" is not a percentage: write 99 or 99.5`)
}

/**
 * An amount as people write it: `2.50`, `$2.50`, `2.50 USDC`.
 *
 * - Limits count one USDC as one USD, so that one without a currency holds for all clouds.
 */
export const parseAmount = (text: string, name: string): Money => {
  const [, digits, currency = "USD"] = /^\$?(\d+(?:\.\d{0,6})?|\.\d{1,6})\s*(usdc?)?$/i.exec(text.trim()) ?? []
  if (digits === undefined) throw refuse(name, `"${text}" is not an amount: write 2.50`)
  return money(digits, currency.toUpperCase() === "USDC" ? "USDC" : "USD")
}

/** An option that is an amount of money. */
export const amountOf = (options: Options, name: string): Money | undefined => {
  const text = textOf(options, name)
  return text === undefined ? undefined : parseAmount(text, name)
}

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const timePart = /(\d+(?:\.\d+)?)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])/gi

/** A length of time as people write it, in milliseconds: `2h 30m`, `90 minutes`, `1d`. */
export const parseDuration = (text: string, name: string): number => {
  const parts = [...text.matchAll(timePart)]
  const rest = text.replace(timePart, "").replace(/[\s,]+|\band\b/g, "")
  const seconds = parts.reduce((sum, [, digits, unit = ""]) => {
    return sum + Number(digits) * (secondsPer[unit.slice(0, 1).toLowerCase()] ?? Number.NaN)
  }, 0)
  const millis = Math.round(seconds * 1000)
  if (parts.length > 0 && rest === "" && millis > 0 && Number.isSafeInteger(millis)) return millis
  throw refuse(name, `"${text}" is not a length of time: write 90m, 2h 30m or 1 day`)
}

/** An option that is a length of time, in milliseconds. */
export const durationOf = (options: Options, name: string): number | undefined => {
  const text = textOf(options, name)
  return text === undefined ? undefined : parseDuration(text, name)
}

const mebibytesPer: Readonly<Record<string, number>> = { M: 1, G: 1024, T: 1024 * 1024 }

/**
 * A size as people write it, in MiB: `24GB`, `512 MiB`, `2T`.
 *
 * - GB is taken for GiB, as the clouds mean it for memory: of a disk it asks for a little more, never for less.
 */
export const sizeOf = (options: Options, name: string): number | undefined => {
  const text = textOf(options, name)
  if (text === undefined) return undefined
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([MGT])(?:i?B)?$/i.exec(text.trim()) ?? []
  const size = Math.ceil(Number(digits) * (mebibytesPer[unit.toUpperCase()] ?? Number.NaN))
  if (Number.isSafeInteger(size)) return size
  throw refuse(name, `"${text}" is not a size: write 24GB, 512MB or 2TB`)
}

/** An option that is a moment: `now`, `2026-06-01T15:50Z`, or a date, which begins at midnight UTC. */
export const momentOf = (options: Options, name: string, now: number): Date | undefined => {
  const text = textOf(options, name)
  if (text === undefined) return undefined
  if (text === "now") return new Date(now)
  const isMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const date = new Date(text)
  if (isMoment && !Number.isNaN(date.getTime())) return date
  throw refuse(name, `"${text}" is not a time: write now, or one with its zone such as 2026-06-01T15:50Z`)
}
