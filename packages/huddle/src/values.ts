import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** A time; null for one that is malformed. */
export const timeOf = (text: string | null | undefined): DateTime.Utc | null =>
  Option.getOrNull(Option.map(DateTime.make(text ?? ""), DateTime.toUtc))
