import type { GpuError, InstanceFacts, Kind, NativeFacts } from "@anygpu/core"
import { type Caller, coalesce } from "@anygpu/core/adapter"
import * as Effect from "effect/Effect"
import type * as z from "zod"
import { listingOf } from "../listing.ts"
import * as wire from "./wire.ts"

/** Where the machines of one kind are listed, read and ended. */
interface Routes<Row, X extends NativeFacts> {
  readonly schema: z.ZodType<Row>
  readonly operation: string
  readonly list: Effect.Effect<ReadonlyArray<unknown>, GpuError>
  readonly show: (id: string) => Effect.Effect<Row, GpuError>
  readonly terminate: (id: string) => Effect.Effect<unknown, GpuError>
  readonly describe: (row: Row) => InstanceFacts<X>
}

/**
 * What the three kinds have in common: each has a collection of its own, whose list knows less than a read.
 *
 * - Ids are UUIDs: anything else is not sent, since another route would answer it.
 */
export const collectionOf = <K extends Kind, Row extends wire.Machine, X extends NativeFacts>(
  caller: Caller,
  kind: K,
  { schema, operation, list: read, show, terminate, describe }: Routes<Row, X>
) => {
  const source = { schema, read, part: "instances", operation, kind, idOf: ({ id }: Row) => id }
  const freshList = listingOf(caller, { ...source, items: (row) => [row] })
  const list = coalesce(freshList)
  return {
    provider: "fluence",
    kind,
    /** What a machine costs stands in cents. */
    priceRoundedTo: 10_000,
    listKnowsLess: true,
    /** Whether its one documented balance is the money of the GPU cloud is documented nowhere. */
    balancePays: false,
    isId: wire.isId,
    idsIgnoreCase: true,
    find: () => freshList,
    read: (id: string): Effect.Effect<Row | null, GpuError> =>
      show(id).pipe(Effect.catchTag("NotFound", () => Effect.succeed(null))),
    readAll: () => list,
    describe,
    destroy: (id: string): Effect.Effect<void, GpuError> => Effect.asVoid(terminate(id))
  } as const
}
