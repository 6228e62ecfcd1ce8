import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type GpuError, RateLimited, Timeout, withContext } from "../errors.ts"
import type { Kind } from "../model/kind.ts"

/** What a call to a cloud is doing: it waits for its turn under a rate limit, or a request is with the cloud. */
export type Doing = "turn" | "exchange"

/** What a call reports of itself, so that its cloud is only blamed for the time that the cloud takes. */
export interface AnswerWatch {
  /** Something began; what is answered ends it. */
  readonly begin: (doing: Doing) => () => void
  /** For how many milliseconds turns may be waited for still. */
  readonly turnsLeft: () => number
  /** How the last request ended, which may be sent again: an error, or null for an answer that was understood. */
  readonly ended: (error: GpuError | null) => void
}

/** Who watches the time of the calls of this fiber; null: nobody does. */
export const CurrentAnswerWatch = Context.Reference<AnswerWatch | null>("@anygpu/core/adapter/CurrentAnswerWatch", {
  defaultValue: () => null
})

/** A watch with several listeners: all who wait for one call together. */
export interface SharedWatch extends AnswerWatch {
  /** Somebody joins, and hears at once of what is going on; what is answered lets him go. */
  readonly join: (watch: AnswerWatch) => () => void
}

/** A watch that nobody has joined yet; turns may be waited for as long as the most patient one wants. */
export const sharedWatch = (): SharedWatch => {
  const members = new Map<AnswerWatch, Map<object, () => void>>()
  const running = new Set<{ readonly doing: Doing }>()
  return {
    begin: (doing) => {
      const one = { doing }
      running.add(one)
      for (const [member, ends] of members) ends.set(one, member.begin(doing))
      return () => {
        running.delete(one)
        for (const ends of members.values()) {
          ends.get(one)?.()
          ends.delete(one)
        }
      }
    },
    turnsLeft: () =>
      members.size === 0 ? Number.POSITIVE_INFINITY : Math.max(...[...members.keys()].map((one) => one.turnsLeft())),
    ended: (error) => {
      for (const member of members.keys()) member.ended(error)
    },
    join: (member) => {
      const ends = new Map(Array.from(running, (one) => [one, member.begin(one.doing)]))
      members.set(member, ends)
      return () => {
        members.delete(member)
        for (const end of ends.values()) end()
      }
    }
  }
}

/** The time of one call: what it took while it did not merely wait for turns, in milliseconds. */
const stopwatch = (within: number, now: () => number) => {
  const began = now()
  const running = { turn: 0, exchange: 0 }
  let paused = 0
  let pausedSince: number | null = null
  let last: GpuError | null = null
  let resumed = () => {}

  const waited = () => paused + (pausedSince === null ? 0 : now() - pausedSince)
  const update = () => {
    const isPaused = running.turn > 0 && running.exchange === 0
    if (isPaused && pausedSince === null) pausedSince = now()
    if (isPaused || pausedSince === null) return
    paused = waited()
    pausedSince = null
    resumed()
  }
  const watch: AnswerWatch = {
    begin: (doing) => {
      running[doing]++
      update()
      return () => {
        running[doing]--
        update()
      }
    },
    turnsLeft: () => within - waited(),
    ended: (error) => {
      last = error
    }
  }
  const untilResumed = Effect.callback<void>((resume) => {
    resumed = () => resume(Effect.void)
  })
  return {
    watch,
    /** How long the cloud was waited for. */
    taken: () => now() - began - waited(),
    isPaused: () => pausedSince !== null,
    untilResumed,
    lastError: () => last
  }
}

const millisOn = (clock: Clock.Clock) => (): number => Number(clock.monotonicTimeNanosUnsafe()) / 1e6

/** The time that several calls take together. */
export interface CloudTime {
  /** The call, whose time counts. */
  readonly counted: <A, E>(call: Effect.Effect<A, E>) => Effect.Effect<A, E>
  /** So many milliseconds passed since it was made, without the turns that the calls waited for. */
  readonly taken: () => number
}

/** Begins to count the time in which a cloud is waited for; an outer watch hears of each call as before. */
export const cloudTime: Effect.Effect<CloudTime> = Effect.withFiber((fiber) => {
  const outer = fiber.getRef(CurrentAnswerWatch)
  const { watch, taken } = stopwatch(Number.POSITIVE_INFINITY, millisOn(fiber.getRef(Clock.Clock)))
  const both: AnswerWatch = {
    begin: (doing) => {
      const ends = [watch.begin(doing), outer?.begin(doing)]
      return () => {
        for (const end of ends) end?.()
      }
    },
    turnsLeft: () => outer?.turnsLeft() ?? Number.POSITIVE_INFINITY,
    ended: (error) => outer?.ended(error)
  }
  return Effect.succeed({ counted: (call) => Effect.provideService(call, CurrentAnswerWatch, both), taken })
})

/** Which call it is, for its errors; `what` is missing when it does not come: `offers`. */
export interface AskedFor {
  readonly provider: string
  readonly kind?: Kind | undefined
  readonly operation: string
  readonly what: string
}

/**
 * Fails a call whose cloud does not answer in time.
 *
 * - Only the time counts in which the cloud is waited for: a request is with it, or rests before it is sent again. The
 *   turns of this client's own rate limit do not count.
 * - Those may take as long again; a turn that would come later is not waited for: `RateLimited`, with `retryAfter`.
 * - What failed before and was being tried again when the time was over is the error; else it is `Timeout`.
 */
export const answeredWithin = <A>(
  ask: Effect.Effect<A, GpuError>,
  within: Duration.Input,
  { provider, kind, operation, what }: AskedFor
): Effect.Effect<A, GpuError> =>
  Effect.withFiber((fiber) => {
    const after = Duration.fromInputUnsafe(within)
    const clock = fiber.getRef(Clock.Clock)
    const time = stopwatch(Duration.toMillis(after), millisOn(clock))
    const place = { provider, operation, ...(kind && { kind }) }
    const missing = `its ${kind ? `${kind} ` : ""}${what} are missing`

    const tooLate = (): GpuError => {
      const last = time.lastError()
      if (last) {
        const message = `${last.message}; tried again for ${Duration.format(after)}: ${missing}`
        return withContext(last, { ...place, message, ...(last.retry === "temporary" && { retry: "exhausted" }) })
      }
      const message = `${provider} did not answer within ${Duration.format(after)}: ${missing}`
      return new Timeout({ message, retry: "temporary", after, ...place })
    }
    const noTurn = (): GpuError =>
      new RateLimited({
        message: `${operation} waited ${Duration.format(after)} for its turn under this client's own rate limits, and ${provider} was not asked: ${missing}; call again later`,
        retry: "temporary",
        ownLimit: true,
        ...place
      })
    const over = Effect.gen(function* (): Generator<Effect.Effect<unknown>, GpuError> {
      for (;;) {
        if (time.isPaused()) {
          const patience = time.watch.turnsLeft()
          if (patience <= 0) return noTurn()
          yield* Effect.raceFirst(time.untilResumed, Effect.sleep(patience))
        } else {
          const left = Duration.toMillis(after) - time.taken()
          if (left <= 0) return tooLate()
          yield* Effect.sleep(left)
        }
      }
    })
    return Effect.raceFirst(
      Effect.provideService(ask, CurrentAnswerWatch, time.watch),
      Effect.flatMap(over, (error) => Effect.fail(error))
    )
  })
