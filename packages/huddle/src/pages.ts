import type { GpuError, Listing } from "@anygpu/core"
import { allPages, type Caller } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import type * as z from "zod"
import type * as wire from "./wire.ts"

/** One list of Huddle01 that comes in pages. */
export interface Pages<A> {
  readonly operation: string
  /** What the rows are, for people: `machines`. */
  readonly part: string
  readonly schema: z.ZodType<A>
  /** The field that holds a row's id; `id` when it is left out. */
  readonly id?: string
  /** What makes two rows one: a row that moved between two pages while they were read comes twice. */
  readonly keyOf: (row: A) => string
  /** Asks for the page of a cursor; for the first one without. */
  readonly ask: (cursor: string | undefined) => Effect.Effect<wire.Page, GpuError>
  /** The cursor of the page after this one; `more` is what the answer says of it, as far as it says anything. */
  readonly next: (page: wire.Page, number: number, more: boolean | undefined) => string | undefined
}

/** The next page's cursor where a list has cursors. */
export const byCursor: Pages<unknown>["next"] = ({ meta }) =>
  meta.has_more === false ? undefined : meta.next_cursor || undefined

/** A row as it was understood, and as it came. */
export interface Row<A> {
  readonly row: A
  readonly native: unknown
}

/**
 * Every row once, page by page, with the row as it came beside it; see {@link allPages}.
 *
 * - `has_more: false` is believed against `total`, unless rows came twice: then they moved while they were read, and one
 *   may have slipped through.
 */
export const allRows = <A>(
  caller: Caller,
  { operation, part, schema, id = "id", keyOf, ask, next }: Pages<A>
): Effect.Effect<Listing<Row<A>>, GpuError> =>
  Effect.suspend(() => {
    let read = 0
    return allPages<Row<A>>({
      ...{ provider: "huddle", cloud: "Huddle01", kind: "vm", operation, part },
      page: (cursor, number) =>
        Effect.gen(function* () {
          const page = yield* ask(cursor)
          const { rows, native, problems } = yield* caller.rows(schema, page.rows, { part, operation, kind: "vm", id })
          read += page.rows.length
          const { total, has_more } = page.meta
          const more = has_more ?? (total == null ? undefined : read < total)
          return {
            rows: rows.map((row, index) => [keyOf(row), { row, native: native[index] }] as const),
            problems,
            next: next(page, number, more),
            announces: (shown) => more === true || (total != null && shown < Math.min(total, read))
          }
        })
    })
  })
