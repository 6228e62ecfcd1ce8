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

/** A time; null for one that is malformed, or from which its zone is missing. Years may be written with six digits. */
export const timeOf = (text: string | null | undefined): DateTime.Utc | null => {
  if (!text || !/^(\+00)?\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(text)) return null
  return Option.getOrNull(DateTime.make(text.replace(/^\+00/, "")))
}

/** A port, which the GPU family writes as text and the CPU family as a number; null for anything else. */
export const portOf = (port: string | number | null | undefined): number | null =>
  port != null && /^[1-9]\d{0,4}$/.test(String(port)) && Number(port) <= 65_535 ? Number(port) : null
