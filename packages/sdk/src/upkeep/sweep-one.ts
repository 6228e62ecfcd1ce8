import {
  type AnyProvider,
  answeredWithin,
  cameToNothing,
  type GpuError,
  givenUpIn,
  isEnded,
  type Kind,
  type LaunchRecord,
  type Ledger,
  type MachineRecord,
  monotonicMillis,
  ProviderFault,
  type Recovery
} from "@anygpu/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { settleWithin } from "../client/recover.ts"
import { endClaimedSoon } from "./end-claimed.ts"
import {
  isLeased,
  isOver,
  type Leased,
  lateEnd,
  leasedOf,
  leasedRef,
  nothing,
  refOf,
  type SweepPart,
  together,
  unsettled
} from "./leased.ts"
import { endAgain } from "./seen-again.ts"

/** What the sweep of one provider goes by, as it was read at its beginning. */
interface Sweeping {
  readonly provider: AnyProvider
  readonly place: { readonly provider: string; readonly kind: Kind }
  readonly ledger: Ledger
  /** The leases that have run out. */
  readonly due: ReadonlyArray<Leased>
  readonly isDue: (launch: Leased) => boolean
  /** When they were read, in milliseconds of the monotonic clock. */
  readonly readAt: number
  /** Launches that were given up, whose machine may come late. */
  readonly givenUp: ReadonlyArray<LaunchRecord>
  readonly known: ReadonlyMap<string, MachineRecord>
}

const notAsked = ({ provider, kind }: AnyProvider): ProviderFault =>
  new ProviderFault({
    message: `${provider} could not be asked for all its machines, some of which may have come late: sweep again`,
    retry: "temporary",
    ...{ provider, kind, operation: "sweep" }
  })

/** Ends the machine of one lease that has run out, unless it was renewed or kept since the leases were read. */
const endOne = Effect.fnUntraced(function* (
  { provider, ledger, known, isDue, readAt }: Sweeping,
  launch: Leased,
  recovered: Result.Result<unknown, GpuError>
): Effect.fn.Return<SweepPart, GpuError> {
  const { marker } = launch
  const ref = refOf(launch)
  if (cameToNothing(launch)) return nothing
  if (ref === null || launch.state !== "created") {
    const error = Result.isFailure(recovered) ? recovered.failure : unsettled(launch)
    return { ...nothing, failed: [{ ...leasedRef(launch), error }] }
  }
  if (yield* isOver(ledger, launch, known.get(ref.id) ?? null)) return nothing
  const ended = yield* Effect.result(endClaimedSoon({ ledger, marker, readAt, terminate: provider.terminate(ref) }))
  if (Result.isFailure(ended)) return { ...nothing, failed: [{ ...leasedRef(launch), error: ended.failure }] }
  if (ended.success !== null) return { ...nothing, ended: [ended.success] }
  const [present = launch] = yield* ledger.launches({ marker })
  return isLeased(present) && isDue(present) ? { ...nothing, underWay: [leasedRef(launch)] } : nothing
})

const endAll = (on: Sweeping, launches: ReadonlyArray<Leased>, recovered: Result.Result<unknown, GpuError>) =>
  Effect.forEach(launches, (launch) => endOne(on, launch, recovered), { concurrency: "unbounded" })

/** What kept the provider from being asked for machines whose launch is open, or was given up. */
const problemsOf = ({ provider, place }: Sweeping, recovered: Result.Result<Recovery | null, GpuError>) => {
  if (Result.isFailure(recovered)) {
    return [{ ...place, part: "launches of unknown outcome", error: recovered.failure }]
  }
  const isUnasked = recovered.success?.unsettled.some(cameToNothing) ?? false
  return isUnasked ? [{ ...place, part: "machines that came late", error: notAsked(provider) }] : []
}

/** Looks for the machines of open launches first, which may take long, and ends what was found. */
const endOthers = Effect.fnUntraced(function* (
  on: Sweeping,
  certain: ReadonlyArray<Leased>
): Effect.fn.Return<SweepPart, GpuError> {
  const { provider, place, ledger, due, isDue, givenUp } = on
  const question = { ...place, operation: "sweep", what: "launches" }
  const isAsked = due.some(({ state }) => state !== "created" && state !== "refused") || givenUp.length > 0
  const recovered = isAsked
    ? yield* Effect.result(answeredWithin(provider.recover(), settleWithin, question))
    : Result.succeed(null)
  const leases = yield* leasedOf(ledger, place)
  const others = leases.filter((launch) => isDue(launch) && !certain.some(({ marker }) => marker === launch.marker))
  const kept = leases.filter((launch) => !isDue(launch) && !cameToNothing(launch)).map(leasedRef)
  const late = Result.isSuccess(recovered) ? (recovered.success?.late ?? []).map(lateEnd) : []
  const ends = yield* endAll(on, others, recovered)
  return together([...ends, ...late, { ...nothing, kept, problems: problemsOf(on, recovered) }])
})

/** Ends the machines of one provider whose lease has run out. */
export const sweepOne = Effect.fnUntraced(function* (
  provider: AnyProvider,
  ledger: Ledger
): Effect.fn.Return<SweepPart, GpuError> {
  const place = { provider: provider.provider, kind: provider.kind }
  const now = yield* ledger.now()
  const readAt = yield* monotonicMillis
  const isDue = ({ leaseUntil }: Leased) => leaseUntil <= now
  const due = (yield* leasedOf(ledger, place)).filter(isDue)
  const givenUp = yield* givenUpIn(ledger, place, now)
  const known = yield* ledger.machines(place.provider, place.kind)
  const on: Sweeping = { provider, place, ledger, due, isDue, readAt, givenUp, known }
  /** What `endOne` does not see to already. */
  const isApart = ({ marker, instanceId }: LaunchRecord) =>
    isEnded(known.get(instanceId ?? "") ?? null) || !due.some((launch) => launch.marker === marker)
  // What is known is ended at once: a cloud whose lists hang may end a machine all the same.
  const certain = due.filter(({ state }) => state === "created")
  const [ends, others, again] = yield* Effect.all(
    [endAll(on, certain, Result.succeed(null)), endOthers(on, certain), endAgain(provider, ledger, isApart)],
    { concurrency: "unbounded" }
  )
  return together([...ends, others, again])
})
