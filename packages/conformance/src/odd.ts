/** The keys that lead to a place in a JSON value. */
export type Path = ReadonlyArray<string | number>

type Holder = Record<string | number, unknown>

/** Every place in a JSON value but its top, leaves and what holds them. */
export const placesIn = (value: unknown, at: Path = []): ReadonlyArray<Path> => {
  if (typeof value !== "object" || value === null) return []
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value)
  return [...keys].flatMap((key) => [[...at, key], ...placesIn((value as Holder)[key], [...at, key])])
}

/** What stands at a place; undefined where the place is missing. */
export const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === "object" && at !== null ? (at as Holder)[key] : undefined), value)

/** Puts a value at a place that is there, in place. */
export const putAt = (value: unknown, path: Path, odd: unknown): void => {
  const [holder, key] = [valueAt(value, path.slice(0, -1)), path.at(-1)]
  if (typeof holder === "object" && holder !== null && key !== undefined) (holder as Holder)[key] = odd
}

/** A place for people. */
export const placeText = (path: Path): string => path.join(".") || "the top"

const typeOf = (value: unknown): string => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value)

/** Whether a value is of another type than the one that stood there; a text that may be read as a number is of both. */
export const isOtherType = (value: unknown, odd: unknown): boolean =>
  odd !== null && value !== null && typeOf(odd) !== typeOf(value) && !(typeof odd === "string" && /^\s*-?\d/.test(odd))

/**
 * Whether a value may say that nothing is known of what stood there: null, nothing written, a zero or next to it, an
 * object of other fields.
 */
export const mayBeNothing = (value: unknown, odd: unknown): boolean => {
  if (odd === null || (typeof odd === "object" && typeOf(odd) === typeOf(value))) return true
  return (
    (typeof odd === "string" || typeof odd === "number") && typeof value !== "object" && Math.abs(Number(odd)) < 1e-3
  )
}

/** A value of another type than that of the one that stood there: one in turn of a few. */
export const wrongType = (value: unknown, turn: number): unknown => {
  const isObject = typeof value === "object" && value !== null
  const scalar = typeof value === "string" ? 12_345 : "no such thing"
  // An object of other fields is one of which nothing is known: that is no other type.
  const others = [
    isObject ? -1 : { odd: true },
    isObject ? false : [null],
    scalar,
    typeof value === "boolean" ? 0 : true
  ]
  return others[turn % others.length]
}

/** Fifty values that no field of a machine or an offer is expected to hold, of every JSON type. */
export const oddValues: ReadonlyArray<unknown> = [
  ...[null, true, false, {}, [], [null], [[]], [{}], { odd: true }, { "": null }],
  ...[0, -0, 1, -1, 0.1, -0.5, 12_345, 65_536, 1e9, 9.9e12, 1e18, -1e18, 1e308, 5e-324, 2 ** 53],
  ...["", " ", "0", "-1", "17001", "0.41", "1e5", "1e999", "NaN", "Infinity", "true", "null", "[]", "{}"],
  ...[
    "2026-01-01",
    "9999-99-99T99:99:99Z",
    "-ag0123456789",
    "../../x",
    "a".repeat(20_000),
    "\u0000\u001b[31m",
    "\ud800"
  ],
  ...[
    { toString: 1, valueOf: 2 },
    { length: -1 },
    Array.from({ length: 50 }, () => 0),
    { a: { b: { c: { d: [{}] } } } }
  ]
]
