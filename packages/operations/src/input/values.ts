import { type ExistingVolume, InvalidRequest, type Money, money, type PortRequest, type VolumeRequest } from "anygpu"
import type { ValueType, ValueTypes } from "./field.ts"
import type { TextType } from "./texts.ts"

/** What reading a text may look at beside it. */
export interface Surroundings {
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** Refuses a value; `field` is what the caller knows it by: `--max-total` on a command line, `maxTotal` in JSON. */
const refuse = (field: string, problem: string): InvalidRequest => InvalidRequest.of(field, problem)

/** A whole number of at least `least`. */
export const parseCount = (text: string, field: string, least = 1): number => {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(value) && value >= least) return value
  throw refuse(field, `"${text}" is not a whole number of ${least} or more`)
}

/** A share between nothing and all, `0.99`, or the percentage that says so, `99%`. */
export const parseShare = (text: string, field: string): number => {
  const [, digits, percent] = /^(\d{0,3}(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? []
  const value = digits ? Number(digits) / (percent ? 100 : 1) : Number.NaN
  if (value >= 0 && value <= 1) return value
  throw refuse(field, `"${text}" is not a share from 0 to 1: write 0.99 or 99%`)
}

/** How many times as fast: `60`, `2.5x`. */
export const parseSpeed = (text: string, field: string): number => {
  const [, digits] = /^(\d+(?:\.\d+)?)x?$/.exec(text.trim()) ?? []
  const speed = Number(digits)
  if (speed > 0 && Number.isFinite(speed)) return speed
  throw refuse(field, `"${text}" is not a speed: write 60 for sixty times as fast`)
}

/**
 * An amount as people write it: `2.50`, `$2.50`, `2.50 USDC`.
 *
 * - Limits count one USDC as one USD, so that one without a currency holds for all clouds.
 */
export const parseMoney = (text: string, field: string): Money => {
  const [, digits, currency = "USD"] = /^\$?(\d+(?:\.\d{0,6})?|\.\d{1,6})\s*(usdc?)?$/i.exec(text.trim()) ?? []
  if (digits === undefined) throw refuse(field, `"${text}" is not an amount: write 2.50`)
  return money(digits, currency.toUpperCase() === "USDC" ? "USDC" : "USD")
}

const secondsPer: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }
const timePart = /(\d+(?:\.\d+)?)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])/gi

/** A length of time as people write it, in milliseconds: `2h 30m`, `90 minutes`, `1d`. */
export const parseDuration = (text: string, field: string): number => {
  const parts = [...text.matchAll(timePart)]
  const rest = text.replace(timePart, "").replace(/[\s,]+|\band\b/g, "")
  const seconds = parts.reduce((sum, [, digits, unit = ""]) => {
    return sum + Number(digits) * (secondsPer[unit.slice(0, 1).toLowerCase()] ?? Number.NaN)
  }, 0)
  const millis = Math.round(seconds * 1000)
  if (parts.length > 0 && rest === "" && millis > 0 && Number.isSafeInteger(millis)) return millis
  throw refuse(field, `"${text}" is not a length of time: write 90m, 2h 30m or 1 day`)
}

const mebibytesPer: Readonly<Record<string, number>> = { M: 1, G: 1024, T: 1024 * 1024 }

/**
 * A size as people write it, in MiB: `24GB`, `512 MiB`, `2T`.
 *
 * - GB is taken for GiB, as the clouds mean it for memory: of a disk it asks for a little more, never for less.
 */
export const parseSize = (text: string, field: string): number => {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*([MGT])(?:i?B)?$/i.exec(text.trim()) ?? []
  const size = Math.ceil(Number(digits) * (mebibytesPer[unit.toUpperCase()] ?? Number.NaN))
  if (Number.isSafeInteger(size)) return size
  throw refuse(field, `"${text}" is not a size: write 24GB, 512MB or 2TB`)
}

const megabitsPer: Readonly<Record<string, number>> = { "": 1, m: 1, g: 1000 }

/** The speed of a line as people write it, in megabits per second: `500`, `500Mbps`, `1 Gbit/s`. */
export const parseBandwidth = (text: string, field: string): number => {
  const [, digits, unit = ""] = /^(\d+(?:\.\d+)?)\s*(?:([MG])(?:b(?:it)?(?:ps|\/s)?)?)?$/i.exec(text.trim()) ?? []
  // A capital B is a byte: eight times as much, and never meant to be passed over.
  const speed = /B/.test(text) ? Number.NaN : Number(digits) * (megabitsPer[unit.toLowerCase()] ?? Number.NaN)
  if (Number.isFinite(speed)) return speed
  throw refuse(field, `"${text}" is not a speed of a line: write 500Mbps or 1Gbps, in bits`)
}

/** A version by one or two numbers: `12.4`, `9`. */
export const parseVersion = (text: string, field: string): string => {
  if (/^\d{1,4}(\.\d{1,4})?$/.test(text.trim())) return text.trim()
  throw refuse(field, `"${text}" is not a version: write 12.4`)
}

/** An extra disk: `data=200GB`. */
export const parseVolume = (text: string, field: string): VolumeRequest => {
  const [name = "", size] = text.split("=")
  if (name === "" || size === undefined) throw refuse(field, `"${text}" is not a disk: write data=200GB`)
  return { name, sizeMiB: parseSize(size, field) }
}

/** A disk that exists, by its cloud and its id or name: `runpod/2q9m7x4c`, `lambda/data=/data`. Its place is not in it. */
export const parseExistingVolume = (text: string, field: string): ExistingVolume => {
  const [, provider, id, path] = /^([a-z][a-z0-9-]*)\/([^\s/=][^=]*?)(?:=(\/.+))?$/.exec(text.trim()) ?? []
  if (provider === undefined || id === undefined) {
    throw refuse(
      field,
      `"${text}" is no volume: write its cloud and its id or name, runpod/2q9m7x4c, and =/data for a folder`
    )
  }
  return { provider, id: id.trim(), region: null, ...(path !== undefined && { path }) }
}

/** What a machine is for: `team=nlp`. Whether it can be a tag is looked into where it is used. */
export const parseTag = (text: string, field: string): ValueTypes["tag"]["value"] => {
  const at = text.indexOf("=")
  if (at < 1) throw refuse(field, `"${text}" is not a tag: write team=nlp`)
  return { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() }
}

/** A moment: `now`, `2026-06-01T15:50Z`, or a date, which begins at midnight UTC. */
export const parseTime = (text: string, field: string, { now }: Surroundings): Date => {
  if (text === "now") return new Date(now())
  const isMoment = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const date = new Date(text)
  if (isMoment && !Number.isNaN(date.getTime())) return date
  throw refuse(field, `"${text}" is not a time: write now, or one with its zone such as 2026-06-01T15:50Z`)
}

const protocols = ["tcp", "udp", "http"] as const

/** `8000`, `53/udp`, `80/http`. */
export const parsePort = (text: string, field: string): PortRequest => {
  const [, digits, word = "tcp"] = /^(\d{1,5})(?:\/([a-z]+))?$/i.exec(text) ?? []
  const protocol = protocols.find((name) => name === word.toLowerCase())
  const port = Number(digits)
  if (protocol && port >= 1 && port <= 65_535) return protocol === "tcp" ? { port } : { port, protocol }
  throw refuse(field, `"${text}" is not a port: write 8000, 53/udp or 80/http`)
}

/** The number of a port: `22`. */
export const parsePortNumber = (text: string, field: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port >= 1 && port <= 65_535) return port
  throw refuse(field, `"${text}" is not a port: write 22`)
}

/** `8888`, or `8888:9000` with the port of this computer; 0 there is any that is free. */
export const parseForwarding = (text: string, field: string): ValueTypes["forwarding"]["value"] => {
  const [, first, second] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? []
  const remote = Number(first ?? 0)
  const local = second === undefined ? null : Number(second)
  if (remote >= 1 && remote <= 65_535 && (local ?? 0) <= 65_535) return { remote, local }
  throw refuse(field, `"${text}" is no port to lead here: write 8888, or 8888:9000 with the port of this computer`)
}

const wordPattern = /(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g

/** The words of a command as a shell parts them; nothing in them is expanded. */
export const parseWords = (text: string, field: string): ReadonlyArray<string> => {
  const rest = text.replace(wordPattern, "")
  if (rest.trim() !== "") throw refuse(field, `a quote or backslash in ${text} has no partner`)
  const words = text.match(wordPattern) ?? []
  if (words.length === 0) throw refuse(field, "is empty")
  return words.map((word) =>
    word.replace(
      /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g,
      (_, escaped?: string, double?: string, single?: string) =>
        single !== undefined ? single : double !== undefined ? double.replace(/\\(["\\$`])/g, "$1") : (escaped ?? "")
    )
  )
}

/** What a parser may need besides the text. */
export interface Reading extends Surroundings {
  /** Of a count: the least that it may be. */
  readonly least?: number | undefined
}

/** Reads one text as a value. Throws `InvalidRequest`, which names `field` as the caller knows it. */
export type Parser<T extends ValueType> = (text: string, field: string, reading: Reading) => ValueTypes[T]["value"]

/**
 * How each type of value is read from a text, once for all faces; see `textTypes` for those that are the text itself. What
 * the others are made of lies outside of the text.
 */
export const parsers: {
  readonly [T in Exclude<ValueType, TextType | "switch" | "variables" | "script" | "public-key">]: Parser<T>
} = {
  count: (text, field, { least }) => parseCount(text, field, least),
  share: parseShare,
  speed: parseSpeed,
  money: parseMoney,
  duration: parseDuration,
  size: parseSize,
  bandwidth: parseBandwidth,
  version: parseVersion,
  time: parseTime,
  port: parsePort,
  "port-number": parsePortNumber,
  forwarding: parseForwarding,
  words: parseWords,
  volume: parseVolume,
  "existing-volume": parseExistingVolume,
  tag: parseTag
}
