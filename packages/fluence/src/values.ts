import { type Money, money } from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

const mibPerUnit: ReadonlyMap<string, number> = new Map([
  ["mi", 1],
  ["gi", 1024],
  ["ti", 1_048_576]
])

/** So many `Gi`, `GiB` or `MiB` in MiB; null for a unit that is not binary. */
export const mibOf = (count: number | null | undefined, units: string | null | undefined): number | null => {
  const per = mibPerUnit.get((units ?? "").trim().toLowerCase().replace(/b$/, ""))
  return count == null || per === undefined ? null : Math.floor(count * per)
}

/** The MiB of `"80Gi"`. */
export const vramOf = (text: string | null | undefined): number | null => {
  const [, count, units] = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text ?? "") ?? []
  return mibOf(count === undefined ? null : Number(count), units)
}

/** A number above zero, also as a text of digits; null for anything else. */
export const numberOf = (value: string | number | null | undefined): number | null => {
  const number = typeof value === "string" && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) && number > 0 ? number : null
}

const exact = Option.liftThrowable((text: string) => money(text, "USDC"))

/** An amount of USDC as a decimal text; null for anything else: what nobody can read is no price. */
export const usdcOf = (amount: string | number | null | undefined): Money | null =>
  typeof amount === "string" && /^[\d.]+$/.test(amount) ? Option.getOrNull(exact(amount)) : null

/** A time; null for one that is malformed, or from which its zone is missing. Years may be written with six digits. */
export const timeOf = (text: string | null | undefined): DateTime.Utc | null => {
  if (!text || !/^(\+00)?\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return null
  return Option.getOrNull(DateTime.make(text.replace(/^\+00/, "")))
}

/** A port, which the GPU family writes as text and the CPU family as a number; null for anything else. */
export const portOf = (port: string | number | null | undefined): number | null =>
  port != null && /^[1-9]\d{0,4}$/.test(String(port)) && Number(port) <= 65_535 ? Number(port) : null
