import {
  type AnyProvider,
  answeredWithin,
  type GpuError,
  isEnded,
  type LaunchRecord,
  type Ledger,
  type MachineRecord
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { settleWithin } from "../client/recover.ts"
import { endClaimed } from "./end-claimed.ts"
import type { SweepPart } from "./leased.ts"

/** For how many milliseconds after a verified end a sweep asks whether the machine shows again. */
const watchedFor = 86_400_000

/**
 * Ends the machines of one provider again that show after their verified end.
 *
 * - A list is asked for that while an end is young; whatever showed them before, such as an audit, counts too.
 * - `isApart`: whether nothing else sees to the machine of a launch at the same time.
 */
export const endAgain = Effect.fnUntraced(function* (
  provider: AnyProvider,
  ledger: Ledger,
  isApart: (launch: LaunchRecord) => boolean
): Effect.fn.Return<SweepPart, GpuError> {
  const place = { provider: provider.provider, kind: provider.kind }
  const now = yield* Clock.currentTimeMillis
  const machines = () => Effect.map(ledger.machines(place.provider, place.kind), (known) => [...known.values()])
  const isYoung = ({ goneAt }: MachineRecord) => goneAt !== null && now - goneAt < watchedFor
  const isAsked = (yield* machines()).some((machine) => isEnded(machine) && isYoung(machine))
  const question = { ...place, operation: "sweep", what: "machines" }
  const listed = isAsked
    ? yield* Effect.result(answeredWithin(provider.list(), settleWithin, question))
    : Result.succeed(null)
  const part = "machines that may show again after their end"
  const problems = Result.isFailure(listed) ? [{ ...place, part, error: listed.failure }] : []
  const endOne = Effect.fnUntraced(function* ({ ref, backAt }: MachineRecord) {
    const launch = (yield* ledger.launches({ ...place, instanceId: ref.id })).at(-1)
    if (backAt === undefined || !launch || !isApart(launch)) return null
    const { marker, leaseUntil } = launch
    const due = { ledger, marker, anyTime: true, readAt: 0, terminate: provider.terminate(ref) }
    return {
      ref,
      marker,
      until: DateTime.makeUnsafe(leaseUntil ?? backAt),
      ended: yield* Effect.result(endClaimed(due))
    }
  })
  const back = (yield* machines()).filter(({ backAt }) => backAt !== undefined)
  const tried = (yield* Effect.forEach(back, endOne, { concurrency: "unbounded" })).filter((one) => one !== null)
  return {
    ended: tried.flatMap(({ ended }) => (Result.isSuccess(ended) ? (ended.success ?? []) : [])),
    failed: tried.flatMap(({ ended, ...about }) =>
      Result.isFailure(ended) ? [{ ...about, error: ended.failure }] : []
    ),
    underWay: tried.flatMap(({ ended, ...about }) =>
      Result.isSuccess(ended) && ended.success === null ? [about] : []
    ),
    kept: [],
    problems
  }
})
