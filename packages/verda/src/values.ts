import { type Money, money } from "@anygpu/core"

/** An amount in USD above zero; null for none, and for euros, of which no rate is known. */
export const priceOf = (
  amount: number | string | null | undefined,
  currency: string | null | undefined
): Money | null => {
  if (amount == null || amount === "" || currency?.toLowerCase() !== "usd") return null
  const price = money(amount)
  return price.micros > 0 ? price : null
}

/** The hours of a month in the prices of volumes. Source: Verda API v1, GET /volumes: 20 a month are 0.0274 an hour. */
export const hoursPerMonth = 730

/** The OS volume without being asked for, and the smallest that all known clients send, in GB. The bounds are not documented. */
export const defaultGB = 50

/** The tag that holds the launch marker. Source: Verda API v1, change log of 2026-09-11. */
export const markerTag = "anygpu"
