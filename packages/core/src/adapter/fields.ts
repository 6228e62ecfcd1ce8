import * as z from "zod"
import { money } from "../model/money.ts"
import { latestMillis } from "../model/sound.ts"

/*
 * Fields of answers that become values of the model. What the model cannot hold is unreadable from the start: it becomes
 * null, with a problem that names the field, and no mapping has to think of it.
 */

/** A size or a number of things: zero or more. */
export const countField = z.number().min(0).max(1e14)

/** A number of things that has no halves. */
export const wholeField = z.int().min(0).max(1e14)

/** A text that `read` understands, and does not answer null for; an empty one says nothing. `what` it should be: `time`. */
export const textField = (what: string, read: (text: string) => unknown) =>
  z.string().refine((text) => text.trim() === "" || read(text) !== null, { message: `is no ${what}`, abort: true })

/** An amount of money as a number: zero or more, and no more than exact micros can hold. */
export const moneyField = z.number().min(0).max(9_000_000_000)

/** A moment in Unix seconds, until the end of the year 9999. */
export const secondsField = z
  .number()
  .min(0)
  .max(latestMillis / 1000)

/** A port as a number. */
export const portField = z.int().min(1).max(65_535)

/** A share of one. */
export const shareField = z.number().min(0).max(1)

const isMoney = (amount: number | string): boolean => {
  try {
    return money(amount).micros >= 0
  } catch {
    return false
  }
}

/** An amount of money as a decimal, a number or a text, kept as it came so that no digit is lost. */
export const decimalField = z
  .union([z.number(), z.string()])
  .refine(isMoney, { message: "is no amount of money", abort: true })
