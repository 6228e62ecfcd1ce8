import {
  type AnyProvider,
  answeredWithin,
  CurrentLedger,
  type GpuError,
  givenUpIn,
  InstanceRef,
  InvalidRequest,
  isEnded,
  type Kind,
  type LateMachine,
  type LaunchRecord,
  LaunchUnsettled,
  type Ledger,
  type Problem,
  ProviderFault,
  type Termination
} from "@anygpu/core"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { settleWithin } from "../client/recover.ts"
import { endAgain } from "./seen-again.ts"

/** A leased machine, or a launch of which it is not known whether there is one. */
export interface LeasedRef {
  /** Null while the launch's outcome is not known. */
  readonly ref: InstanceRef | null
  /** Part of the machine's name or label. */
  readonly marker: string
  /** When its lease ends, or ended; for a machine that came when its launch had been given up, when that was written. */
  readonly until: DateTime.Utc
}

/** What a sweep came to. */
export interface Sweep {
  /**
   * Their lease had run out, their launch had been given up before they came, or they had shown again after their end; and
   * they are verified gone.
   */
  readonly ended: ReadonlyArray<Termination>
  /** Their end is due, and they may still cost money: sweep again. */
  readonly failed: ReadonlyArray<LeasedRef & { readonly error: GpuError }>
  /** Their lease has not run out. */
  readonly kept: ReadonlyArray<LeasedRef>
  /** Clouds that could not be asked what came of launches whose lease has run out; those not settled are in `failed` too. */
  readonly problems: ReadonlyArray<Problem>
}

type Leased = LaunchRecord & { readonly leaseUntil: number }

const isLeased = (launch: LaunchRecord): launch is Leased => launch.leaseUntil !== null

const leasedOf = (ledger: Ledger, place: { readonly provider?: string; readonly kind?: Kind }) =>
  Effect.map(ledger.launches({ ...place, leased: true }), (launches) => launches.filter(isLeased))

/**
 * Nothing came of it as far as is known, though its machine may come late: `absent`, and `refused` when its key was freed
 * after that, since what a cloud refused is no lease.
 */
const cameToNothing = ({ state }: LaunchRecord): boolean => state === "absent" || state === "refused"

const refOf = ({ provider, kind, instanceId }: LaunchRecord): InstanceRef | null =>
  instanceId === null ? null : new InstanceRef(provider, kind, instanceId)

const leasedRef = (launch: Leased): LeasedRef => ({
  ref: refOf(launch),
  marker: launch.marker,
  until: DateTime.makeUnsafe(launch.leaseUntil)
})

const unsettled = ({ provider, kind, name, marker, note }: Leased): LaunchUnsettled =>
  new LaunchUnsettled({
    message:
      `The lease of the launch "${name}" has run out, and whether a machine came of it is not known` +
      `${note ? ` (${note})` : ""}. It may be under way still, which takes some minutes to rule out: sweep again then, or ` +
      `look for "${marker}" in the console of ${provider}`,
    retry: "temporary",
    provider,
    kind,
    operation: "sweep",
    marker
  })

const nothing: Sweep = { ended: [], failed: [], kept: [], problems: [] }
const together = (sweeps: ReadonlyArray<Sweep>): Sweep => ({
  ended: sweeps.flatMap(({ ended }) => ended),
  failed: sweeps.flatMap(({ failed }) => failed),
  kept: sweeps.flatMap(({ kept }) => kept),
  problems: sweeps.flatMap(({ problems }) => problems)
})

/** A machine that came when its launch had been given up, which `recover` ends. */
const lateEnd = ({ ref, launch: { marker, leaseUntil, at }, ended, error }: LateMachine): Sweep => ({
  ended: ended ? [ended] : [],
  failed: error ? [{ ref, marker, until: DateTime.makeUnsafe(leaseUntil ?? at), error }] : [],
  kept: [],
  problems: []
})

const notAsked = ({ provider, kind }: AnyProvider): ProviderFault =>
  new ProviderFault({
    message: `${provider} could not be asked for all its machines, some of which may have come late: sweep again`,
    retry: "temporary",
    ...{ provider, kind, operation: "sweep" }
  })

/** Ends the machines of one provider whose lease has run out. */
const sweepOne = Effect.fnUntraced(function* (
  provider: AnyProvider,
  ledger: Ledger
): Effect.fn.Return<Sweep, GpuError> {
  const place = { provider: provider.provider, kind: provider.kind }
  const now = yield* Clock.currentTimeMillis
  const isDue = ({ leaseUntil }: Leased) => leaseUntil <= now
  const before = (yield* leasedOf(ledger, place)).filter(isDue)
  const givenUp = yield* givenUpIn(ledger, place, now)
  const known = yield* ledger.machines(place.provider, place.kind)

  const endOne = Effect.fnUntraced(function* (
    launch: Leased,
    recovered: Result.Result<unknown, GpuError>
  ): Effect.fn.Return<Sweep, GpuError> {
    const { marker } = launch
    const ref = refOf(launch)
    if (cameToNothing(launch)) return nothing
    if (ref === null || launch.state !== "created") {
      const error = Result.isFailure(recovered) ? recovered.failure : unsettled(launch)
      return { ...nothing, failed: [{ ...leasedRef(launch), error }] }
    }
    const machine = known.get(ref.id)
    const isVerified = isEnded(machine ?? null)
    // It may have been renewed or kept since the leases were read; where that cannot be read, what was read counts.
    const [present = launch] = yield* ledger.launches({ marker }).pipe(Effect.catch(() => Effect.succeed([launch])))
    if (present.leaseUntil === null || present.leaseUntil > now) return nothing
    const ended = isVerified ? Result.succeed(null) : yield* Effect.result(provider.terminate(ref))
    if (Result.isFailure(ended)) return { ...nothing, failed: [{ ...leasedRef(launch), error: ended.failure }] }
    // What is gone is no lease any more; where that cannot be noted, the next sweep looks again.
    yield* Effect.ignore(ledger.renewLease(marker, null))
    return ended.success ? { ...nothing, ended: [ended.success] } : nothing
  })

  const endAll = (launches: ReadonlyArray<Leased>, recovered: Result.Result<unknown, GpuError>) =>
    Effect.forEach(launches, (launch) => endOne(launch, recovered), { concurrency: "unbounded" })

  /** Looks for the others first, which may take long, and ends what was found. */
  const endOthers = Effect.fnUntraced(function* (ended: ReadonlyArray<Leased>): Effect.fn.Return<Sweep, GpuError> {
    const question = { ...place, operation: "sweep", what: "launches" }
    const isAsked = before.some(({ state }) => state !== "created" && state !== "refused") || givenUp.length > 0
    const recovered = isAsked
      ? yield* Effect.result(answeredWithin(provider.recover(), settleWithin, question))
      : Result.succeed(null)
    const leases = yield* leasedOf(ledger, place)
    const others = leases.filter((launch) => isDue(launch) && !ended.some(({ marker }) => marker === launch.marker))
    const kept = leases.filter((launch) => !isDue(launch) && !cameToNothing(launch)).map(leasedRef)
    const unasked = Result.isSuccess(recovered) ? recovered.success?.unsettled.filter(cameToNothing) : undefined
    const problems = Result.isFailure(recovered)
      ? [{ ...place, part: "launches of unknown outcome", error: recovered.failure }]
      : unasked?.length
        ? [{ ...place, part: "machines that came late", error: notAsked(provider) }]
        : []
    const late = Result.isSuccess(recovered) ? (recovered.success?.late ?? []).map(lateEnd) : []
    return together([...(yield* endAll(others, recovered)), ...late, { ...nothing, kept, problems }])
  })

  /** What `endOne` does not see to already. */
  const isApart = ({ marker, instanceId }: LaunchRecord) =>
    isEnded(known.get(instanceId ?? "") ?? null) || !before.some((launch) => launch.marker === marker)

  // What is known is ended at once: a cloud whose lists hang may end a machine all the same.
  const certain = before.filter(({ state }) => state === "created")
  const [ends, others, again] = yield* Effect.all(
    [endAll(certain, Result.succeed(null)), endOthers(certain), endAgain(provider, ledger, isApart)],
    { concurrency: "unbounded" }
  )
  return together([...ends, others, again])
})

/** The leases of clouds that are not among the providers: those that have run out cannot be ended here. */
const strangers = Effect.fnUntraced(function* (providers: ReadonlyArray<AnyProvider>, ledger: Ledger) {
  const now = yield* Clock.currentTimeMillis
  const sweeps: Sweep[] = []
  for (const launch of yield* leasedOf(ledger, {})) {
    const { provider, kind, leaseUntil } = launch
    if (cameToNothing(launch) || providers.some((one) => one.provider === provider && one.kind === kind)) continue
    const ref = refOf(launch)
    if (ref && (yield* ledger.machine(ref))?.goneAt != null) continue
    const error = InvalidRequest.of("providers", `no ${provider} ${kind} provider was given, which its end needs`)
    sweeps.push(
      leaseUntil <= now
        ? { ...nothing, failed: [{ ...leasedRef(launch), error }] }
        : { ...nothing, kept: [leasedRef(launch)] }
    )
  }
  return sweeps
})

/**
 * Ends every machine whose lease has run out according to the ledger, also those of processes that have died.
 *
 * - Launches whose outcome is not known, and whose lease has run out, are looked for first: their machine may exist. Those of
 *   which nothing seemed to come are looked for in one list of each provider, for 30 days: a create may arrive late.
 * - One failure costs only its own machine; a cloud that is down or hangs, only its own machines. Ends are not cut short.
 * - A machine that came when its launch had been given up is ended too: see `recover`.
 * - Other machines without a lease are never touched, those of others neither.
 * - A machine of this ledger that shows again after its verified end is ended again, leased or not: a list of each provider
 *   is asked for that for a day after each end.
 * - Call it as often as you like, from several processes too: a machine that is gone is not asked for again.
 * - Fails only when the ledger cannot be read.
 *
 * @example
 * ```ts
 * import { sweep } from "anygpu/effect"
 * import { sqliteLedger } from "anygpu/sqlite"
 * import { vast } from "@anygpu/vast"
 * import * as Effect from "effect/Effect"
 *
 * using ledger = sqliteLedger("/var/lib/my-service/ledger.db")
 * const { containers, vms } = vast({ apiKey: "..." }).kinds
 * const { ended, failed } = await Effect.runPromise(sweep([containers, vms], ledger))
 * for (const { ref } of ended) console.log(`${ref} is gone`)
 * for (const { ref, marker, error } of failed) console.error(`${ref ?? marker} may still cost money: ${error.message}`)
 * ```
 */
export const sweep = (providers: ReadonlyArray<AnyProvider>, ledger: Ledger): Effect.Effect<Sweep, GpuError> =>
  Effect.gen(function* () {
    // A ledger that fails for one provider does not stop the ends that are under way for the others.
    const sweeps = yield* Effect.forEach(providers, (provider) => Effect.result(sweepOne(provider, ledger)), {
      concurrency: "unbounded"
    })
    const done = yield* Effect.forEach(sweeps, Effect.fromResult)
    return together([...done, ...(yield* strangers(providers, ledger))])
  }).pipe(Effect.provideService(CurrentLedger, ledger))
