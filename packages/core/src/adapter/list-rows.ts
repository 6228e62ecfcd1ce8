import * as Effect from "effect/Effect"
import type * as z from "zod"
import type { GpuError } from "../errors.ts"
import type { Kind } from "../model/kind.ts"
import type { Listing } from "../model/listing.ts"
import type { Caller } from "./caller.ts"
import { allPages } from "./pages.ts"

/** One page of rows as it came, or a whole list that has no pages. */
export interface RawPage {
  /** The rows, not decoded yet. */
  readonly rows: unknown
  /** The cursor of the next page; absent, null or empty on the last page. */
  readonly next?: string | null | undefined
  /** How many rows there are in all, where the cloud says so. */
  readonly total?: number | null | undefined
}

/** A list of a cloud, and how it is asked for. */
export interface RowList<A> {
  /** What its errors call the cloud: `Vast`. */
  readonly cloud: string
  readonly operation: string
  /** What the rows are, for people: `machines`. */
  readonly part: string
  /** The list's name in the answer, where that is another one: `instances`. */
  readonly field?: string
  readonly kind?: Kind
  readonly schema: z.ZodType<A>
  /** The path of the id in a row (default `id`): all that a row cannot do without. */
  readonly id?: string
  /** What makes two rows one: a row that moved between two pages while they were read comes twice. */
  readonly keyOf: (row: A) => string | number
  /** Asks for a page by what the one before named; for the first one, and for a list without pages, by nothing. */
  readonly ask: (next: string | undefined) => Effect.Effect<RawPage, GpuError>
}

/**
 * Every row of a list once, page by page where it has pages, as old as the asking for the first one.
 *
 * - A row that cannot be read is a problem, and a field that cannot be read is null and a problem; see `Caller.rows`.
 * - Fails when the first page does. What is missing of the others, or has no end, is said: see {@link allPages}.
 */
export const listRows = <A>(caller: Caller, list: RowList<A>): Effect.Effect<Listing<A>, GpuError> => {
  const { cloud, operation, part, field = part, kind, schema, id, keyOf, ask } = list
  const at = { part: field, operation, ...(kind && { kind }), ...(id !== undefined && { id }) }
  return allPages<A>({
    ...{ provider: caller.provider, cloud, operation, part, ...(kind && { kind }) },
    page: Effect.fnUntraced(function* (token) {
      const { rows: raw, next, total } = yield* ask(token)
      const { rows, problems } = yield* caller.rows(schema, raw, at)
      return {
        rows: rows.map((row) => [keyOf(row), row] as const),
        problems,
        next: next || undefined,
        announces: (shown) => (total ?? 0) > shown
      }
    })
  })
}
