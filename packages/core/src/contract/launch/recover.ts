import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { currentMoment, type Moment } from "../../elapsed.ts"
import type { GpuError } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import { cameToNothing } from "../../ledger/rules.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import { elsewhere } from "../accounts.ts"
import type { LateMachine, Recovery } from "../ops.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"
import { givenUpIn, lookedFor } from "./claim.ts"
import type { Settler } from "./settle.ts"

/** How long after a launch its absence is still said by `recover`. */
const saidFor = Duration.toMillis("1 hour")

/** Settling what dead processes, and lost answers, left open. */
export const recoverer = <P extends string, K extends Kind, N>(
  { provider, kind, account }: AnyDefinition<P, K, N>,
  { refOf, get, unseen }: Reader<P, K, N>,
  { endLate, note, lookFor, lookForAll, unclearFor }: Settler<P, K, N>
) => {
  /** Ends a machine that came late, and says so also where that failed. */
  const reportLate = (record: LaunchRecord, id: string): Effect.Effect<LateMachine<P, K>> =>
    Effect.map(Effect.result(endLate(record, id, null)), (ended) => ({
      ...{ ref: refOf(id), launch: record },
      ended: Result.isSuccess(ended) ? ended.success : null,
      error: Result.isFailure(ended) ? ended.failure : null
    }))

  const isMissing = ({ state }: LaunchRecord) => state === "absent" || state === "lapsed"

  /** What `recover` looks for: all that is open, and what was missing or given up, for so long as a machine may come late. */
  const sought = Effect.fnUntraced(function* (now: Moment) {
    const ledger = yield* CurrentLedger
    const place = { provider, kind }
    const open = yield* ledger.launches({ ...place, states: ["open", "unsettled", "absent", "lapsed"] })
    const isLate = (record: LaunchRecord) => isMissing(record) && now.wall - record.at > lookedFor
    const records = [...open.filter((record) => !isLate(record)), ...(yield* givenUpIn(ledger, place, now.wall))]
    // Absent from this account's lists is no news of one on another. Those that are open are said to be unsettled.
    const others = yield* elsewhere(account, records.filter(cameToNothing))
    return records.filter((record) => !others.has(record))
  })

  /**
   * Settles everything the ledger holds open for this provider and kind, with one look each.
   *
   * - What was absent or given up is looked for in one list.
   */
  const recover = Effect.fnUntraced(function* (): Effect.fn.Return<Recovery<P, K>, GpuError> {
    const now = yield* currentMoment
    const records = yield* sought(now)
    const inList = records.some(cameToNothing) ? yield* lookForAll() : null
    const adopted: Instance<P, K>[] = []
    const absent: LaunchRecord[] = []
    const unsettled: LaunchRecord[] = []
    const late: LateMachine<P, K>[] = []
    for (const record of records) {
      const listed = cameToNothing(record) && inList ? yield* inList(record) : null
      const settlement = listed && listed.found !== "machine" ? listed : yield* lookFor(record)
      if (record.state === "refused") {
        if (settlement.found === "machine") late.push(yield* reportLate(record, settlement.id))
        else if (settlement.found === "unclear") unsettled.push(record)
        continue
      }
      if (settlement.found !== "machine" && isMissing(record) && now.wall - record.at > saidFor) continue
      const isEarly = settlement.found === "nothing" && unclearFor(record, now) > 0
      const noted = isEarly ? null : yield* note(record, settlement, null)
      if (noted?.found === "machine") {
        const { id } = noted
        adopted.push(yield* get(id).pipe(Effect.catch(() => Effect.succeed(unseen(id, record, now.wall)))))
      } else if (noted?.found === "late") {
        late.push({ ref: noted.ended.ref, launch: record, ended: noted.ended, error: null })
      } else (noted?.found === "nothing" ? absent : unsettled).push(record)
    }
    return { adopted, absent, unsettled, late }
  })

  return recover
}
