import * as Effect from "effect/Effect"
import type { Ledger } from "./ledger.ts"
import { changedRun, keptRun, runTaken, runUnknown } from "./run.ts"
import type { Store } from "./store.ts"

/** What a ledger does with runs. */
export const runCalls = ({ read, write }: Store): Pick<Ledger, "openRun" | "changeRun" | "runs"> => ({
  openRun: (run) =>
    write(
      Effect.fnUntraced(function* ({ runs }) {
        const holder = yield* runs.byKey(run.key)
        if (holder) return holder
        if (yield* runs.byId(run.id)) return yield* Effect.fail(runTaken(run.id))
        const record = yield* keptRun(run)
        yield* runs.add(record)
        return record
      })
    ),
  changeRun: (run) =>
    write(
      Effect.fnUntraced(function* ({ runs }) {
        const known = yield* runs.byId(run.id)
        if (!known) return yield* Effect.fail(runUnknown(run.id))
        const record = yield* changedRun(known, run)
        if (record) yield* runs.save(record)
        return record
      })
    ),
  runs: (query = {}) => read(({ runs }) => runs.find(query))
})
