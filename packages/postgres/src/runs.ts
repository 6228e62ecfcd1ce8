import type { RunRecord } from "@anygpu/core"
import type { RunTable } from "@anygpu/core/ledger"
import { equals, recordsIn } from "./records.ts"
import type { Session } from "./session.ts"

/** The rows of runs. */
export const runRows = (session: Session): RunTable => {
  const { by, add, save, where } = recordsIn<RunRecord>(session, "runs", { column: "id", of: ({ id }) => id })
  return {
    byId: by("id"),
    byKey: by("key"),
    add,
    save,
    find: ({ id, key, state }) => where(equals({ id, key, state }))
  }
}
