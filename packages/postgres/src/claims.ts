import type { EndClaim } from "@anygpu/core"
import type { ClaimTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

/** The rows of those who are at ending machines. The launch's row, which is read before, is held for them. */
export const claimRows = ({ ask, schema }: Session): ClaimTable => ({
  byMarker: (marker) =>
    Effect.map(ask(`SELECT record::text FROM ${schema}.claims WHERE marker = $1`, escaped(marker)), ([row]) =>
      row ? decode<EndClaim>(row["record"]) : null
    ),
  save: (claim) =>
    Effect.asVoid(
      ask(
        `INSERT INTO ${schema}.claims (record) VALUES ($1) ON CONFLICT (marker) DO UPDATE SET record = excluded.record`,
        encode(claim)
      )
    )
})
