import type { AnyProvider, GpuError, Instance, Listing } from "@anygpu/core"
import type * as DateTime from "effect/DateTime"
import * as Equal from "effect/Equal"
import type { Aspect, Change } from "./change.ts"
import { isChanging } from "./is-changing.ts"

/** A machine as the last look that showed it saw it. */
interface Sighting {
  readonly instance: Instance
  /** It had ended by the first listing: not said, whatever the cloud changes about it, unless it comes back. */
  readonly isHistory: boolean
  /** The last complete listing did not show it. */
  readonly missing: boolean
  /** When it last changed or went missing, in epoch milliseconds. */
  readonly changedAt: number
}

/** What keeps a provider's list from being whole, since when, and what of it was said. */
interface Trouble {
  readonly type: "stale" | "incomplete"
  readonly since: DateTime.Utc
  readonly said: ReadonlySet<string>
}

/** What a watch knows of one provider: as much as its last listings held, and no history. */
export interface Known {
  readonly machines: ReadonlyMap<string, Sighting>
  readonly trouble: Trouble | null
  /** Whether there was a listing at all, complete or not. */
  readonly answered: boolean
}

/** What came of one look. */
export interface Look {
  readonly changes: ReadonlyArray<Change>
  readonly known: Known
}

/** Before the first look. */
export const nothingKnown: Known = { machines: new Map(), trouble: null, answered: false }

/** What is compared, in the order in which the changes are said. */
const aspects: ReadonlyArray<readonly [Aspect, (instance: Instance) => unknown]> = [
  ["status", ({ status, reason }) => ({ status, reason })],
  ["endpoints", ({ endpoints }) => endpoints],
  ["billing", ({ billing }) => billing],
  ["price", ({ pricePerHour: price }) => price]
]

const hasEnded = ({ status }: Instance): boolean => status === "terminated"

const compared = (before: Instance, instance: Instance, observedAt: DateTime.Utc): ReadonlyArray<Change> => {
  const { ref } = instance
  if (hasEnded(before) && !hasEnded(instance)) return [{ type: "appeared", ref, instance, observedAt }]
  return aspects
    .filter(([, of]) => !Equal.equals(of(before), of(instance)))
    .map(([type]) => ({ type, ref, instance, before, observedAt }))
}

/** The trouble after a look, and whether there is something to say about it. */
const troubled = (
  trouble: Trouble | null,
  type: Trouble["type"],
  parts: ReadonlyArray<string>,
  observedAt: DateTime.Utc
): readonly [Trouble, isNews: boolean] => {
  if (trouble?.type !== type) return [{ type, since: observedAt, said: new Set(parts) }, true]
  const isNews = parts.some((part) => !trouble.said.has(part))
  return [isNews ? { ...trouble, said: new Set([...trouble.said, ...parts]) } : trouble, isNews]
}

/** Whether a cloud lets the key in no longer, rather than being out of order. */
export const isRefusal = ({ _tag }: GpuError): boolean => _tag === "Unauthenticated" || _tag === "PermissionDenied"

/** A look that failed: everything known stays. */
export const failedLook = (
  known: Known,
  error: GpuError,
  { provider, kind }: Pick<AnyProvider, "provider" | "kind">,
  observedAt: DateTime.Utc
): Look => {
  const [trouble, isNews] = troubled(known.trouble, "stale", [isRefusal(error) ? "refused" : "failed"], observedAt)
  const change: Change = { type: "stale", provider, kind, error, since: trouble.since, observedAt }
  return { changes: isNews ? [change] : [], known: { ...known, trouble } }
}

/** What a listing says of the cloud's trouble: `incomplete` and `resumed` come before the changes of machines. */
const healthOf = (
  { trouble: before }: Known,
  { complete, problems, observedAt }: Listing<Instance>,
  { provider, kind }: Pick<AnyProvider, "provider" | "kind">
): { readonly trouble: Trouble | null; readonly changes: ReadonlyArray<Change> } => {
  const about = { provider, kind, observedAt }
  if (complete) {
    return { trouble: null, changes: before ? [{ type: "resumed", ...about, since: before.since }] : [] }
  }
  const parts = problems.map(({ part }) => part)
  const [trouble, isNews] = troubled(before, "incomplete", parts, observedAt)
  return { trouble, changes: isNews ? [{ type: "incomplete", ...about, problems, since: trouble.since }] : [] }
}

/**
 * A look that answered: the changes from what was known, in a fixed order.
 *
 * - `incomplete` or `resumed` first; then the machines in the order of the list, each with its changes in the order of
 *   {@link Aspect}; then what vanished.
 * - With `initial: false` the machines of the first listing are known and not said. Ended ones never are at first.
 */
export const listedLook = (
  known: Known,
  listing: Listing<Instance>,
  source: Pick<AnyProvider, "provider" | "kind">,
  initial: boolean
): Look => {
  const { observedAt, complete } = listing
  const at = observedAt.epochMilliseconds
  const health = healthOf(known, listing, source)
  const changes: Change[] = [...health.changes]
  const machines = new Map<string, Sighting>()
  const shown = new Map(listing.items.map((instance) => [instance.ref.id, instance]))
  for (const [id, instance] of shown) {
    const before = known.machines.get(id)
    const isHistory = hasEnded(instance) && (before?.isHistory ?? !known.answered)
    const isSaid = known.answered || initial
    const found = before
      ? compared(before.instance, instance, observedAt)
      : [{ type: "appeared", ref: instance.ref, instance, observedAt } as const]
    if (!isHistory && (before || isSaid)) changes.push(...found)
    const changedAt = before && found.length === 0 ? before.changedAt : at
    machines.set(id, { instance, isHistory, missing: false, changedAt })
  }
  for (const [id, sighting] of known.machines) {
    if (shown.has(id)) continue
    if (!complete) machines.set(id, sighting)
    else if (hasEnded(sighting.instance)) continue
    else if (!sighting.missing) machines.set(id, { ...sighting, missing: true, changedAt: at })
    else changes.push({ type: "vanished", ref: sighting.instance.ref, instance: sighting.instance, observedAt })
  }
  return { changes, known: { machines, trouble: health.trouble, answered: true } }
}

/**
 * Whether something is under way that the next look may show: a machine that boots, stops, ends, is up and not
 * reachable yet, or was missing once.
 *
 * - One that has not changed for longer than `within` is stuck, and not under way.
 */
export const isMoving = ({ machines }: Known, now: number, within: number): boolean =>
  [...machines.values()].some(
    ({ instance, missing, changedAt }) => now - changedAt < within && (missing || isChanging(instance))
  )
