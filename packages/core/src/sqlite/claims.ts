import type { EndClaim } from "../ledger/end-claim.ts"
import type { ClaimTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"
import type { Row } from "./values.ts"

/** The record of a row. */
export const toClaim = ({ marker, by, fence, until, lasts, any_time }: Row): EndClaim => ({
  ...{ marker: String(marker), by: String(by), fence: Number(fence), until: Number(until) },
  lasts: Number(lasts),
  anyTime: Number(any_time) === 1
})

/** The rows of those who are at ending machines. */
export const claimRows = ({ database, stored }: Connection): ClaimTable => {
  const find = database.prepare("SELECT * FROM claims WHERE marker = ?")
  const write = database.prepare(
    "INSERT OR REPLACE INTO claims (marker, by, fence, until, lasts, any_time) VALUES (?, ?, ?, ?, ?, ?)"
  )
  return {
    byMarker: (marker) =>
      stored(() => {
        const row = find.get(marker)
        return row ? toClaim(row) : null
      }),
    save: ({ marker, by, fence, until, lasts, anyTime }) =>
      stored(() => void write.run(marker, by, fence, until, lasts, anyTime ? 1 : 0))
  }
}
