import { BadResponse } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Problem } from "../model/listing.ts"

/** A field of a row that could not be read, and what stood in its place; never the value itself. */
export interface Unread {
  /** The path within the row: `ssh_port`, `network.forwarded_ports[0].port`; keys that the cloud makes up are `*`. */
  readonly field: string
  readonly found: string
}

/** Kept on the row itself, so that a copy with more fields still has it; no JSON and no list of keys shows it. */
const unreadKey = Symbol.for("@anygpu/core/unread")

/** The row with the word of what of it could not be read. */
export const markUnread = <A>(row: A, unread: ReadonlyArray<Unread>): A =>
  typeof row === "object" && row !== null && unread.length > 0 ? { ...row, [unreadKey]: unread } : row

/** What of a row could not be read; nothing of one that was read whole. */
export const unreadIn = (row: unknown): ReadonlyArray<Unread> =>
  typeof row === "object" && row !== null
    ? ((row as { readonly [unreadKey]?: ReadonlyArray<Unread> })[unreadKey] ?? [])
    : []

/** Whether an unreadable field is one of these fields of its row, or in one of them. */
export const isIn = ({ field }: Pick<Unread, "field">, names: ReadonlyArray<string>): boolean =>
  names.includes(/^[^.[]*/.exec(field)?.[0] ?? field)

/** Where a row comes from, for the problems of its fields. */
export interface RowPlace {
  readonly provider: string
  readonly kind?: Kind | undefined
  readonly operation?: string | undefined
  /** Takes out of the error what must not be shown. */
  readonly clean?: (error: BadResponse) => BadResponse
}

/** The problem of one field of a row that is there. */
export const fieldProblem = (id: string, { field, found }: Unread, place: RowPlace): Problem => {
  const { provider, kind, operation, clean = (error) => error } = place
  const named = { provider, ...(kind === undefined ? {} : { kind }) }
  const message = `${field} of ${id} cannot be read: ${found}; it counts as unknown`
  const where = { path: field, ...named, ...(operation && { operation }) }
  const error = clean(new BadResponse({ message, retry: "permanent", ...where }))
  return { ...named, part: `${field} of ${id}`, id, field, error }
}

/** The id at a path of a row; undefined for anything else, and for a number that is not exact. */
export const idIn = (row: unknown, path: ReadonlyArray<PropertyKey> = ["id"]): string | undefined => {
  const id = path.reduce<unknown>((at, key) => Object(at)[key], row)
  if (typeof id === "string" && id !== "") return id
  return Number.isSafeInteger(id) ? String(id) : undefined
}
