import { Conflict, type GpuError, type RunAttempt } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { quotePath } from "../shell/quote.ts"
import { restoreSnapshot } from "./checkpoint.ts"
import { orInterrupted } from "./interruption.ts"
import { noteProblem, type Running } from "./parts.ts"

/** How long a machine that is up may take to let somebody in; milliseconds. */
const loginWithin = 600_000

/** A machine on which the command will not begin: it is given back, and the next one is taken. */
class Unfit {
  readonly _tag = "Unfit"
  readonly note: string
  constructor(note: string) {
    this.note = note
  }
}

/** The values of the variables; one that only came back to a run does not have them. */
const envOf = ({ plan, request, book }: Running): Effect.Effect<Readonly<Record<string, string>>, Conflict> => {
  if (request?.env) return Effect.succeed(request.env)
  if (plan.env.length === 0) return Effect.succeed({})
  const { key, command } = book.run()
  const message = `Run ${key} needs the values of ${plan.env.join(", ")}, which are kept nowhere: call run with its key again (${command})`
  return Effect.fail(new Conflict({ message, retry: "permanent" }))
}

/** Puts everything onto a machine and starts the command there: done twice, it begins nothing twice. */
const prepare = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<void, GpuError | Unfit> {
  const { plan, tell } = running
  const { number } = attempt
  const env = yield* envOf(running)
  const session = yield* running.session(attempt)
  tell({ type: "connected", attempt: number })
  const job = session.job(attempt.job)
  if ((yield* job.status).state === "none") {
    if (plan.upload) {
      const { from, to, ignore } = plan.upload
      const transferred = yield* session.upload(from, to, { ignore })
      tell({ type: "uploaded", attempt: number, transferred })
    }
    yield* restoreSnapshot(running, attempt, session)
  }
  // A folder that nothing was put into is not there yet.
  yield* session.exec(`mkdir -p ${quotePath(plan.cwd)}`)
  const started = yield* Effect.result(session.start(plan.command, { id: attempt.job, cwd: plan.cwd, env }))
  if (started._tag === "Success") return
  const { state } = yield* job.status
  if (state === "stillborn") return yield* Effect.fail(new Unfit("the start of the command was cut off there"))
  return yield* started.failure
})

/** What the command needs is put onto the machine, and the command is started: once, however often this is done. */
export const preparingStep = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<void, GpuError> {
  const { book } = running
  const step = prepare(running, attempt).pipe(
    Effect.as(null),
    Effect.catchTag("Unfit", (unfit) => Effect.succeed(unfit))
  )
  const result = yield* orInterrupted(running, attempt, step, { silentFor: loginWithin }).pipe(
    Effect.catch((error) =>
      error._tag === "Conflict" ? Effect.fail(error) : Effect.succeed({ _tag: "Failed", error } as const)
    )
  )
  if (result._tag === "Done") {
    if (result.value) {
      yield* book.advance(attempt, { state: "ending", end: "lost", note: result.value.note })
      return
    }
    const startedAt = yield* Clock.currentTimeMillis
    if (yield* book.advance(attempt, { state: "running", startedAt })) {
      running.tell({ type: "started", attempt: attempt.number, job: attempt.job })
    }
    return
  }
  if (result._tag === "Failed") {
    noteProblem(running, attempt, result.error)
    yield* book.advance(attempt, { state: "ending", end: "failed", note: result.error.message })
    return
  }
  const end = result._tag === "Lost" ? "lost" : result._tag === "Stop" ? "stopped" : "out-of-time"
  if (result._tag === "Stop") yield* book.askStop
  yield* book.advance(attempt, { state: "ending", end, note: result._tag === "Lost" ? result.note : null })
})
