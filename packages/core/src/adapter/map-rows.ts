import { BadResponse } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Problem } from "../model/listing.ts"
import { fieldProblem, type Unread } from "./unread.ts"

/** What was made of a row, and the fields that it had to be made without. */
export interface Mapped<B> {
  readonly made: B
  readonly unread: ReadonlyArray<Unread>
}

const found = "nothing in common terms can be made of it"

const attempt = <B>(make: () => B): { readonly made: B } | null => {
  try {
    return { made: make() }
  } catch {
    return null
  }
}

/**
 * Makes something of a row; where that throws, of the row without the field at fault, and without all fields but the id
 * where it is no single one. Null when that throws as well.
 */
export const mapRow = <A, B>(row: A, map: (row: A) => B, id: string): Mapped<B> | null => {
  const whole = attempt(() => map(row))
  if (whole) return { ...whole, unread: [] }
  if (typeof row !== "object" || row === null) return null
  const fields = Object.keys(row).filter((field) => field !== id)
  for (const field of fields) {
    const without = attempt(() => map({ ...row, [field]: null }))
    if (without) return { ...without, unread: [{ field, found }] }
  }
  const bare = attempt(() => map({ ...row, ...Object.fromEntries(fields.map((field) => [field, null])) }))
  return bare && { ...bare, unread: fields.map((field) => ({ field, found })) }
}

/** Where rows come from, and how each is named. */
export interface MapSource<A> {
  readonly provider: string
  readonly kind: Kind
  readonly operation: string
  /** The list's name in the answer: `offers`. */
  readonly part: string
  readonly idOf: (row: A) => string
  /** The field at the row's top that holds the id. */
  readonly idField: string
}

/**
 * Makes items of rows, each within its own guard: whatever throws costs the field at fault, and at worst the row, which is
 * then a problem. Nothing is thrown.
 */
export const mapRows = <A, B>(
  rows: ReadonlyArray<A>,
  source: MapSource<A>,
  map: (row: A, index: number) => ReadonlyArray<B>
): { readonly items: ReadonlyArray<B>; readonly problems: ReadonlyArray<Problem> } => {
  const { provider, kind, operation, part, idOf, idField } = source
  const items: B[] = []
  const problems: Problem[] = []
  for (const [index, row] of rows.entries()) {
    const mapped = mapRow(row, (one) => map(one, index), idField)
    const id = idOf(row)
    if (mapped) {
      items.push(...mapped.made)
      problems.push(...mapped.unread.map((unread) => fieldProblem(id, unread, { provider, kind, operation })))
      continue
    }
    const message = `${operation}: nothing in common terms can be made of ${part}[${index}]; look for a newer anygpu`
    const error = new BadResponse({ message, retry: "permanent", path: `${part}[${index}]`, provider, kind, operation })
    problems.push({ provider, kind, part: `${part}[${index}]`, id, error })
  }
  return { items, problems }
}
