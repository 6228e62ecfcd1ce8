import type { ValueType } from "./field.ts"

/** The types whose value is the text itself, as it was written. */
export const textTypes = [
  ...(["text", "name", "image", "place", "country", "gpu", "offer"] as const),
  ...(["choice", "machine", "file"] as const)
] satisfies ReadonlyArray<ValueType>

/** The name of a type whose value is the text itself. */
export type TextType = (typeof textTypes)[number]

/** Whether the value of a type is the text itself. */
export const isTextType = (type: ValueType): type is TextType => textTypes.some((one) => one === type)

/** The types whose texts may have commas in them. */
const withCommas: ReadonlyArray<ValueType> = ["public-key", "file", "script", "text", "words"]

/** Whether commas part several values of a type. */
export const isParted = (type: ValueType): boolean => !withCommas.includes(type)

/** Texts that commas part too. */
export const textsIn = (given: ReadonlyArray<string>): ReadonlyArray<string> =>
  given
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "")
