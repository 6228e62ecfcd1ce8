import type { FailureTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"

/** The hosts that failed, as rows. */
export const failureRows = ({ database, stored }: Connection): FailureTable => {
  const select = database.prepare("SELECT host, count, at FROM failures ORDER BY at, host")
  const forget = database.prepare("DELETE FROM failures WHERE host = ?")
  const write = database.prepare("INSERT OR REPLACE INTO failures (host, count, at) VALUES (?, ?, ?)")
  return {
    all: () =>
      stored(() =>
        select.all().map(({ host, count, at }) => ({ host: String(host), count: Number(count), at: Number(at) }))
      ),
    replace: (before, after) =>
      stored(() => {
        const kept = new Set(after.map(({ host }) => host))
        for (const { host } of before) if (!kept.has(host)) forget.run(host)
        const same = new Set(before)
        for (const one of after) if (!same.has(one)) write.run(one.host, one.count, one.at)
      })
  }
}
