import { type GpuError, InvalidRequest, type RunAttempt, type RunRecord } from "@anygpu/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { SshError } from "../failures.ts"
import { openBook } from "./book.ts"
import { collectingStep, endingStep } from "./ending.ts"
import type { RunEvent } from "./event.ts"
import { runningStep } from "./following.ts"
import { refOfAttempt } from "./interruption.ts"
import { launchingStep } from "./launching.ts"
import { nextStep } from "./next.ts"
import { outcomeOf, type RunOutcome } from "./outcome.ts"
import { patience, type Running, type RunParts, type RunSession } from "./parts.ts"
import { preparingStep } from "./preparing.ts"
import type { RunPlan, RunRequest } from "./request.ts"

/** How long one try to log in may take: some clouds put the keys onto a machine two minutes late. */
const loginWithin = "150 seconds"

/** What each state of an attempt leads to: every step writes where it got to, and may be done again from its beginning. */
const steps: Readonly<
  Record<Exclude<RunAttempt["state"], "over">, (running: Running, attempt: RunAttempt) => Effect.Effect<void, GpuError>>
> = {
  launching: launchingStep,
  preparing: preparingStep,
  running: runningStep,
  collecting: collectingStep,
  ending: endingStep
}

/** One login for each machine: it is made when it is needed, and made again by itself after a loss. */
const sessionsOf = (parts: RunParts, scope: Scope.Scope): Running["session"] => {
  const open = new Map<number, RunSession>()
  return (attempt): Effect.Effect<RunSession, SshError> =>
    Effect.suspend(() => {
      const there = open.get(attempt.number)
      if (there) return Effect.succeed(there)
      return Effect.gen(function* () {
        const ref = yield* refOfAttempt(attempt)
        const session = yield* Scope.provide(parts.connect(ref, { within: loginWithin, patience }), scope)
        open.set(attempt.number, session)
        return session
      })
    })
}

/** How a run is driven. */
export interface Driving {
  readonly request: RunRequest | null
  readonly stop: Deferred.Deferred<void>
  readonly isDetached: boolean
  readonly onEvent: ((event: RunEvent) => void) | undefined
}

/** Tells events; what the listener throws asks the command to stop, and is kept. */
const tellerOf = ({ onEvent, stop }: Driving) => {
  const thrown: Array<InvalidRequest> = []
  const tell = (event: RunEvent): void => {
    try {
      onEvent?.(event)
    } catch (error) {
      const said = `threw ${error instanceof Error ? error.message : String(error)}; the run was asked to stop`
      if (thrown.length === 0) thrown.push(InvalidRequest.of("onEvent", said))
      Deferred.doneUnsafe(stop, Exit.void)
    }
  }
  return { tell, thrown }
}

/**
 * Brings a run to its end, from wherever it is: state by state, each written down before the next one.
 *
 * - Interrupted, it is left where it is: the next one who comes goes on from there.
 */
export const drive = Effect.fnUntraced(function* (
  parts: RunParts,
  opened: RunRecord,
  driving: Driving
): Effect.fn.Return<RunOutcome, GpuError> {
  const { tell, thrown } = tellerOf(driving)
  const scope = yield* Scope.make()
  const running: Running = {
    ...{ parts, tell, book: openBook(parts.ledger, opened), plan: opened.plan as unknown as RunPlan },
    ...{ request: driving.request, stop: driving.stop, isDetached: driving.isDetached },
    ...{ problems: [], results: null, session: sessionsOf(parts, scope), cloudFailedAt: Number.NEGATIVE_INFINITY }
  }
  const outcome = yield* Effect.ensuring(walk(running), Scope.close(scope, Exit.void))
  tell({ type: "over", outcome })
  return thrown[0] ? yield* thrown[0] : outcome
})

const walk = Effect.fnUntraced(function* (running: Running): Effect.fn.Return<RunOutcome, GpuError> {
  const { book, isDetached, stop } = running
  for (;;) {
    if (yield* Deferred.isDone(stop)) yield* book.askStop
    const run = book.run()
    if (run.isStopAsked) yield* Deferred.succeed(stop, undefined)
    const last = run.attempts.at(-1)
    if (run.state === "over" || (isDetached && last?.state === "running")) return outcomeOf(run, running)
    if (last === undefined || last.state === "over") yield* nextStep(running)
    else yield* steps[last.state](running, last)
  }
})
