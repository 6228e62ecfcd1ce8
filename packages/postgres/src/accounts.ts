import type { AccountTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Session } from "./session.ts"
import { escaped, unescaped } from "./values.ts"

/** The rows of which accounts names mean. */
export const accountRows = ({ ask, lock, schema }: Session): AccountTable => ({
  byName: (provider, name) =>
    Effect.map(
      ask(
        `SELECT account FROM ${schema}.accounts WHERE provider = $1 AND name = $2${lock}`,
        ...[escaped(provider), escaped(name)]
      ),
      ([row]) => (row ? { provider, name, account: unescaped(String(row["account"])) } : null)
    ),
  // Of two that use a name first, one collides and begins again.
  add: ({ provider, name, account }) =>
    Effect.asVoid(
      ask(
        `INSERT INTO ${schema}.accounts (provider, name, account) VALUES ($1, $2, $3)`,
        ...[escaped(provider), escaped(name), escaped(account)]
      )
    ),
  save: ({ provider, name, account }) =>
    Effect.asVoid(
      ask(
        `UPDATE ${schema}.accounts SET account = $3 WHERE provider = $1 AND name = $2`,
        ...[escaped(provider), escaped(name), escaped(account)]
      )
    )
})
