import { valueAt } from "@anygpu/conformance"

/** An object of an answer. */
export type Row = Record<string, unknown>

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value)

/** Every object of an answer, however deep. */
export const rowsIn = (body: unknown): ReadonlyArray<Row> => {
  if (Array.isArray(body)) return body.flatMap(rowsIn)
  return isRow(body) ? [body, ...Object.values(body).flatMap(rowsIn)] : []
}

/** Where the offers of the three families have their ids. */
export const idPaths = [["plan", "id"], ["configuration", "slug"], ["id"]] as const

/** Whether an object is an offer whose id is under this name. */
export const isOfferOf = (row: Row, name: string): boolean =>
  isRow(row[name]) || (name === "id" && "id" in row && "pricing" in row)

/** The change of a row, but for its id and what holds it. */
export const kept = (row: Row, path: ReadonlyArray<string>, change: (row: Row) => void): void => {
  const id = valueAt(row, path)
  change(row)
  const [first = "id", second] = path
  if (second === undefined) row[first] = id
  else row[first] = { ...(isRow(row[first]) ? row[first] : {}), [second]: id }
}
