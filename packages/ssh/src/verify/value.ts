/**
 * How the drivers write that a value is not there. `[N/A]` of the CSV form is `N/A` of the XML form; the last one is in a
 * container that holds a slice of a card.
 */
const absent = /^\[?(?:n\/?a|none|not supported|not available|insufficient permissions?|no permissions?)\]?$/i

/** How the drivers write that a card does not answer any more. */
const broken = /unknown error|\berr!|gpu is lost|requires? reset|reset required|fallen off the bus/i

/** Whether a value says that the card does not answer. */
export const isBroken = (text: string): boolean => broken.test(text)

/** What a value says; null where it is empty, or says that it has none. */
export const wordIn = (text: string | null | undefined): string | null => {
  const word = text?.trim() ?? ""
  return word === "" || absent.test(word) || broken.test(word) ? null : word
}

/**
 * The number in a value with its unit: `numberIn("81559 MiB", "MiB")`.
 *
 * - Null for everything else, another unit too: a part of a value is no value.
 */
export const numberIn = (text: string | null | undefined, unit = ""): number | null => {
  const [, digits, found] = /^(\d{1,15}(?:\.\d{1,9})?) ?([A-Za-z%]*)$/.exec(text?.trim() ?? "") ?? []
  return digits !== undefined && found === unit ? Number(digits) : null
}

/** The sum of the numbers that are known; null where none is. */
export const sumOf = (numbers: ReadonlyArray<number | null>): number | null => {
  const known = numbers.filter((number) => number !== null)
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0)
}
