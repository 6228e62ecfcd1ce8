import { durationText } from "@anygpu/operations"
import { formatMoney, type Gpu, type Location, type Money } from "anygpu"
import { plain } from "./plain.ts"

/** An amount per hour, or a question mark where none is known. */
export const priceText = (money: Money | null): string => (money === null ? "?" : formatMoney(money, 3))

/** `2x H100`; `none` for machines without. */
export const gpuText = (gpu: Gpu | null): string => (gpu === null ? "none" : `${gpu.count}x ${plain(gpu.model)}`)

/** The country, the region, or what the cloud wrote. */
export const placeText = ({ country, region, native }: Location): string => plain(country ?? region ?? native ?? "?")

/** A share as a percentage. */
export const percentText = (share: number | null): string => (share === null ? "?" : `${(share * 100).toFixed(1)}%`)

/** How long ago, or in how long. */
export const sinceText = (millis: number, now: number): string =>
  millis <= now ? `${durationText(now - millis)} ago` : `in ${durationText(millis - now)}`

/** A moment in UTC, to the minute. */
export const timeText = (millis: number): string =>
  `${new Date(millis).toISOString().slice(0, 16).replace("T", " ")} UTC`
