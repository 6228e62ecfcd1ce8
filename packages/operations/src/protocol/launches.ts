import type { Audit, LaunchRecord } from "anygpu"
import type { AuditJson } from "./answers/audit.ts"
import { problemsJson } from "./errors.ts"
import type { LaunchRecordJson } from "./launch-record.ts"
import { machineJson, moneyJson, timeJson } from "./model.ts"
import { momentJson, momentOrNull } from "./moment.ts"

/** A launch as the ledger holds it, without what was asked of the cloud. */
export const launchJson = (launch: LaunchRecord): LaunchRecordJson => {
  const { marker, key, name, provider, kind, offerId, state, at, leaseUntil, note } = launch
  return {
    ...{ marker, key, name, provider, kind, offer: `${provider}/${kind}/${offerId}`, state, note },
    at: momentJson(at),
    until: momentOrNull(leaseUntil)
  }
}

/** What an audit found. */
export const auditJson = (audit: Audit): AuditJson => ({
  claimed: audit.claimed.map(({ machine, launch }) => ({ machine: machineJson(machine), launch: launchJson(launch) })),
  unclaimed: audit.unclaimed.map(machineJson),
  overdue: audit.overdue.map(({ ref, launch }) => ({ ref: String(ref), launch: launchJson(launch) })),
  doubles: audit.doubles.map(({ machine, launch }) => ({ ref: String(machine.ref), launch: launchJson(launch) })),
  lost: audit.lost.map(({ ref, launch }) => ({ ref: String(ref), launch: launchJson(launch) })),
  elsewhere: audit.elsewhere.map(({ ref, launch }) => ({ ref: String(ref), launch: launchJson(launch) })),
  unsettled: audit.unsettled.map(launchJson),
  perHour: {
    all: audit.perHour.all.map(moneyJson),
    unclaimed: audit.perHour.unclaimed.map(moneyJson),
    uncounted: audit.perHour.uncounted.map(String)
  },
  complete: audit.complete,
  problems: problemsJson(audit.problems),
  observedAt: timeJson(audit.observedAt)
})
