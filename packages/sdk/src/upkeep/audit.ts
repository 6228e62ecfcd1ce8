import {
  type AnyProvider,
  CurrentLedger,
  elsewhere,
  type GpuError,
  type Instance,
  InstanceRef,
  InvalidRequest,
  type LaunchRecord,
  type Ledger,
  type Listing,
  type MachineRecord,
  PermissionDenied,
  type Problem,
  sameRef
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type AskOptions, askEach, orAllFailed } from "../client/gather.ts"
import { billOf, type HourlyBill } from "./bill.ts"

/** A machine on an account, and the launch of this ledger that it came of. */
export interface Claimed {
  readonly machine: Instance
  readonly launch: LaunchRecord
}

/** What the ledger says, compared with what is on the accounts. */
export interface Audit {
  /** Machines that this ledger launched. */
  readonly claimed: ReadonlyArray<Claimed>
  /** Machines that it did not launch: others did, or another ledger. Each has its `pricePerHour` and `billing`. */
  readonly unclaimed: ReadonlyArray<Instance>
  /**
   * Launched with a lease that has run out, and not gone; or there again after a verified end. Null: the account could
   * not be read well enough to show it.
   */
  readonly overdue: ReadonlyArray<{
    readonly ref: InstanceRef
    readonly launch: LaunchRecord
    readonly machine: Instance | null
  }>
  /**
   * Of those claimed, the ones whose launch was given up or ended: nobody uses them, and they cost money. A sweep ends
   * those that came late; end the others.
   */
  readonly doubles: ReadonlyArray<Claimed>
  /** Launched, not known to be gone, and not on the account: a complete list does not show them. */
  readonly lost: ReadonlyArray<{ readonly ref: InstanceRef; readonly launch: LaunchRecord }>
  /**
   * Launched, not known to be gone, and on another account than the key in use, or with another key whose
   * account is not known: that this key does not show them says nothing, and they may cost money.
   */
  readonly elsewhere: ReadonlyArray<{ readonly ref: InstanceRef; readonly launch: LaunchRecord }>
  /** Launches of which it is not known whether a machine came: `recover()` looks for them. */
  readonly unsettled: ReadonlyArray<LaunchRecord>
  readonly perHour: HourlyBill
  /** Whether every account was read in full; `problems` says what was not. */
  readonly complete: boolean
  readonly problems: ReadonlyArray<Problem>
  readonly observedAt: DateTime.Utc
}

type Findings = Omit<Audit, "unsettled" | "perHour" | "observedAt">

const refOf = ({ provider, kind, instanceId }: LaunchRecord): InstanceRef | null =>
  instanceId === null ? null : new InstanceRef(provider, kind, instanceId)

/** The launch with the account on which its machine was seen last. */
const onAccount = (launch: LaunchRecord, machine: MachineRecord | undefined): LaunchRecord =>
  machine?.account === undefined ? launch : { ...launch, account: machine.account }

const unseen = (provider: string, machines: ReadonlyArray<{ readonly ref: InstanceRef }>): PermissionDenied =>
  new PermissionDenied({
    message:
      `${machines.map(({ ref }) => ref).join(", ")}: launched on another account of ${provider}, or with a key of ` +
      "an unknown account: audit with that key too",
    retry: "permanent"
  })

/** One account compared with the ledger: its list, or why it could not be read. */
const compare = Effect.fnUntraced(function* (
  { provider, kind, account }: AnyProvider,
  listing: Result.Result<Listing<Instance>, GpuError>,
  // Read before the list: what was launched since is not missed in it.
  created: ReadonlyArray<LaunchRecord>,
  ledger: Ledger
): Effect.fn.Return<Findings, GpuError> {
  const launches = yield* ledger.launches({ provider, kind })
  const known = yield* ledger.machines(provider, kind)
  const now = yield* ledger.now()
  const shown = Result.isSuccess(listing) ? listing.success.items : []
  const there = shown.filter(({ status }) => status !== "terminated")
  const byId = new Map(launches.flatMap((launch) => (launch.instanceId === null ? [] : [[launch.instanceId, launch]])))
  const byMarker = new Map(launches.map((launch) => [launch.marker, launch]))
  const claimed: Claimed[] = []
  const unclaimed: Instance[] = []
  for (const machine of there) {
    const launch = byId.get(machine.ref.id) ?? (machine.marker === null ? undefined : byMarker.get(machine.marker))
    if (launch) claimed.push({ machine, launch })
    else unclaimed.push(machine)
  }
  const complete = Result.isSuccess(listing) && listing.success.complete
  const missing = created.flatMap((launch) => {
    const ref = refOf(launch)
    const isMissing = ref && !shown.some((machine) => sameRef(machine.ref, ref)) && known.get(ref.id)?.goneAt == null
    return isMissing ? [{ ref, launch: onAccount(byMarker.get(launch.marker) ?? launch, known.get(ref.id)) }] : []
  })
  const others = yield* elsewhere(
    account,
    Array.from(missing, ({ launch }) => launch)
  )
  const away = missing.filter(({ launch }) => others.has(launch))
  const lost = missing.filter(({ launch }) => !others.has(launch))
  const isDue = ({ launch }: { readonly launch: LaunchRecord }) =>
    launch.leaseUntil !== null && launch.leaseUntil <= now
  const isBack = ({ machine }: Claimed) => known.get(machine.ref.id)?.backAt !== undefined
  return {
    claimed,
    unclaimed,
    overdue: [
      ...claimed
        .filter((one) => isDue(one) || isBack(one))
        .map(({ machine, launch }) => ({ ref: machine.ref, launch, machine })),
      ...[...(complete ? [] : lost), ...away].filter(isDue).map((one) => ({ ...one, machine: null }))
    ],
    doubles: claimed.filter(({ machine, launch }) => launch.state === "refused" && machine.status !== "terminating"),
    lost: complete ? lost : [],
    elsewhere: away,
    problems: [
      ...(Result.isSuccess(listing)
        ? listing.success.problems
        : [{ provider, kind, part: "all machines", error: listing.failure }]),
      ...(away.length > 0
        ? [{ provider, kind, part: "machines of another account", error: unseen(provider, away) }]
        : [])
    ],
    complete: complete && away.length === 0
  }
})

/** What the ledger holds of clouds that are not among the client's clouds: nothing can be said of it. */
const unasked = (providers: ReadonlyArray<AnyProvider>, open: ReadonlyArray<LaunchRecord>): ReadonlyArray<Problem> => {
  const others = open.filter(
    ({ provider, kind }) => !providers.some((one) => one.provider === provider && one.kind === kind)
  )
  return [...new Map(others.map((launch) => [`${launch.provider}/${launch.kind}`, launch])).values()].map(
    ({ provider, kind }) => ({
      provider,
      kind,
      part: "all machines",
      error: InvalidRequest.of(
        "clouds",
        `no ${provider} ${kind} provider was given, and the ledger knows machines there`
      )
    })
  )
}

/**
 * Holds the ledger against the accounts: what is paid for, by whom, and what is missing.
 *
 * - Reads only; nothing is ended, and of the ledger nothing changes but when machines were seen.
 * - Nothing is concluded from an incomplete list: what it does not show is not `lost`. When every account fails, the
 *   call fails with the first one's error. An account that does not answer in time (`within`) is one that fails.
 * - What others launch on the same account is `unclaimed`; what this ledger launched on another account is `elsewhere`.
 *
 * @example
 * ```ts
 * import { formatMoney } from "anygpu"
 * import { audit } from "anygpu/effect"
 * import { sqliteLedger } from "anygpu/sqlite"
 * import { vast } from "@anygpu/vast"
 * import * as Effect from "effect/Effect"
 *
 * using ledger = sqliteLedger("/var/lib/my-service/ledger.db")
 * const { containers, vms } = vast({ apiKey: "..." }).kinds
 * const { unclaimed, perHour } = await Effect.runPromise(audit([containers, vms], ledger))
 * for (const { ref, name } of unclaimed) console.log(`${ref} (${name}) was launched by somebody else`)
 * console.log(`now: ${perHour.all.map((sum) => formatMoney(sum)).join(" and ")} per hour`)
 * ```
 */
export const audit = Effect.fnUntraced(
  function* (
    providers: ReadonlyArray<AnyProvider>,
    ledger: Ledger,
    options: AskOptions = {}
  ): Effect.fn.Return<Audit, GpuError> {
    const created = yield* ledger.launches({ states: ["created"] })
    const question = { ...options, operation: "audit", part: "machines" }
    const asked = yield* askEach(providers, question, (provider) => provider.list())
    const listings = yield* orAllFailed(asked, question)
    const findings: Findings[] = []
    for (const { provider, answer: listing } of listings) {
      const own = created.filter((launch) => launch.provider === provider.provider && launch.kind === provider.kind)
      findings.push(yield* compare(provider, listing, own, ledger))
    }
    const unsettled = yield* ledger.launches({ states: ["open", "unsettled"] })
    const gone: LaunchRecord[] = []
    for (const launch of created) {
      const ref = refOf(launch)
      if (ref && (yield* ledger.machine(ref))?.goneAt != null) gone.push(launch)
    }
    const strange = unasked(providers, [...created.filter((launch) => !gone.includes(launch)), ...unsettled])
    const claimed = findings.flatMap((one) => one.claimed)
    const unclaimed = findings.flatMap((one) => one.unclaimed)
    return {
      claimed,
      unclaimed,
      overdue: findings.flatMap(({ overdue }) => overdue),
      doubles: findings.flatMap(({ doubles }) => doubles),
      lost: findings.flatMap(({ lost }) => lost),
      elsewhere: findings.flatMap((one) => one.elsewhere),
      unsettled,
      perHour: billOf(
        claimed.map(({ machine }) => machine),
        unclaimed
      ),
      complete: strange.length === 0 && findings.every(({ complete }) => complete),
      problems: [...findings.flatMap(({ problems }) => problems), ...strange],
      observedAt: yield* DateTime.now
    }
  },
  (effect, _providers, ledger, _options?: AskOptions) => Effect.provideService(effect, CurrentLedger, ledger)
)
