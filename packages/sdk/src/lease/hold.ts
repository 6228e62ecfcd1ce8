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
import type { Ended } from "../spent/ended.ts"
import { endForSure } from "../upkeep/end-claimed.ts"
import { clockLead } from "./clock-lead.ts"
import type { Lease } from "./lease.ts"
import { ttlOf } from "./terms.ts"

/** A machine that was just leased, and what its lease needs. */
export interface Held {
  readonly machine: Instance
  readonly marker: string
  /** Whether the machine ends itself: then its time is never made longer. */
  readonly isFixed: boolean
  /** Its end: as soon as either clock has reached it. */
  readonly until: Moment
  /** Beyond this it is not renewed; `Infinity` without a limit. */
  readonly most: Moment
  readonly ledger: Ledger
  readonly terminate: (ref: InstanceRef) => Effect.Effect<Ended, GpuError>
  /** Has the cloud itself end the machine when it is leased until a moment, or no more; null where it cannot. */
  readonly atCloud: (until: number | null) => Effect.Effect<Instance | null, GpuError>
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
const takenBack = "it was taken back elsewhere, and its machine ends by itself no more"

const isoOf = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis))

/** A lease and how it stands; the functions below change it. */
interface Holding extends Held {
  readonly ref: InstanceRef
  readonly over: AbortController
  /** Held while the lease is changed, or looked up. */
  readonly lock: Semaphore.Semaphore
  state: State
  end: Moment
  watch: Fiber.Fiber<void> | undefined
  /** The termination that is under way, for all who want it. */
  ending: Deferred.Deferred<Ended, GpuError> | undefined
}

const conflict = ({ ref }: Holding, message: string): Conflict =>
  new Conflict({ message, retry: "permanent", operation: "lease", ref })

const locked = <A, E>({ lock }: Holding, effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Semaphore.withPermits(lock, 1)(effect)

/** The end begins, once: from here on it is neither renewed nor kept. */
const begin = (on: Holding, because: string): void => {
  if (on.state !== "live") return
  on.state = "ending"
  on.over.abort(conflict(on, `The lease of ${on.ref} ${because}`))
}

/** Somebody else has ended the machine, or made it an ordinary one: from here on it is not this holder's to end. */
const lose = (on: Holding, as: "ended" | "kept", because: string): void => {
  if (on.state !== "live") return
  on.state = as
  on.over.abort(conflict(on, `The lease of ${on.ref} is over: ${because}`))
  on.leave()
}

/** Runs a change of a lease that is still live, one at a time. */
const whileLive = <A>(on: Holding, what: string, change: Effect.Effect<A, GpuError>): Effect.Effect<A, GpuError> =>
  locked(
    on,
    Effect.suspend(() => {
      if (on.state === "live") return change
      const why = on.state === "kept" ? "it was kept" : "its end has begun"
      return Effect.fail(conflict(on, `${on.ref} cannot be ${what}: ${why}`))
    })
  )

/** What the ledger says of the lease; one that cannot be read says nothing. */
const look = (on: Holding): Effect.Effect<void> =>
  Effect.ignore(
    Effect.gen(function* () {
      const [record] = yield* on.ledger.launches({ marker: on.marker })
      if (isEnded(yield* on.ledger.machine(on.ref))) return lose(on, "ended", endedElsewhere)
      if (record?.leaseUntil === null) lose(on, "kept", takenBack)
    })
  )

/** Writes another end into the ledger; when that says that there is no lease any more, the holder has lost it. */
const write = (on: Holding, moment: number | null): Effect.Effect<void, GpuError> => {
  const { ledger, marker, ref, over } = on
  return ledger.renewLease(marker, moment).pipe(
    Effect.tapError((error) =>
      error._tag === "Conflict"
        ? Effect.map(look(on), () => over.abort(conflict(on, `The lease of ${ref} is over: ${error.message}`)))
        : Effect.void
    ),
    Effect.mapError((error) => withContext(error, { operation: "lease", ref }))
  )
}

const stopWatch = (on: Holding): Effect.Effect<void> =>
  Effect.suspend(() => (on.watch ? Fiber.interrupt(on.watch) : Effect.void))

/** The machine is verified gone: sweep() need not look at it again. If that cannot be noted, it looks and finds nothing. */
const gone = (on: Holding): Effect.Effect<void> =>
  Effect.suspend(() => {
    on.state = "ended"
    on.leave()
    return Effect.andThen(stopWatch(on), Effect.ignore(on.ledger.renewLease(on.marker, null)))
  })

/** One termination for all who want it; it goes on when they stop waiting. */
const finish = (on: Holding): Effect.Effect<Ended, GpuError> =>
  Effect.suspend(() => {
    if (on.ending) return Deferred.await(on.ending)
    const mine = Deferred.makeUnsafe<Ended, GpuError>()
    on.ending = mine
    const { ledger, marker, ref } = on
    const run = endForSure({ ledger, marker, terminate: on.terminate(ref) }).pipe(
      Effect.tap(() => gone(on)),
      Effect.onExit((exit) =>
        Effect.suspend(() => {
          if (Exit.isFailure(exit)) on.ending = undefined
          return Deferred.done(mine, exit)
        })
      )
    )
    return Effect.uninterruptibleMask((restore) =>
      Effect.andThen(Effect.forkDetach(run), restore(Deferred.await(mine)))
    )
  })

const end = (on: Holding, because: string): Effect.Effect<Ended, GpuError> =>
  Effect.suspend(() => {
    const begun = Effect.sync(() => begin(on, because))
    if (on.state !== "kept") return Effect.andThen(locked(on, begun), finish(on))
    return Effect.fail(conflict(on, `${on.ref} was kept and is no lease any more: terminate it`))
  })

/** Ends the machine when its time has run out, and tries again while that fails. */
const guard = Effect.fnUntraced(function* (on: Holding) {
  while (on.state === "live" || on.state === "ending") {
    const left = on.state === "live" ? millisUntil(on.end, yield* currentMoment) : 0
    if (left > 0) {
      yield* Effect.sleep(Math.min(left, nap))
      yield* locked(on, look(on))
      continue
    }
    const ended = yield* Effect.exit(end(on, `ran out at ${isoOf(on.end.wall)}`))
    if (Exit.isFailure(ended)) yield* Effect.sleep(nap)
  }
})

const startWatch = (on: Holding): Effect.Effect<void> =>
  Effect.map(Effect.forkIn(guard(on), on.scope), (fiber) => {
    on.watch = fiber
  })

const fixedEnd = "it ends itself (endsItself), and its time cannot be made longer"
const renew = Effect.fnUntraced(function* (on: Holding, ttl: Duration.Input): Effect.fn.Return<DateTime.Utc, GpuError> {
  const { most } = on
  const millis = yield* ttlOf(ttl)
  const now = yield* currentMoment
  const ahead = yield* clockLead(on.ledger)
  const moved = laterBy(now, Math.min(millis, most.wall - now.wall, most.monotonic - now.monotonic))
  if (on.isFixed && moved.wall > on.end.wall) return yield* conflict(on, `${on.ref} cannot be renewed: ${fixedEnd}`)
  const before = on.end.wall + ahead
  yield* write(on, moved.wall + ahead)
  // An end that the cloud keeps would come in the middle of the work: then nothing is renewed.
  yield* on.atCloud(moved.wall + ahead).pipe(Effect.tapError(() => Effect.ignore(write(on, before))))
  on.end = moved
  yield* stopWatch(on)
  yield* startWatch(on)
  return DateTime.makeUnsafe(moved.wall)
}, Effect.uninterruptible)

/** Makes the machine an ordinary one. */
const keep = Effect.fnUntraced(function* (on: Holding): Effect.fn.Return<void, GpuError> {
  if (on.isFixed) return yield* conflict(on, `${on.ref} cannot be kept: ${fixedEnd}`)
  // The cloud first: a machine that is nobody's lease any more, and that the cloud still ends, would be lost.
  yield* on.atCloud(null)
  yield* write(on, null)
  const known = yield* Effect.orElseSucceed(on.ledger.machine(on.ref), () => null)
  if (isEnded(known)) lose(on, "ended", endedElsewhere)
  else on.state = "kept"
  on.leave()
  yield* stopWatch(on)
  if (isEnded(known)) return yield* conflict(on, `${on.ref} cannot be kept: ${endedElsewhere}`)
}, Effect.uninterruptible)

const endWithScope = (on: Holding): Effect.Effect<void> =>
  Effect.suspend(() => {
    const isOver = on.state === "kept" || on.state === "ended"
    return isOver ? Effect.void : Effect.asVoid(Effect.orDie(end(on, "was over with its scope")))
  }).pipe(Effect.ensuring(Effect.sync(on.leave)))

/** The lease of a machine until its scope closes, with the fiber that ends it in time. */
export const holdLease = Effect.fnUntraced(function* (held: Held): Effect.fn.Return<Lease> {
  const { machine, scope, until } = held
  const on: Holding = {
    ...{ ...held, ref: machine.ref, over: new AbortController(), lock: Semaphore.makeUnsafe(1) },
    ...{ state: "live", end: until, watch: undefined, ending: undefined }
  }
  yield* Scope.addFinalizer(scope, endWithScope(on))
  yield* startWatch(on)
  return {
    ref: on.ref,
    machine,
    get until() {
      return DateTime.makeUnsafe(on.end.wall)
    },
    signal: on.over.signal,
    renew: (ttl) => whileLive(on, "renewed", renew(on, ttl)),
    end: () => end(on, "was ended by its holder"),
    keep: () => whileLive(on, "kept", keep(on))
  }
})
