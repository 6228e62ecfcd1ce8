import { type GpuError, Listing, type Problem, ProviderFault } from "@anygpu/core"
import type { Caller } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as z from "zod"
import type * as wire from "./wire.ts"

/** One list of Huddle01 that comes in pages. */
export interface Pages<A> {
  readonly operation: string
  /** What the rows are, for people: `machines`. */
  readonly part: string
  readonly schema: z.ZodType<A>
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

/**
 * Every row once, page by page, with the row as it came beside it.
 *
 * - Fails when the first page does. A later one that fails ends the list, and is said.
 * - What the cloud announces and does not show is said too: a cursor that comes again, a page that brings nothing new
 *   and names another one, fewer rows than `total`, `has_more` without a cursor. `has_more: false` is believed against
 *   `total`, unless rows came twice: then they moved while they were read, and one may have slipped through.
 */
export const allRows = Effect.fnUntraced(function* <A>(
  caller: Caller,
  { operation, part, schema, keyOf, ask, next }: Pages<A>
): Effect.fn.Return<Listing<{ readonly row: A; readonly native: unknown }>, GpuError> {
  const place = { provider: "huddle", kind: "vm" } as const
  const observedAt = yield* DateTime.now
  const found = new Map<string, { readonly row: A; readonly native: unknown }>()
  const problems: Problem[] = []
  const cursors = new Set<string>()
  let cursor: string | undefined
  let read = 0
  for (let number = 1; ; number++) {
    const answer = yield* Effect.result(ask(cursor))
    if (answer._tag === "Failure") {
      if (number === 1) return yield* Effect.fail(answer.failure)
      problems.push({ ...place, part: `page ${number} of the ${part}`, error: answer.failure })
      break
    }
    const page = answer.success
    const { rows, native, problems: bad } = yield* caller.rows(schema, page.rows, { part, operation, kind: "vm" })
    const before = found.size
    for (const [index, row] of rows.entries()) found.set(keyOf(row), { row, native: native[index] })
    problems.push(...bad)
    read += page.rows.length
    const { total, has_more } = page.meta
    const more = has_more ?? (total == null ? undefined : read < total)
    cursor = next(page, number, more)
    const slipped = total != null && found.size + problems.length < Math.min(total, read)
    if (cursor === undefined && !more && !slipped) break
    if (cursor === undefined || cursors.has(cursor) || found.size === before) {
      const message = `Huddle01 says that there are more ${part} than the ${found.size} that it showed: the rest is unknown`
      const error = new ProviderFault({ message, retry: "temporary", ...place, operation })
      problems.push({ ...place, part: `page ${number + 1} of the ${part}`, error })
      break
    }
    cursors.add(cursor)
  }
  return new Listing({ items: [...found.values()], complete: problems.length === 0, observedAt, problems })
})
