import { type Money, money } from "@anygpu/core"

/** GB of Shadeform are taken as GiB: no document says which they are, and its GPUs of 80 GB are those of 80 GiB. */
export const mibOfGB = (gb: number | null | undefined): number | null => (gb == null ? null : Math.floor(gb * 1024))

/** A price above zero in whole cents; null where Shadeform shows none. */
export const priceOfCents = (cents: number | null | undefined): Money | null =>
  cents != null && cents > 0 ? money(`${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`) : null

/** A decimal text of dollars as Shadeform writes it: also without its first digit (`.000097`), or with a sign (`$15.00`). */
export const decimalOf = (text: string): string => text.trim().replace(/^\$/, "").replace(/^\./, "0.")

/** A price above zero in a decimal text of dollars; null where there is none. */
export const priceOfText = (text: string | null | undefined): Money | null => {
  if (text == null || text.trim() === "") return null
  const price = money(decimalOf(text))
  return price.micros > 0 ? price : null
}
