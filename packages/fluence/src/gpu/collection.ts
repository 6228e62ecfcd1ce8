import { type GpuError, type InstanceFacts, type Kind, type Listing, NotFound, ProviderFault } from "@anygpu/core"
import { type Caller, joined } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import type * as z from "zod"
import { listingOf } from "../listing.ts"
import * as wire from "./wire.ts"

/** Where the machines of one kind are listed, read and ended. */
interface Routes<Row> {
  readonly schema: z.ZodType<Row>
  readonly operation: string
  readonly list: Effect.Effect<ReadonlyArray<unknown>, GpuError>
  readonly show: (id: string) => Effect.Effect<Row, GpuError>
  readonly terminate: (id: string) => Effect.Effect<unknown, GpuError>
  readonly describe: (row: Row) => InstanceFacts
}

/**
 * What the three kinds have in common: each has a collection of its own, whose list knows less than a read.
 *
 * - Ids are UUIDs: what is none is not sent, since another route would answer it.
 * - A 404 alone does not say that a machine is gone: its body is not documented, and a route that is gone may have the
 *   same. The list, which keeps what has ended, has to agree.
 */
export const collectionOf = <K extends Kind, Row extends wire.Machine>(
  caller: Caller,
  kind: K,
  { schema, operation, list: read, show, terminate, describe }: Routes<Row>
) => {
  const freshList = listingOf(caller, { schema, read, part: "instances", operation, kind, items: (row) => [row] })
  const list = joined(freshList)
  const confirmed = (id: string) =>
    Effect.fnUntraced(function* (cause: NotFound) {
      const { items, complete }: Listing<Row> = yield* freshList
      if (complete && !items.some((row) => row.id.toLowerCase() === id.toLowerCase())) return null
      const message = `${cause.message}; the list has it all the same, or cannot be read whole`
      return yield* new ProviderFault({ message, retry: "temporary", cause })
    })
  return {
    provider: "fluence",
    kind,
    /** What a machine costs is told in cents. */
    priceRoundedTo: 10_000,
    listKnowsLess: true,
    find: (marker: string) =>
      Effect.map(freshList, (all) => all.with(all.items.filter((row) => describe(row).marker === marker))),
    read: (id: string): Effect.Effect<Row | null, GpuError> =>
      wire.isId(id) ? show(id).pipe(Effect.catchTag("NotFound", confirmed(id))) : Effect.succeed(null),
    readAll: () => list,
    describe,
    destroy: (id: string): Effect.Effect<void, GpuError> =>
      wire.isId(id)
        ? Effect.asVoid(terminate(id))
        : Effect.fail(new NotFound({ message: `"${id}" is no Fluence id: those are UUIDs`, retry: "permanent" }))
  } as const
}
