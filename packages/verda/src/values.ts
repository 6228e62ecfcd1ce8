import { type Money, money } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

const bytesPerMiB = 1_048_576
const bytesPerGB = 1_000_000_000

/** The whole MiB in some GB, taken as 10^9 bytes both ways: nobody gets less than they asked for. */
export const mibOfGB = (gb: number): number => Math.floor((gb * bytesPerGB) / bytesPerMiB)

/** The whole GB to ask for. */
export const gbOfMiB = (mib: number): number => Math.ceil((mib * bytesPerMiB) / bytesPerGB)

/** A moment; null for a text that is none. */
export const timeOf = (text: string | null | undefined): DateTime.Utc | null =>
  Option.getOrNull(DateTime.make(text ?? ""))

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
