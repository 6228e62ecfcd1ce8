import { Conflict, type GpuError, InvalidRequest, type RunRecord } from "@anygpu/core"
import type * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { type Driving, drive } from "./drive.ts"
import type { RunEvent } from "./event.ts"
import type { RunOutcome } from "./outcome.ts"
import type { RunParts } from "./parts.ts"
import { newRun, otherRun } from "./plan.ts"
import type { AttachOptions, RunRequest } from "./request.ts"

/** How a run is left to itself. */
export interface Leaving {
  /** When this is completed, the run is left as it is, at once: nothing is stopped and nothing given back. */
  readonly leave?: Deferred.Deferred<void> | undefined
}

/** The run is left to itself. */
const leftAlone = ({ key }: RunRecord): Conflict =>
  new Conflict({
    message: `Run ${key} was left as it is: its command may run, and its machine costs money until its lease ends. Come back with its key`,
    retry: "permanent"
  })

/** Drives a run; interrupted, its command is asked to stop, what is there is brought home, and its machine is given back. */
const careful = (
  parts: RunParts,
  record: RunRecord,
  how: Omit<Driving, "stop"> & Leaving & { readonly isStopped?: boolean }
): Effect.Effect<RunOutcome, GpuError> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const stop = yield* Deferred.make<void>()
      if (how.isStopped) yield* Deferred.succeed(stop, undefined)
      const driven = drive(parts, record, { ...how, stop })
      const left = how.leave ? Deferred.await(how.leave) : Effect.never
      const whole = Effect.raceFirst(
        driven,
        Effect.andThen(
          left,
          Effect.suspend(() => Effect.fail(leftAlone(record)))
        )
      )
      const fiber = yield* Effect.forkDetach(Effect.interruptible(whole))
      const stopping = Effect.andThen(Deferred.succeed(stop, undefined), Effect.asVoid(Fiber.await(fiber)))
      return yield* Effect.onInterrupt(restore(Fiber.join(fiber)), () => stopping)
    })
  )

/** Runs a command on a machine that is rented for it, or comes back to the run of its key. */
export const run = Effect.fnUntraced(function* (
  parts: RunParts,
  request: RunRequest,
  { leave }: Leaving = {}
): Effect.fn.Return<RunOutcome, GpuError> {
  const asked = yield* newRun(request, yield* Clock.currentTimeMillis)
  const record = yield* parts.ledger.openRun(asked)
  const isEarlier = record.id !== asked.id
  const other = isEarlier ? otherRun(record, asked) : null
  if (other) return yield* other
  const { onEvent, detach = false } = request
  onEvent?.({ type: "opened", id: record.id, key: record.key, isEarlier })
  return yield* careful(parts, record, { request, isDetached: detach, onEvent, leave })
})

/** A run by its key or its id; `InvalidRequest` without one. */
const findRun = Effect.fnUntraced(function* (
  { ledger }: Pick<RunParts, "ledger">,
  name: string
): Effect.fn.Return<RunRecord, GpuError> {
  const [byKey] = yield* ledger.runs({ key: name })
  const [byId] = byKey ? [byKey] : yield* ledger.runs({ id: name })
  return byId ?? (yield* InvalidRequest.of("run", `there is no run "${name}" in this ledger`))
})

/** The record with its outputs reported from their beginning again. */
const fromStart = (record: RunRecord): RunRecord => ({
  ...record,
  attempts: record.attempts.map((attempt) => (attempt.state === "running" ? { ...attempt, out: 0, err: 0 } : attempt))
})

/** Comes back to a run: nothing is begun, and a machine that is needed is not rented. */
export const attach = Effect.fnUntraced(function* (
  parts: RunParts,
  name: string,
  { onEvent, from = "last", leave }: AttachOptions & Leaving = {}
): Effect.fn.Return<RunOutcome, GpuError> {
  const record = yield* findRun(parts, name)
  onEvent?.({ type: "opened", id: record.id, key: record.key, isEarlier: true })
  const shown = from === "start" ? fromStart(record) : record
  return yield* careful(parts, shown, { request: null, isDetached: false, onEvent, leave })
})

/** Asks the command of a run to end, brings home what is there, and gives its machine back. */
export const stopRun = Effect.fnUntraced(function* (
  parts: RunParts,
  name: string,
  { onEvent, leave }: AttachOptions & Leaving = {}
): Effect.fn.Return<RunOutcome, GpuError> {
  const record = yield* findRun(parts, name)
  onEvent?.({ type: "opened", id: record.id, key: record.key, isEarlier: true })
  return yield* careful(parts, record, { request: null, isDetached: false, onEvent, leave, isStopped: true })
})

/** The events of a run as they come; the last one says what came of it. */
export const eventsOf = (
  begin: (onEvent: (event: RunEvent) => void) => Effect.Effect<RunOutcome, GpuError>
): Stream.Stream<RunEvent, GpuError> =>
  Stream.callback<RunEvent, GpuError>((queue: Queue.Queue<RunEvent, GpuError | Cause.Done>) =>
    Effect.flatMap(Effect.exit(begin((event) => void Queue.offerUnsafe(queue, event))), (exit) =>
      Exit.isSuccess(exit) ? Queue.end(queue) : Queue.failCause(queue, exit.cause)
    )
  )
