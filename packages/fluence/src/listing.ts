import { type GpuError, type Kind, Listing } from "@anygpu/core"
import { type Caller, mapRows } from "@anygpu/core/adapter"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type * as z from "zod"

/** A list of Fluence, and what becomes of each of its rows. */
interface Source<A, B> {
  readonly schema: z.ZodType<A>
  readonly read: Effect.Effect<unknown, GpuError>
  /** What problems call it. */
  readonly part: string
  readonly operation: string
  readonly kind: Kind
  /** The path of a row's id; `id` when it is left out. */
  readonly id?: string
  readonly idOf: (row: A) => string
  /** The items of a row; `native` is the row as it came. */
  readonly items: (row: A, native: unknown, observedAt: DateTime.Utc) => ReadonlyArray<B>
}

/** Reads a list row by row: one that cannot be read costs only itself, and is a problem of the listing. */
export const listingOf = <A, B>(
  caller: Caller,
  { schema, read, items, idOf, id = "id", ...at }: Source<A, B>
): Effect.Effect<Listing<B>, GpuError> =>
  Effect.gen(function* () {
    const observedAt = yield* DateTime.now
    const { rows, native, problems } = yield* caller.rows(schema, yield* read, { ...at, id })
    const source = { ...at, provider: "fluence", idOf, idField: id.split(".")[0] ?? id }
    const found = mapRows(rows, source, (row, index) => items(row, native[index], observedAt))
    return Listing.read({ items: found.items, observedAt, problems: [...problems, ...found.problems] })
  })
