import {
  type AnyProvider,
  CurrentLedger,
  cloudEndOf,
  type GpuError,
  type Instance,
  type InstanceRef,
  InvalidRequest,
  type LaunchRecord,
  type Ledger,
  leaseMillis,
  supports
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { millisOf } from "../millis.ts"
import { launchWith } from "../placement/launch.ts"
import { among, type PlacementParts } from "../placement/open-search.ts"
import type { LaunchRequest } from "../placement/request.ts"
import { guarded } from "../spending/guarded.ts"
import { endForSure } from "../upkeep/end-claimed.ts"
import { isOver, refOf } from "../upkeep/leased.ts"
import { keyOf, leasedOf, type Place, readPlace } from "./places.ts"
import {
  checkPool,
  type Missing,
  machineOf,
  type PoolRequest,
  type PoolRound,
  type Replaced,
  usualHold
} from "./request.ts"

/** What has gone, or will not come up by itself: it is replaced. What a user stopped stays, and what nobody knows. */
const lost: ReadonlySet<Instance["status"]> = new Set(["terminated", "failed", "interrupted"])

const booting: ReadonlySet<Instance["status"]> = new Set(["pending", "provisioning", "starting"])

/** Whether a machine is to be replaced: it is lost, or has not come up for so long that nobody waits any more. */
const isLost = (
  { request, now }: Pick<Keeping, "request" | "now">,
  { timing }: AnyProvider,
  { at }: LaunchRecord,
  { status }: Instance
): boolean => {
  const { readyWithin } = request.limits ?? {}
  const patience = readyWithin === undefined ? 3 * millisOf(timing.bootWithin) : millisOf(readyWithin)
  return lost.has(status) || (booting.has(status) && now - at > patience)
}

/** What a place comes to in one round. */
interface Outcome {
  readonly machine?: { readonly ref: InstanceRef; readonly instance: Instance | null }
  readonly launched?: boolean
  readonly replaced?: Replaced
  readonly error?: GpuError
}

interface Keeping {
  readonly parts: PlacementParts
  /** Launches within the budget of the pool. */
  readonly launch: ReturnType<typeof launchWith>
  readonly ledger: Ledger
  readonly request: PoolRequest
  /** For how long a machine is leased at a time, in milliseconds. */
  readonly hold: number
  /** The round's beginning by the ledger's clock, in epoch milliseconds. */
  readonly now: number
}

const providerOf = ({ parts }: Keeping, ref: InstanceRef): Effect.Effect<AnyProvider, InvalidRequest> => {
  const provider = among(parts.providers)(ref)
  const problem = `has ${ref}, and no ${ref.provider} ${ref.kind} provider is in this client: keep the pool with one that has it`
  return provider ? Effect.succeed(provider) : Effect.fail(InvalidRequest.of("name", problem))
}

/** Ends a machine of the pool, verified, as everything does that ends what is leased. */
const end = (on: Keeping, { marker }: LaunchRecord, ref: InstanceRef) =>
  Effect.flatMap(providerOf(on, ref), (provider) =>
    endForSure({ ledger: on.ledger, marker, terminate: provider.terminate(ref) })
  )

/** Makes the lease of a machine longer once half of it is over; its cloud's own switch goes with it, where it has one. */
const hold = Effect.fnUntraced(function* (
  { ledger, now, hold: millis }: Keeping,
  provider: AnyProvider,
  { marker, leaseUntil }: LaunchRecord,
  ref: InstanceRef
): Effect.fn.Return<void, GpuError> {
  if (leaseUntil !== null && leaseUntil - now > millis / 2) return
  const until = now + millis
  yield* ledger.renewLease(marker, until)
  const atCloud = cloudEndOf(until)
  if (supports(provider, "scheduleEnd") && atCloud) yield* Effect.ignore(provider.scheduleEnd(ref, atCloud))
})

/** Launches the machine of that number for a place; a launch that is under way elsewhere is the same one. */
const fill = Effect.fnUntraced(function* (
  { launch, request, hold: ttl }: Keeping,
  place: number,
  number: number
): Effect.fn.Return<Outcome> {
  const wanted: LaunchRequest = { ...machineOf(request, place), key: keyOf(request.name, place, number), ttl }
  const launched = yield* Effect.result(launch(wanted))
  if (launched._tag === "Failure") return { error: launched.failure }
  const { instance, isEarlier } = launched.success
  return { machine: { ref: instance.ref, instance }, launched: !isEarlier }
})

/** Keeps the machine of a place: holds it, or has it replaced. What cannot be read is not replaced: it may be there. */
const keep = Effect.fnUntraced(function* (
  on: Keeping,
  at: Place,
  launch: LaunchRecord,
  ref: InstanceRef
): Effect.fn.Return<Outcome, GpuError> {
  const replace = (because: Instance["status"]) =>
    Effect.map(fill(on, at.place, at.number + 1), (outcome) => ({ ...outcome, replaced: { ref, because } }))
  if (yield* isOver(on.ledger, launch, yield* on.ledger.machine(ref))) return yield* replace("terminated")
  const provider = yield* providerOf(on, ref)
  const seen = yield* Effect.result(provider.get(ref))
  if (seen._tag === "Failure") return { machine: { ref, instance: null }, error: seen.failure }
  const { status } = seen.success
  if (!isLost(on, provider, launch, seen.success)) {
    const held = yield* Effect.result(status === "terminating" ? Effect.void : hold(on, provider, launch, ref))
    return { machine: { ref, instance: seen.success }, ...(held._tag === "Failure" && { error: held.failure }) }
  }
  const ended = yield* Effect.result(end(on, launch, ref))
  if (ended._tag === "Failure") return { machine: { ref, instance: seen.success }, error: ended.failure }
  return yield* replace(status)
})

/** What one place of the pool comes to. */
const keepPlace = (on: Keeping, place: number): Effect.Effect<Outcome> =>
  Effect.gen(function* () {
    const at = yield* readPlace(on.ledger, on.request.name, place)
    const ref = at.launch && refOf(at.launch)
    return at.launch && ref ? yield* keep(on, at, at.launch, ref) : yield* fill(on, at.place, at.number)
  }).pipe(Effect.catch((error) => Effect.succeed({ error })))

/** Ends the machines above the size of the pool. */
const endOthers = Effect.fnUntraced(function* (
  on: Keeping
): Effect.fn.Return<
  { readonly ended: ReadonlyArray<InstanceRef>; readonly missing: ReadonlyArray<Missing> },
  GpuError
> {
  const above = (yield* leasedOf(on.ledger, on.request.name)).filter(({ place }) => place > on.request.size)
  const ended: InstanceRef[] = []
  const missing: Missing[] = []
  for (const { place, launch } of above) {
    const ref = refOf(launch)
    if (ref && (yield* isOver(on.ledger, launch, yield* on.ledger.machine(ref)))) continue
    const result = yield* Effect.result(ref ? end(on, launch, ref) : settleOpen(on, launch))
    if (result._tag === "Failure") missing.push({ place, error: result.failure })
    else if (ref) ended.push(ref)
  }
  return { ended, missing }
})

/** A launch of unknown outcome above the size: it is settled, and what came of it is ended in the next round. */
const settleOpen = ({ parts }: Keeping, launch: LaunchRecord): Effect.Effect<void, GpuError> => {
  const found = among(parts.providers)(launch)
  return found ? Effect.asVoid(found.recover()) : Effect.void
}

/**
 * Keeps a pool once: looks at the machine of every place, replaces what is lost, and ends what is too much.
 *
 * - Everything it knows is in the ledger: a process that dies in the midst of it, and two that do it at once, rent nothing twice.
 * - A machine is replaced when it is gone, has failed, or was taken away: what is left of it is ended first, and seen gone. One
 *   that cannot be read is not: it may be there.
 * - What one place cannot have stops no other: it is in `missing`, with its error.
 * - `InvalidRequest` for a request that is none, before anything is sent; `ProviderFault` when the ledger cannot be read.
 */
export const poolRoundWith = (parts: PlacementParts) =>
  Effect.fnUntraced(function* (request: PoolRequest): Effect.fn.Return<PoolRound, GpuError> {
    yield* checkPool(request)
    const { name, size, budget, holdFor = usualHold } = request
    const ledger = yield* CurrentLedger
    const limit = budget && { ...budget, budget: `pool ${name}` }
    const providers = limit ? parts.providers.map((one) => guarded(one, limit)) : parts.providers
    const launch = launchWith({ ...parts, providers })
    const hold = leaseMillis(holdFor) ?? usualHold
    const on: Keeping = { parts, launch, request, ledger, hold, now: yield* ledger.now() }
    const others = yield* endOthers(on)
    // One after the other: each takes the cheapest that is left.
    const places = Array.from({ length: size }, (_, index) => index + 1)
    const outcomes = yield* Effect.forEach(places, (place) => keepPlace(on, place))
    const missing = outcomes.flatMap(({ error }, index) => (error ? [{ place: index + 1, error }] : []))
    return {
      ...{ name, at: yield* DateTime.now, ended: others.ended, missing: [...missing, ...others.missing] },
      machines: outcomes.flatMap(({ machine }, index) => (machine ? [{ place: index + 1, ...machine }] : [])),
      launched: outcomes.flatMap(({ machine, launched }) => (machine && launched ? [machine.ref] : [])),
      replaced: outcomes.flatMap(({ replaced }) => replaced ?? [])
    }
  })
