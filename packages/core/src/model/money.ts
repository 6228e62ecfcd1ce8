import { thrownBy } from "../caller-frame.ts"
import { InvalidRequest } from "../errors.ts"

/** The currencies the supported clouds bill in. USDC is kept apart from USD; see {@link compareAtPar} for limits. */
export type Currency = "USD" | "USDC"

/**
 * An exact amount: integer micro-units of a currency (1 USD = 1,000,000 micros).
 *
 * - Never a float: arithmetic is done in integers, and the one rounding per result is upwards, so that a price is
 *   never shown lower than it is.
 * - Compare with {@link compareMoney}; two currencies cannot be added.
 */
export interface Money {
  readonly micros: number
  readonly currency: Currency
}

/** Integer division that rounds towards positive infinity. */
const divideUp = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator
  return quotient * denominator < numerator ? quotient + 1n : quotient
}

/** So many decimal digits always fit into a number exactly: prices need no big integers, which cost much time. */
const exactDigits = 15

/** The same division of whole numbers that are exact as they are. */
const quotientUp = (numerator: number, denominator: number): number => {
  const rest = numerator % denominator
  return (numerator - rest) / denominator + (rest > 0 ? 1 : 0)
}

/** What a number can be off by when its decimal digits are scaled by a million, and more. */
const doubt = 2 ** -50

/**
 * The micros of a number, without its digits: nearly every price a cloud sends is had this way, in a tenth of the time.
 *
 * - Undefined where the rounding could go either way, and for numbers that are too great or too small.
 */
const quickMicros = (amount: number): number | undefined => {
  if (!(amount >= 1e-9 && amount < 1e9)) return undefined
  const scaled = amount * 1e6
  const micros = Math.ceil(scaled * (1 + doubt))
  if (Math.ceil(scaled * (1 - doubt)) === micros) return micros
  // Two decimals of at most 15 digits are never the same number, so this one is the one that was written.
  const nearest = Math.round(scaled)
  return nearest / 1e6 === amount ? nearest : undefined
}

/** A function for callers that throws; what it throws begins at their line. */
type Called = (...args: never[]) => unknown

const make = (micros: bigint, currency: Currency, call: Called): Money => {
  const value = Number(micros)
  if (!Number.isSafeInteger(value)) {
    throw thrownBy(call, InvalidRequest.of("amount", `${micros} micros is beyond what money can hold`))
  }
  return { micros: value, currency }
}

/**
 * Money from a decimal: a number as clouds send it, or a decimal string.
 *
 * - The decimal digits are taken as written (`0.1` is exactly a tenth); digits beyond micros round up.
 * - Throws `InvalidRequest` on NaN, infinities, negative amounts and text that is no decimal.
 *
 * @example
 * ```ts
 * import { formatMoney, money } from "@anygpu/core"
 *
 * formatMoney(money("0.4"))      // "$0.40"
 * formatMoney(money(0.002074))   // "$0.002074"
 * ```
 */
export const money = (amount: number | string, currency: Currency = "USD"): Money => {
  const micros = typeof amount === "number" ? quickMicros(amount) : undefined
  if (micros !== undefined) return { micros, currency }
  const text = String(amount).trim()
  const match = /^\+?(?=\.?\d)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,3}))?$/i.exec(text)
  if (!match) {
    const problem = `${text} is not an amount of money: give a decimal of zero or more`
    throw thrownBy(money, InvalidRequest.of("amount", problem))
  }
  const [, whole = "0", fraction = "", exponent = "0"] = match
  const shift = 6 - fraction.length + Number(exponent)
  if (whole.length + fraction.length <= exactDigits && shift < 0 && shift >= -exactDigits) {
    return { micros: quotientUp(Number(whole + fraction), 10 ** -shift), currency }
  }
  const digits = BigInt(whole + fraction)
  return make(shift >= 0 ? digits * 10n ** BigInt(shift) : divideUp(digits, 10n ** BigInt(-shift)), currency, money)
}

/** Nothing, in a currency. */
export const zero = (currency: Currency = "USD"): Money => ({ micros: 0, currency })

const sameCurrency = (a: Money, b: Money, call: Called): void => {
  if (a.currency !== b.currency) {
    const problem = `${a.currency} and ${b.currency} cannot be mixed: no rate is known`
    throw thrownBy(call, InvalidRequest.of("currency", problem))
  }
}

/** The sum; throws `InvalidRequest` when the currencies differ. */
export const addMoney = (a: Money, b: Money): Money => {
  sameCurrency(a, b, addMoney)
  return make(BigInt(a.micros) + BigInt(b.micros), a.currency, addMoney)
}

/** The sums of amounts, one for each currency, in the order in which currencies come first. */
export const sumsOf = (amounts: Iterable<Money>): ReadonlyArray<Money> => {
  const sums = new Map<Currency, Money>()
  for (const amount of amounts) {
    const sum = sums.get(amount.currency)
    sums.set(amount.currency, sum ? addMoney(sum, amount) : amount)
  }
  return [...sums.values()]
}

/** The difference, at least zero; throws `InvalidRequest` when the currencies differ. */
export const subtractMoney = (a: Money, b: Money): Money => {
  sameCurrency(a, b, subtractMoney)
  return { micros: Math.max(0, a.micros - b.micros), currency: a.currency }
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0

/** `amount * numerator / denominator` with whole numbers, rounded up once: a rate times a quantity. */
export const scaleMoney = (amount: Money, numerator: number, denominator = 1): Money => {
  const product = amount.micros * numerator
  const exact = isCount(product) && isCount(numerator) && isCount(denominator)
  return exact && denominator > 0
    ? { micros: quotientUp(product, denominator), currency: amount.currency }
    : make(divideUp(BigInt(amount.micros) * BigInt(numerator), BigInt(denominator)), amount.currency, scaleMoney)
}

/** Negative, zero or positive, for sorting; throws `InvalidRequest` when the currencies differ. */
export const compareMoney = (a: Money, b: Money): number => {
  sameCurrency(a, b, compareMoney)
  return a.micros - b.micros
}

/**
 * Negative, zero or positive, for limits and for sorting what several clouds ask: one USDC counts as one USD.
 *
 * - Only the order rests on it. No amount is ever converted, and none of two currencies are added.
 */
export const compareAtPar = (a: Money, b: Money): number => a.micros - b.micros

const symbols: Record<Currency, (digits: string) => string> = {
  USD: (digits) => `$${digits}`,
  USDC: (digits) => `${digits} USDC`
}

/**
 * As people read it: at least two digits after the point, more only where they are not zero.
 *
 * - `digits`: at most so many (2 to 6, 6 by default); a longer amount is rounded up, never down.
 */
export const formatMoney = ({ micros, currency }: Money, digits = 6): string => {
  const step = 10 ** (6 - Math.min(6, Math.max(2, digits)))
  const text = String(Math.abs(Math.ceil(micros / step) * step)).padStart(7, "0")
  const fraction = text.slice(-6).replace(/0{1,4}$/, "")
  return (micros < 0 ? "-" : "") + symbols[currency](`${text.slice(0, -6)}.${fraction}`)
}

/** The amount as an exact decimal string, for wire formats and JSON. */
export const decimalOf = ({ micros }: Money): string => {
  const digits = String(Math.abs(micros)).padStart(7, "0")
  return (micros < 0 ? "-" : "") + `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, "")
}
