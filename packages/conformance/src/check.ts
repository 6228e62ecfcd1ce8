import { inspect } from "node:util"

/** A test found the provider wrong. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure"
}

/** A test found that this provider has nothing to test; it counts as skipped, with the reason. */
export class NotApplicable extends Error {
  override readonly name = "NotApplicable"
}

/** A value as failures show it, on one line. */
export const show = (value: unknown): string => {
  const text = inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY, compact: true })
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}

/** Fails the test. */
export const fail = (message: string): never => {
  throw new ConformanceFailure(message)
}

/** A message, or what makes one: for checks that are made very often. */
type Message = string | (() => string)

const textOf = (message: Message): string => (typeof message === "string" ? message : message())

/** Fails the test unless the condition holds. */
export function check(condition: unknown, message: Message): asserts condition {
  if (!condition) fail(textOf(message))
}

/** Fails the test unless both are the same, compared as text. */
export const same = (actual: unknown, expected: unknown, what: Message): void => {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)]
  check(a === b, () => `${textOf(what)}: expected ${b}, got ${a}`)
}

/** Leaves the test as not applicable. */
export const notApplicable = (reason: string): never => {
  throw new NotApplicable(reason)
}

/** Lets other work go on for a turn of the event loop; no time passes. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Waits, without any time passing, until something is so. */
export const until = async (condition: () => boolean, what: string): Promise<void> => {
  for (let turns = 0; turns < 5000; turns++) {
    if (condition()) return
    await turn()
  }
  fail(`${what} did not happen`)
}
