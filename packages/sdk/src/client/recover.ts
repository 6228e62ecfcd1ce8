import type { AnyProvider, GpuError, Problem, Recovery } from "@anygpu/core"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type AskOptions, gatherAnswers } from "./gather.ts"

/** How long a cloud may take to settle what is open there: one look for each launch. */
export const settleWithin: Duration.Input = "2 minutes"

/** What settling came to on all clouds. */
export interface Recoveries extends Recovery {
  /** Whether every cloud was looked at; on the others what was open stays open. */
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
}

/** Settles what is open on several clouds at once; one that fails or hangs stops no other. */
export const recoverAll = (
  providers: ReadonlyArray<AnyProvider>,
  { within = settleWithin, ...others }: AskOptions = {}
): Effect.Effect<Recoveries, GpuError> =>
  gatherAnswers(providers, { ...others, within, operation: "recover", part: "launches" }, (provider) =>
    provider.recover()
  ).pipe(
    Effect.map(({ answers, problems }) => ({
      adopted: answers.flatMap(({ answer }) => answer.adopted),
      absent: answers.flatMap(({ answer }) => answer.absent),
      unsettled: answers.flatMap(({ answer }) => answer.unsettled),
      late: answers.flatMap(({ answer }) => answer.late),
      complete: problems.length === 0,
      problems
    }))
  )
