/**
 * The filter operators of search and list.
 *
 * - Source: Vast docs, POST /api/v0/bundles/ and GET /api/v1/instances/. `nin` is the official client's own spelling,
 *   sent as `notin`.
 */
export const operators = ["eq", "neq", "gt", "lt", "gte", "lte", "in", "notin"] as const

/** One of the filter operators. */
export type Operator = (typeof operators)[number]

/** Whether a name is a filter operator. */
export const isOperator = (name: string): name is Operator => operators.some((operator) => operator === name)

const asNumber = (value: unknown): number | undefined => {
  if (typeof value === "number") return value
  if (typeof value === "boolean") return value ? 1 : 0
  if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) return Number(value)
  return undefined
}

/** Equality as the market needs it: booleans by truth (`external` is null for false), numbers by value, else by text. */
export const isSame = (value: unknown, wished: unknown): boolean => {
  if (typeof value === "boolean" || typeof wished === "boolean") return Boolean(value) === Boolean(wished)
  if (value === null || value === undefined || wished === null || wished === undefined)
    return (value ?? null) === (wished ?? null)
  if (typeof value === "number" || typeof wished === "number") return asNumber(value) === asNumber(wished)
  return String(value) === String(wished)
}

const compare = (value: unknown, wished: unknown): number | undefined => {
  if (typeof value === "string" && typeof wished === "string") return value < wished ? -1 : value > wished ? 1 : 0
  const left = asNumber(value)
  const right = asNumber(wished)
  return left === undefined || right === undefined ? undefined : left - right
}

const isAmong = (value: unknown, wished: unknown) =>
  Array.isArray(wished) && wished.some((one: unknown) => isSame(value, one))

/** What each operator means; an order comparison with a missing value is false. */
const tests: Readonly<Record<Operator, (value: unknown, wished: unknown) => boolean>> = {
  eq: isSame,
  neq: (value, wished) => !isSame(value, wished),
  gt: (value, wished) => (compare(value, wished) ?? Number.NaN) > 0,
  lt: (value, wished) => (compare(value, wished) ?? Number.NaN) < 0,
  gte: (value, wished) => (compare(value, wished) ?? Number.NaN) >= 0,
  lte: (value, wished) => (compare(value, wished) ?? Number.NaN) <= 0,
  in: isAmong,
  notin: (value, wished) => !isAmong(value, wished)
}

/** Whether a value passes one operator. */
export const passes = (value: unknown, operator: Operator, wished: unknown): boolean => tests[operator](value, wished)

/** Sort order of two column values, missing ones last. */
export const byValue = (a: unknown, b: unknown): number => {
  if (a === b) return 0
  if (a === null || a === undefined) return 1
  if (b === null || b === undefined) return -1
  return compare(a, b) ?? 0
}
