import type { MoneyJson } from "@anygpu/operations/protocol"

/** An amount in millionths of its currency, for sums and charts. */
export const microsOf = (money: MoneyJson): number => Math.round(Number(money.amount) * 1e6)

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ",")

/** Micros as people read them: at least two digits after the point, at most `digits`; rounded up, never down. */
export const microsText = (micros: number, currency: MoneyJson["currency"], digits = 2): string => {
  const step = 10 ** (6 - digits)
  const text = String(Math.abs(Math.ceil(micros / step) * step)).padStart(7, "0")
  const amount = `${grouped(text.slice(0, -6))}.${text.slice(-6).replace(/0{1,4}$/, "")}`
  return `${micros < 0 ? "-" : ""}${currency === "USD" ? `$${amount}` : `${amount} ${currency}`}`
}

/** An amount as the command prints it, with its thousands apart. */
export const amountText = (money: MoneyJson, digits = 2): string => microsText(microsOf(money), money.currency, digits)

/** An amount per hour, or a question mark where none is known. */
export const priceText = (money: MoneyJson | null): string => (money === null ? "?" : amountText(money, 3))

/** One amount for each currency: they are never added. */
export const amountsText = (all: ReadonlyArray<MoneyJson>, none = "-", digits = 2): string =>
  all.length === 0 ? none : all.map((one) => amountText(one, digits)).join(" and ")

/** The sum of each currency, dollars first. */
export const sumsOf = (all: ReadonlyArray<MoneyJson>): ReadonlyArray<MoneyJson> => {
  const sums = new Map<MoneyJson["currency"], number>()
  for (const one of all) sums.set(one.currency, (sums.get(one.currency) ?? 0) + microsOf(one))
  return Array.from(sums, ([currency, micros]) => ({ amount: String(micros / 1e6), currency })).sort((a, b) =>
    a.currency < b.currency ? -1 : 1
  )
}

/** Micros of all amounts, one USDC counted as one USD: for the length of a bar, never for a text. */
export const microsAtPar = (all: ReadonlyArray<MoneyJson>): number => all.reduce((sum, one) => sum + microsOf(one), 0)
