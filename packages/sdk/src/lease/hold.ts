import {
  Conflict,
  currentMoment,
  type GpuError,
  type Instance,
  type InstanceRef,
  isEnded,
  type Ledger,
  laterBy,
  type Moment,
  millisUntil,
  type Termination,
  withContext
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Lease } from "./lease.ts"
import { ttlOf } from "./terms.ts"

/** A machine that was just leased, and what its lease needs. */
export interface Held {
  readonly machine: Instance
  readonly marker: string
  /** Its end: as soon as either clock has reached it. */
  readonly until: Moment
  /** Beyond this it is not renewed; `Infinity` without a limit. */
  readonly most: Moment
  readonly ledger: Ledger
  readonly terminate: (ref: InstanceRef) => Effect.Effect<Termination, GpuError>
  readonly scope: Scope.Scope
  /** Called once nothing has to be ended any more, or nobody holds it. */
  readonly leave: () => void
}

/**
 * - `live`: rented. `ending`: its end was asked for, and may have to be asked for again. `ended`: verified gone.
 * - `kept`: an ordinary machine.
 */
type State = "live" | "ending" | "ended" | "kept"

/**
 * Between two looks at the clocks and the ledger: a computer that slept notices soon, a holder hears of an end elsewhere, and
 * a failed end is tried again so often.
 */
const nap = 60_000

const endedElsewhere = "its machine was ended elsewhere, and is gone"

const isoOf = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

/** The lease of a machine until its scope closes, with the fiber that ends it in time. */
export const holdLease = Effect.fnUntraced(function* (held: Held): Effect.fn.Return<Lease> {
  const { machine, marker, most, ledger, terminate, scope, leave } = held
  const { ref } = machine
  const over = new AbortController()
  const lock = Semaphore.makeUnsafe(1)
  let state: State = "live"
  let until = held.until
  let watch: Fiber.Fiber<void> | undefined
  let ending: Deferred.Deferred<Termination, GpuError> | undefined

  const conflict = (message: string) => new Conflict({ message, retry: "permanent", operation: "lease", ref })

  /** The end begins, once: from here on it is neither renewed nor kept. */
  const begin = (because: string): void => {
    if (state !== "live") return
    state = "ending"
    over.abort(conflict(`The lease of ${ref} ${because}`))
  }

  /** Runs a change of a lease that is still live, one at a time. */
  const whileLive = <A>(what: string, change: Effect.Effect<A, GpuError>): Effect.Effect<A, GpuError> =>
    Semaphore.withPermits(
      lock,
      1
    )(
      Effect.suspend(() =>
        state === "live"
          ? change
          : Effect.fail(conflict(`${ref} cannot be ${what}: ${state === "kept" ? "it was kept" : "its end has begun"}`))
      )
    )

  /** Somebody else has ended the machine, or made it an ordinary one: from here on it is not this holder's to end. */
  const lose = (as: "ended" | "kept", because: string): void => {
    if (state !== "live") return
    state = as
    over.abort(conflict(`The lease of ${ref} is over: ${because}`))
    leave()
  }

  /** What the ledger says of the lease; one that cannot be read says nothing. */
  const look = Effect.gen(function* () {
    const [record] = yield* ledger.launches({ marker })
    if (isEnded(yield* ledger.machine(ref))) lose("ended", endedElsewhere)
    else if (record?.leaseUntil === null)
      lose("kept", "it was taken back elsewhere, and its machine ends by itself no more")
  }).pipe(Effect.ignore)

  /** Writes another end into the ledger; when that says that there is no lease any more, the holder has lost it. */
  const write = (moment: number | null) =>
    ledger.renewLease(marker, moment).pipe(
      Effect.tapError((error) =>
        error._tag === "Conflict"
          ? Effect.tap(look, () =>
              Effect.sync(() => over.abort(conflict(`The lease of ${ref} is over: ${error.message}`)))
            )
          : Effect.void
      ),
      Effect.mapError((error) => withContext(error, { operation: "lease", ref }))
    )

  const stopWatch = Effect.suspend(() => (watch ? Fiber.interrupt(watch) : Effect.void))

  /** One termination for all who want it; it goes on when they stop waiting. */
  const finish: Effect.Effect<Termination, GpuError> = Effect.suspend(() => {
    if (ending) return Deferred.await(ending)
    const mine = Deferred.makeUnsafe<Termination, GpuError>()
    ending = mine
    const run = terminate(ref).pipe(
      Effect.tap(() =>
        Effect.suspend(() => {
          state = "ended"
          leave()
          // It is gone: sweep() need not look at it again. If that cannot be noted, it looks and finds nothing.
          return Effect.andThen(stopWatch, Effect.ignore(ledger.renewLease(marker, null)))
        })
      ),
      Effect.onExit((exit) =>
        Effect.suspend(() => {
          if (Exit.isFailure(exit)) ending = undefined
          return Deferred.done(mine, exit)
        })
      )
    )
    return Effect.uninterruptibleMask((restore) =>
      Effect.andThen(Effect.forkDetach(run), restore(Deferred.await(mine)))
    )
  })

  const end = (because: string) =>
    Effect.suspend(() => {
      if (state === "kept") return Effect.fail(conflict(`${ref} was kept and is no lease any more: terminate it`))
      return Effect.andThen(Semaphore.withPermits(lock, 1)(Effect.sync(() => begin(because))), finish)
    })

  /** Ends the machine when its time has run out, and tries again while that fails. */
  const guard = Effect.gen(function* () {
    while (state === "live" || state === "ending") {
      const left = state === "live" ? millisUntil(until, yield* currentMoment) : 0
      if (left > 0) {
        yield* Effect.sleep(Math.min(left, nap))
        yield* Semaphore.withPermits(lock, 1)(look)
      } else if (Exit.isFailure(yield* Effect.exit(end(`ran out at ${isoOf(until.wall)}`)))) yield* Effect.sleep(nap)
    }
  })
  const startWatch = Effect.map(Effect.forkIn(guard, scope), (fiber) => {
    watch = fiber
  })

  const renew = Effect.fnUntraced(function* (ttl: Duration.Input): Effect.fn.Return<DateTime.Utc, GpuError> {
    const millis = yield* ttlOf(ttl)
    const now = yield* currentMoment
    const left = Math.min(millis, most.wall - now.wall, most.monotonic - now.monotonic)
    const moved = laterBy(now, left)
    yield* write(moved.wall)
    until = moved
    yield* stopWatch
    yield* startWatch
    return DateTime.makeUnsafe(moved.wall)
  }, Effect.uninterruptible)

  const keep = Effect.gen(function* () {
    yield* write(null)
    const known = yield* Effect.orElseSucceed(ledger.machine(ref), () => null)
    if (isEnded(known)) lose("ended", endedElsewhere)
    else state = "kept"
    leave()
    yield* stopWatch
    if (isEnded(known)) return yield* conflict(`${ref} cannot be kept: ${endedElsewhere}`)
  }).pipe(Effect.uninterruptible)

  yield* Scope.addFinalizer(
    scope,
    Effect.suspend(() => (state === "kept" || state === "ended" ? Effect.void : end("was over with its scope"))).pipe(
      Effect.orDie,
      Effect.ensuring(Effect.sync(leave))
    )
  )
  yield* startWatch

  return {
    ref,
    machine,
    get until() {
      return DateTime.makeUnsafe(until.wall)
    },
    signal: over.signal,
    renew: (ttl) => whileLive("renewed", renew(ttl)),
    end: () => end("was ended by its holder"),
    keep: () => whileLive("kept", keep)
  }
})
