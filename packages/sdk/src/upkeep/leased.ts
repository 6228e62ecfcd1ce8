import {
  type GpuError,
  InstanceRef,
  isEnded,
  type Kind,
  type LateMachine,
  type LaunchRecord,
  LaunchUnsettled,
  type Ledger,
  type MachineRecord,
  type Problem,
  type Termination
} from "@anygpu/core"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import type { Ended } from "../spent/ended.ts"

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
  readonly ended: ReadonlyArray<Ended>
  /** Their end is due, and they may still cost money: sweep again. */
  readonly failed: ReadonlyArray<LeasedRef & { readonly error: GpuError }>
  /** Their end is due, and another process is making it at this moment. */
  readonly underWay: ReadonlyArray<LeasedRef>
  /** Their lease has not run out. */
  readonly kept: ReadonlyArray<LeasedRef>
  /** Clouds that could not be asked what came of launches whose lease has run out; those not settled are in `failed` too. */
  readonly problems: ReadonlyArray<Problem>
}

/** What the sweep of a part came to, before what its machines have cost is added. */
export type SweepPart = Omit<Sweep, "ended"> & { readonly ended: ReadonlyArray<Termination> }

/** A launch with a lease. */
export type Leased = LaunchRecord & { readonly leaseUntil: number }

/** Whether a launch has a lease. */
export const isLeased = (launch: LaunchRecord): launch is Leased => launch.leaseUntil !== null

/** The launches with a lease, of one provider or all. */
export const leasedOf = (ledger: Ledger, place: { readonly provider?: string; readonly kind?: Kind }) =>
  Effect.map(ledger.launches({ ...place, leased: true }), (launches) => launches.filter(isLeased))

/** The machine of a launch; null while it is not known. */
export const refOf = ({ provider, kind, instanceId }: LaunchRecord): InstanceRef | null =>
  instanceId === null ? null : new InstanceRef(provider, kind, instanceId)

/**
 * Whether the machine of a launch is verified gone: then it is no lease any more. Where that cannot be noted, the next look does
 * it.
 */
export const isOver = (
  ledger: Ledger,
  { marker }: Pick<LaunchRecord, "marker">,
  machine: MachineRecord | null
): Effect.Effect<boolean> =>
  isEnded(machine) ? Effect.as(Effect.ignore(ledger.renewLease(marker, null)), true) : Effect.succeed(false)

/** A lease as a sweep answers it. */
export const leasedRef = (launch: Leased): LeasedRef => ({
  ref: refOf(launch),
  marker: launch.marker,
  until: DateTime.makeUnsafe(launch.leaseUntil)
})

/** The error for a lease that has run out while the launch is not settled. */
export const unsettled = ({ provider, kind, name, marker, note }: Leased): LaunchUnsettled =>
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

/** A sweep that found nothing to do. */
export const nothing: SweepPart = { ended: [], failed: [], underWay: [], kept: [], problems: [] }
/** Several sweeps as one. */
export const together = (sweeps: ReadonlyArray<SweepPart>): SweepPart => ({
  ended: sweeps.flatMap(({ ended }) => ended),
  failed: sweeps.flatMap(({ failed }) => failed),
  underWay: sweeps.flatMap(({ underWay }) => underWay),
  kept: sweeps.flatMap(({ kept }) => kept),
  problems: sweeps.flatMap(({ problems }) => problems)
})

/** A machine that came when its launch had been given up, which `recover` ends. */
export const lateEnd = ({ ref, launch: { marker, leaseUntil, at }, ended, error }: LateMachine): SweepPart => ({
  ended: ended ? [ended] : [],
  failed: error ? [{ ref, marker, until: DateTime.makeUnsafe(leaseUntil ?? at), error }] : [],
  underWay: [],
  kept: [],
  problems: []
})
