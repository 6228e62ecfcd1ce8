import type { AnnouncedKeeper } from "../ledger/keepers.ts"
import type { KeeperTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"
import type { Row } from "./values.ts"

const toKeeper = ({ id, host, since, places, until }: Row): AnnouncedKeeper => ({
  ...{ id: String(id), host: String(host), since: Number(since) },
  ...{ places: JSON.parse(String(places)) as ReadonlyArray<string>, until: Number(until) }
})

/** The rows of the processes that stay awake. */
export const keeperRows = ({ database, stored }: Connection): KeeperTable => {
  const select = database.prepare("SELECT * FROM keepers ORDER BY id")
  const insert = database.prepare("INSERT INTO keepers (id, host, since, places, until) VALUES (?, ?, ?, ?, ?)")
  const forget = database.prepare("DELETE FROM keepers WHERE id = ?")
  return {
    all: () => stored(() => select.all().map(toKeeper)),
    add: ({ id, host, since, places, until }) =>
      stored(() => void insert.run(id, host, since, JSON.stringify(places), until)),
    remove: (id) => stored(() => void forget.run(id))
  }
}
