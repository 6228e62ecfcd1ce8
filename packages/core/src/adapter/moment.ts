import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"

/** A moment as a cloud writes it, in UTC; null for none, and for a text that is no time. */
export const timeOf = (text: string | null | undefined): DateTime.Utc | null =>
  Option.getOrNull(Option.map(DateTime.make(text ?? ""), DateTime.toUtc))
