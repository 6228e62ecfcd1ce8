import type { AnnouncedKeeper, KeeperTable } from "@anygpu/core/ledger"
import * as Effect from "effect/Effect"
import type { Session } from "./session.ts"
import { decode, encode, escaped } from "./values.ts"

/** The rows of the processes that stay awake. */
export const keeperRows = ({ ask, schema }: Session): KeeperTable => ({
  all: () =>
    Effect.map(ask(`SELECT record::text FROM ${schema}.keepers ORDER BY id COLLATE "C"`), (rows) =>
      rows.map(({ record }) => decode<AnnouncedKeeper>(record))
    ),
  add: (keeper) => Effect.asVoid(ask(`INSERT INTO ${schema}.keepers (record) VALUES ($1)`, encode(keeper))),
  remove: (id) => Effect.asVoid(ask(`DELETE FROM ${schema}.keepers WHERE id = $1`, escaped(id)))
})
