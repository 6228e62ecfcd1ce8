import { type GpuError, type InstanceRef, parseRef, type RunAttempt, type Status } from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { millisLeft, patience, type Running, reserveOf, silence } from "./parts.ts"

/**
 * What ends a step before it is done.
 *
 * - `Lost`: its machine was taken, or has been silent for too long.
 * - `Stop`: somebody asked for the command's end. `OutOfTime`: what is left of the time is for bringing the results home.
 */
export type Interruption =
  | { readonly _tag: "Lost"; readonly note: string }
  | { readonly _tag: "Stop" }
  | { readonly _tag: "OutOfTime" }

/** A step that was done. */
export interface Done<A> {
  readonly _tag: "Done"
  readonly value: A
}

const pollEvery = "30 seconds"

/** What a machine is from which no command comes back: also one that may come back without what it had in memory. */
const lostIn: ReadonlySet<Status> = new Set([
  "stopping",
  "stopped",
  "interrupted",
  "terminating",
  "terminated",
  "failed"
])

/** The ref of the machine of an attempt. */
export const refOfAttempt = ({ ref }: RunAttempt): Effect.Effect<InstanceRef, GpuError> =>
  Effect.suspend(() => Effect.fromResult(parseRef(ref ?? "")))

/** Why the cloud's word means that a machine is lost; null while it is not, or nobody can tell. */
const lostByCloud = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<string | null, GpuError> {
  const ref = yield* refOfAttempt(attempt)
  const seen = yield* Effect.result(running.parts.gpu.get(ref))
  if (seen._tag === "Success") {
    const { status, reason } = seen.success
    return lostIn.has(status) ? `its cloud says that it is ${status}${reason ? ` (${reason})` : ""}` : null
  }
  if (seen.failure._tag === "NotFound") return "its cloud does not know it any more"
  running.cloudFailedAt = yield* Clock.currentTimeMillis
  return null
})

/** Asks the cloud again and again, until it says that the machine is lost. */
const untilLost = (running: Running, attempt: RunAttempt): Effect.Effect<Interruption, GpuError> =>
  Effect.gen(function* () {
    for (;;) {
      yield* Effect.sleep(pollEvery)
      const note = yield* lostByCloud(running, attempt)
      if (note !== null) return { _tag: "Lost", note } as const
    }
  })

/** How often it is looked whether the time is over: a simulated cloud's time runs faster than that of the machine; milliseconds. */
const lookEvery = 1000

/** Ends when the time for the command is over; never for a run without a limit. A computer that slept sees it late. */
const untilOutOfTime = (running: Running, { reserve, atLeast }: Omit<Watched, "stop">): Effect.Effect<Interruption> =>
  Effect.gen(function* () {
    const end = (yield* Clock.currentTimeMillis) + atLeast
    for (;;) {
      const ownLeft = yield* millisLeft(running)
      if (ownLeft === null) return yield* Effect.never
      const left = Math.max(ownLeft, end - (yield* Clock.currentTimeMillis) + reserve)
      if (left <= reserve) return { _tag: "OutOfTime" } as const
      yield* Effect.sleep(Math.min(left - reserve, lookEvery))
    }
  })

/** How long a machine has been silent, by the failures of a step that is done again and again. */
interface Silence {
  readonly since: number
  readonly last: number
}

/** The silence with one more failure: a step that went on for a while in between has begun a new one. */
const silenceWith = (before: Silence | null, began: number, now: number): Silence => ({
  since: before && now - before.last < silence ? before.since : Math.max(began, now - patience),
  last: now
})

/** How often what went wrong for a while, besides the way to the machine, is tried again. */
const triesOfOthers = 5

/**
 * Does a step again for as long as only the way to the machine is in its way, and the machine is not lost.
 *
 * - A machine is lost by silence only while its cloud can be asked: else it may be this computer that is cut off.
 */
const persist = <A>(
  running: Running,
  attempt: RunAttempt,
  step: Effect.Effect<A, GpuError>,
  silentFor: number
): Effect.Effect<Done<A> | Interruption, GpuError> =>
  Effect.gen(function* () {
    let heard: Silence | null = null
    for (let others = 0; ; ) {
      const began = yield* Clock.currentTimeMillis
      const result = yield* Effect.result(step)
      if (result._tag === "Success") return { _tag: "Done", value: result.success } as const
      const error = result.failure
      const isWay = error._tag === "ConnectionLost" || error._tag === "Unreachable"
      if (!isWay && (error.retry === "permanent" || ++others > triesOfOthers)) return yield* error
      const note = yield* lostByCloud(running, attempt)
      if (note !== null) return { _tag: "Lost", note } as const
      const now = yield* Clock.currentTimeMillis
      heard = isWay ? silenceWith(heard, began, now) : heard
      if (isWay && heard && now - heard.since >= silentFor && now - running.cloudFailedAt > silence) {
        return { _tag: "Lost", note: `it has been silent for too long: ${error.message}` } as const
      }
      yield* Effect.sleep("5 seconds")
    }
  })

/** What may end a step besides itself. */
export interface Watched {
  readonly stop: boolean
  /** How many milliseconds of the run's time are kept back. */
  readonly reserve: number
  /** How many milliseconds a machine may be silent. */
  readonly silentFor: number
  /** How many milliseconds the step has in any case, when the run's time was over before it. */
  readonly atLeast: number
}

/** Does a step on a machine, until it is done or something ends it. */
export const orInterrupted = <A>(
  running: Running,
  attempt: RunAttempt,
  step: Effect.Effect<A, GpuError>,
  { stop = true, reserve = reserveOf(running.plan), silentFor = silence, atLeast = 0 }: Partial<Watched> = {}
): Effect.Effect<Done<A> | Interruption, GpuError> =>
  Effect.raceAllFirst([
    persist(running, attempt, step, silentFor),
    untilLost(running, attempt),
    untilOutOfTime(running, { reserve, silentFor, atLeast }),
    ...(stop ? [Effect.as(Deferred.await(running.stop), { _tag: "Stop" } as const)] : [])
  ])
