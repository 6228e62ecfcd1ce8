import type { DatabaseSync } from "node:sqlite"
import { type Failure, withFailure } from "../ledger/failures.ts"

/** The hosts that failed, as rows. Each call belongs into a transaction of its caller. */
export const failureRows = (database: DatabaseSync) => {
  const select = database.prepare("SELECT host, count, at FROM failures ORDER BY at, host")
  const forget = database.prepare("DELETE FROM failures WHERE host = ?")
  const write = database.prepare("INSERT OR REPLACE INTO failures (host, count, at) VALUES (?, ?, ?)")

  const failures = (): ReadonlyArray<Failure> =>
    select.all().map(({ host, count, at }) => ({ host: String(host), count: Number(count), at: Number(at) }))
  const failed = (host: string, at: number): void => {
    const before = failures()
    const after = withFailure(before, host, at)
    const kept = new Set(after.map((one) => one.host))
    for (const one of before) if (!kept.has(one.host)) forget.run(one.host)
    for (const one of after) if (one.host === host) write.run(one.host, one.count, one.at)
  }
  return { failures, failed }
}
