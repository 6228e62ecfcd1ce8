import type { OrderRecord } from "@anygpu/core"
import type { OrderTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import { equals, recordsIn } from "./records.ts"
import type { Session } from "./session.ts"

/** The rows of orders. */
export const orderRows = (session: Session): OrderTable => {
  const { by, add, save, where } = recordsIn<OrderRecord>(session, "orders", { column: "id", of: ({ id }) => id })
  const { ask, lock, schema } = session
  const alone = ask("SELECT pg_advisory_xact_lock(hashtext($1))", `anygpu orders ${schema}`)
  return {
    byId: by("id"),
    byKey: by("key"),
    // A row that is started by another transaction at this moment is no row yet that could be locked.
    started: () => Effect.andThen(lock === "" ? Effect.void : alone, where([["state = 'started'"]])),
    add,
    save,
    find: ({ id, key, what, states }) =>
      where([...equals({ id, key, what }), ...(states ? [["state = ANY", states] as const] : [])])
  }
}
