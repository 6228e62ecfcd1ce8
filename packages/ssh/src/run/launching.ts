import {
  Conflict,
  type GpuError,
  type Instance,
  InstanceRef,
  type LaunchRecord,
  type Money,
  mayLeaveMachine,
  parseRef,
  type RunAttempt,
  sumsOf
} from "@anygpu/core"
import type { Launched, LaunchRequest } from "anygpu/effect"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { millisLeft, type Running } from "./parts.ts"
import type { RunRequest } from "./request.ts"

/** The key of the launch of an attempt: a process that goes on with the attempt finds its machine by it. */
const launchKey = (running: Running, { number }: Pick<RunAttempt, "number">): string =>
  `${running.book.run().id}-${number}`

/** What is left of a limit of money after what was spent, one dollar of any kind as one dollar; undefined without a limit. */
const moneyLeft = ({ plan: { maxTotal }, book }: Running): Money | undefined => {
  if (maxTotal === null) return undefined
  const spent = book.run().attempts.flatMap((attempt) => attempt.spent)
  return { ...maxTotal, micros: maxTotal.micros - spent.reduce((sum, { micros }) => sum + micros, 0) }
}

/** What is asked of a machine before a command runs there: whether it has what was paid for. */
const essential = { only: ["gpu-count", "gpu-model"] } as const

const launchOf = (running: Running, request: RunRequest, attempt: RunAttempt, left: number): LaunchRequest => {
  const { workload, limits, adapt, onCloudTrouble, waitForCapacity, job, quoted, tags, owner } = request
  const candidates = attempt.number === 1 && quoted !== undefined ? quoted : request.candidates
  const maxTotal = moneyLeft(running)
  return {
    ...{ name: running.plan.name, key: launchKey(running, attempt), ttl: left },
    job: { ...job, duration: left },
    ...(workload && { workload }),
    ...(candidates && { candidates }),
    ...(adapt && { adapt }),
    ...(tags && { tags }),
    ...(owner !== undefined && { owner }),
    ...(onCloudTrouble && { onCloudTrouble }),
    ...(waitForCapacity !== undefined && { waitForCapacity }),
    ...(running.plan.verify && { verify: essential }),
    limits: { ...limits, ...(maxTotal && { maxTotal }) },
    onProgress: (step) => running.tell({ type: "launching", attempt: attempt.number, step })
  }
}

/** The launch of an attempt, as far as the ledger knows; null when it made nothing. */
const launchInLedger = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<LaunchRecord | null, GpuError> {
  const launches = yield* running.parts.ledger.launches({ key: launchKey(running, attempt) })
  return launches.findLast(({ state }) => state !== "refused") ?? null
})

const machineOf = ({ provider, kind, instanceId }: LaunchRecord): InstanceRef | null =>
  instanceId === null ? null : new InstanceRef(provider, kind, instanceId)

/** Takes the machine of a launch for lost before the command began: it is given back, and the next one is rented. */
const giveUp = (
  running: Running,
  attempt: RunAttempt,
  ref: InstanceRef,
  note: string
): Effect.Effect<boolean, GpuError> =>
  running.book.advance(attempt, { state: "ending", ref: String(ref), end: "lost", note })

/** Ends the machine of an attempt that somebody else has settled meanwhile, without it. */
const endStray = Effect.fnUntraced(function* (
  { book, parts, plan }: Running,
  { number }: RunAttempt,
  ref: InstanceRef
): Effect.fn.Return<void, GpuError> {
  const now = book.run().attempts.find((attempt) => attempt.number === number)
  if (plan.on !== null || now?.ref === String(ref)) return
  yield* parts.gpu.terminate(ref)
})

const toPreparing = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt,
  { ref, pricePerHour }: Pick<Instance, "ref" | "pricePerHour">,
  more: { readonly spent: ReadonlyArray<Money>; readonly leaseUntil: number | null }
): Effect.fn.Return<void, GpuError> {
  const patch = { state: "preparing", ref: String(ref), pricePerHour, spent: sumsOf(more.spent) } as const
  if (!(yield* running.book.advance(attempt, patch))) return yield* endStray(running, attempt, ref)
  const { number } = attempt
  running.tell({ type: "machine", attempt: number, ref: String(ref), pricePerHour, leaseUntil: more.leaseUntil })
})

/** The error for a return without the request: nothing is rented for them. */
const needsRequest = (running: Running): Conflict => {
  const { key, command } = running.book.run()
  const message = `Run ${key} needs a machine, and only a call of run with its key (${command}) can rent one: nothing is lost by that, call it again`
  return new Conflict({ message, retry: "permanent" })
}

const stopAsked = { _tag: "StopAsked" } as const

/** The launch, given up when somebody asks for the command's end: what it made is ended by it then. */
const launched = (
  running: Running,
  request: RunRequest,
  attempt: RunAttempt,
  left: number
): Effect.Effect<Launched, GpuError | typeof stopAsked> =>
  Effect.raceFirst(
    running.parts.gpu.launch(launchOf(running, request, attempt, left)),
    Effect.andThen(Deferred.await(running.stop), Effect.fail(stopAsked))
  )

/** What a launch that failed means: a machine of its key that is not as it should be is given up. */
const afterFailure = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt,
  error: GpuError
): Effect.fn.Return<void, GpuError> {
  const launch = yield* launchInLedger(running, attempt)
  const machine = launch && machineOf(launch)
  if (machine) {
    yield* giveUp(running, attempt, machine, error.message)
    return
  }
  // A run whose key nobody knows is not come back to: it is settled, unless its launch may still have made something.
  if (running.plan.isKeyOwn && !mayLeaveMachine(error)) {
    const now = yield* running.parts.now
    yield* running.book.advance(attempt, { state: "over", end: "failed", endedAt: now, note: error.message })
    yield* running.book.close
  }
  return yield* error
})

/**
 * The launch of an attempt that is not to go on: one that a dead process left open is settled first, by what its cloud says.
 *
 * - A launch that made nothing as far as its cloud shows counts as none: a machine that comes late has a lease, which ends it.
 */
const settledLaunch = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<LaunchRecord | null, GpuError> {
  const isOpen = (launch: LaunchRecord | null) => launch?.state === "open" || launch?.state === "unsettled"
  const before = yield* launchInLedger(running, attempt)
  if (isOpen(before)) yield* running.parts.gpu.recover()
  const launch = isOpen(before) ? yield* launchInLedger(running, attempt) : before
  if (!isOpen(launch)) return launch?.state === "created" ? launch : null
  const message = `Run ${running.book.run().key} is asked to stop, and its launch is not settled yet: ask again in a minute`
  return yield* new Conflict({ message, retry: "temporary" })
})

/** Settles an attempt whose end was asked for while its machine was being rented. */
const stopLaunching = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt,
  now: number
): Effect.fn.Return<void, GpuError> {
  const launch = yield* settledLaunch(running, attempt)
  const machine = launch && machineOf(launch)
  const patch = machine
    ? ({ state: "ending", ref: String(machine), end: "stopped" } as const)
    : ({ state: "over", end: "stopped", endedAt: now } as const)
  yield* running.book.advance(attempt, patch)
})

/** Rents the machine of an attempt, or finds the one that was rented for it; or takes the one that the run is on. */
export const launchingStep = Effect.fnUntraced(function* (
  running: Running,
  attempt: RunAttempt
): Effect.fn.Return<void, GpuError> {
  const { plan, request, parts, book } = running
  if (plan.on !== null) {
    const there = yield* parts.gpu.get(yield* Effect.fromResult(parseRef(plan.on)))
    return yield* toPreparing(running, attempt, { ref: there.ref, pricePerHour: null }, { spent: [], leaseUntil: null })
  }
  const now = yield* parts.now
  if (book.run().isStopAsked) return yield* stopLaunching(running, attempt, now)
  if (request === null) return yield* needsRequest(running)
  const left = Math.max(1000, (yield* millisLeft(running)) ?? 0)
  const result = yield* Effect.result(launched(running, request, attempt, left))
  if (result._tag === "Success") {
    const { instance, spent, verification } = result.success
    if (verification) running.tell({ type: "verified", attempt: attempt.number, verification })
    const leaseUntil = now + left
    return yield* toPreparing(running, attempt, instance, { spent, leaseUntil })
  }
  if (result.failure._tag === "StopAsked") {
    // What an interrupted launch leaves open is settled by the next call.
    yield* book.askStop
    return
  }
  yield* afterFailure(running, attempt, result.failure)
})
