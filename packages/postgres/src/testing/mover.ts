/*
 * A process that moves a ledger, and kills itself at a step: nothing of it is heard of afterwards, as when a computer is
 * switched off.
 */
import { type MovablePlace, moveLedger } from "@anygpu/core/ledger"
import { sqlitePlace } from "@anygpu/core/sqlite"
import * as Effect from "effect/Effect"
import { postgresPlace } from "../index.ts"

const [from = "", to = "", step = ""] = process.argv.slice(2)
const place = (text: string): MovablePlace => (text.startsWith("postgres:") ? postgresPlace(text) : sqlitePlace(text))
const dies = (at: string) => Effect.sync(() => at === step && process.kill(process.pid, "SIGKILL"))

const [source, target] = [place(from), place(to)]
await Effect.runPromise(
  moveLedger(
    {
      ...source,
      leave: (where, token, copy) =>
        source
          .leave(where, token, (contents) =>
            dies("read").pipe(
              Effect.andThen(copy(contents)),
              Effect.tap(() => dies("brought"))
            )
          )
          .pipe(Effect.tap(() => dies("left")))
    },
    { ...target, settle: Effect.tap(target.settle, () => dies("settled")) }
  )
)
process.exit(0)
