import { isGpuError } from "./errors.ts"

/** What a person who reads an error that nobody caught has no use for: whole offers, and what each try came to. */
const long: ReadonlySet<string> = new Set(["trail", "excluded", "problems", "cause"])

/** A function that callers use. */
type Called = (...args: never[]) => unknown

/** Where a call came from, as an error that was made there. */
export const placeOfCall = (call: Called): Error => {
  // Not in every browser: there the frames of this package stand above the caller's.
  if (!Error.captureStackTrace) return new Error("called here")
  // Each call pays for this: the frames are looked up once, and not a first time by the constructor.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const place = new Error("called here")
  Error.stackTraceLimit = stackTraceLimit
  Error.captureStackTrace(place, call)
  return place
}

/** The lines of a stack that say where, without the name and the message above them. */
const framesIn = (stack = ""): string =>
  stack
    .split("\n")
    .filter((line) => /^\s*at |@/.test(line))
    .join("\n")

const headed = (error: Error, frames: string): PropertyDescriptor => ({
  value: `${error.name}: ${error.message}${frames && `\n${frames}`}`,
  ...{ configurable: true, writable: true, enumerable: false }
})

/**
 * The causes below an error, those of this package without their stacks: a caller has no use for the place in it
 * where an answer was read. What others threw is the very same object.
 */
const causeOf = (cause: unknown, depth = 0): unknown => {
  if (!isGpuError(cause) || depth > 8) return cause
  const { cause: inner, ...own } = Object.getOwnPropertyDescriptors(cause)
  return Object.create(Object.getPrototypeOf(cause), {
    ...own,
    stack: headed(cause, ""),
    ...(inner && { cause: { ...inner, enumerable: false, value: causeOf(cause.cause, depth + 1) } })
  })
}

/**
 * An error as its caller gets it: made where the call was made, and with nothing long that is enumerable, so that
 * a program which ends by it prints the caller's own line, its name and its message.
 *
 * - Nothing is taken out: `trail`, `excluded`, `problems` and `cause` are there for who reads them, and in its JSON.
 */
export const forCaller = (error: unknown, place: Error): unknown => {
  if (!isGpuError(error)) return error
  const own = Object.entries(Object.getOwnPropertyDescriptors(error)).flatMap(([name, found]) => {
    if (name === "stack" || (name === "cause" && error.cause === undefined)) return []
    const descriptor = long.has(name) ? { ...found, enumerable: false } : found
    return [[name, name === "cause" ? { ...descriptor, value: causeOf(error.cause) } : descriptor] as const]
  })
  // The runtime shows the line at which an object was made: this one was made by the call.
  Object.setPrototypeOf(place, Object.getPrototypeOf(error))
  const { stack } = place
  Object.defineProperties(place, Object.fromEntries(own))
  return Object.defineProperty(place, "stack", headed(error, framesIn(stack)))
}

/**
 * An error as the function that throws it to its caller throws it: it begins at the line that called `call`; see
 * {@link forCaller}.
 */
export const thrownBy = (call: Called, error: unknown): unknown => forCaller(error, placeOfCall(call))
