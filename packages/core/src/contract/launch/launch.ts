import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { type GpuError, InvalidRequest } from "../../errors.ts"
import { CurrentLedger } from "../../ledger/current-ledger.ts"
import type { LaunchRecord } from "../../ledger/ledger.ts"
import type { Instance } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import type { LaunchOption, LaunchSpec } from "../../model/launch-spec.ts"
import { LeftoverReporter, mayLeaveMachine } from "../leftover-reporter.ts"
import { naming } from "../named.ts"
import type { AnyDefinition } from "../read/any-definition.ts"
import type { Reader } from "../read/reader.ts"
import type { Terminator } from "../terminate/terminate.ts"
import { endIssues } from "../validate.ts"
import { checkLaunch } from "./check.ts"
import { refusal } from "./claim.ts"
import { EarlierMachine } from "./earlier-machine.ts"
import { checkFunds } from "./funds.ts"
import type { Launching } from "./launching.ts"
import { opener } from "./open.ts"
import { send } from "./send.ts"
import type { Settler } from "./settle.ts"
import type { Restore } from "./settlement.ts"
import { verifyLaunched } from "./verify-launched.ts"

const reportLeftovers = (error: GpuError): Effect.Effect<void> =>
  mayLeaveMachine(error) ? Effect.map(LeftoverReporter, (report) => report(error)) : Effect.void

/** Sends when it is its turn, if there is money for it; an abort before that leaves nothing behind. */
const sendInTurn = <P extends string, K extends Kind, N>(
  on: Launching<P, K, N>,
  record: LaunchRecord,
  prepared: unknown,
  { offer }: LaunchSpec<P, K>,
  restore: Restore
) =>
  Effect.flatMap(CurrentLedger, (ledger) => {
    const refuse = (error: Pick<GpuError, "message">) =>
      Effect.ignore(ledger.settleLaunch(record.marker, refusal(record, error)))
    return restore(Effect.andThen(checkFunds(on.definition, offer), Semaphore.take(on.oneAtATime, 1))).pipe(
      Effect.onInterrupt(() => refuse({ message: "aborted before it was sent" })),
      Effect.tapError(refuse),
      Effect.andThen(Effect.ensuring(send(on, record, prepared, restore), Semaphore.release(on.oneAtATime, 1)))
    )
  })

/** The machine of another launch under the same key, as it is now. */
const ofAnother = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  { machines: { refOf, get } }: Launching<P, K, N>,
  id: string,
  restore: Restore
) {
  const report = yield* EarlierMachine
  report(refOf(id))
  return yield* restore(get(id))
})

const rent = Effect.fnUntraced(function* <P extends string, K extends Kind, N>(
  on: Launching<P, K, N>,
  spec: LaunchSpec<P, K>,
  prepared: unknown,
  restore: Restore
): Effect.fn.Return<Instance<P, K>, GpuError> {
  const { open, follow } = on.opening
  for (;;) {
    const opened = yield* restore(open(spec))
    if ("known" in opened) return yield* ofAnother(on, opened.known, restore)
    const sent = yield* sendInTurn(on, opened.fresh, prepared, spec, restore)
    if ("id" in sent) return yield* verifyLaunched(on, opened.fresh, sent, spec.maxPerHour, restore)
    if ("late" in sent) return yield* ofAnother(on, yield* restore(follow(opened.fresh, sent.late)), restore)
    // The process that gave it up wanted its key. Without a key nobody here knows what became of it.
    if (spec.key === undefined) return yield* sent.unsent
  }
})

/**
 * Safe launching: written down first, sent once, and settled whatever the answer.
 *
 * request -> ledger -> (its turn) -> claim -> create -> (answer lost? look for the marker) -> ledger -> instance
 *
 * A launch that somebody else gave up meanwhile is not sent; a machine that came of it all the same is ended.
 */
export const launcher = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  machines: Reader<P, K, N>,
  settling: Settler<P, K, N>,
  terminate: Terminator<P, K>
) => {
  const on: Launching<P, K, N> = {
    ...{ definition, machines, settling, terminate },
    opening: opener(definition, settling),
    named: naming(definition),
    oneAtATime: Semaphore.makeUnsafe(1)
  }
  return (spec: LaunchSpec<P, K, LaunchOption>): Effect.Effect<Instance<P, K>, GpuError> =>
    Effect.gen(function* () {
      yield* checkLaunch(definition, spec)
      const issues = endIssues(spec)
      if (issues.length > 0) return yield* InvalidRequest.all(issues)
      const prepared = yield* definition.prepare(spec)
      return yield* Effect.uninterruptibleMask((restore) =>
        Effect.tapError(rent(on, spec, prepared, restore), reportLeftovers)
      )
    })
}
