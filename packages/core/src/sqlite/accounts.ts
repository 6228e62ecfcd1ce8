import type { AccountTable } from "../ledger/store.ts"
import type { Connection } from "./connection.ts"

/** The rows of which accounts names mean. */
export const accountRows = ({ database, stored }: Connection): AccountTable => {
  const find = database.prepare("SELECT account FROM accounts WHERE provider = ? AND name = ?")
  const insert = database.prepare("INSERT INTO accounts (provider, name, account) VALUES (?, ?, ?)")
  const update = database.prepare("UPDATE accounts SET account = ? WHERE provider = ? AND name = ?")
  return {
    byName: (provider, name) =>
      stored(() => {
        const row = find.get(provider, name)
        return row ? { provider, name, account: String(row.account) } : null
      }),
    add: ({ provider, name, account }) => stored(() => void insert.run(provider, name, account)),
    save: ({ provider, name, account }) => stored(() => void update.run(account, provider, name))
  }
}
