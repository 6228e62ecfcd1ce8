import * as Effect from "effect/Effect"
import { Conflict, ProviderFault, type Retry } from "../errors.ts"
import { mergedAccount } from "../model/account-text.ts"
import { InstanceRef } from "../model/ref.ts"
import type { Intent } from "../model/status.ts"
import type { LaunchQuery, LaunchRecord, MachineRecord, Outcome } from "./ledger.ts"

/** A failure of the ledger itself: nothing was sent to a cloud. */
export const ledgerFault = (message: string, retry: Retry, cause?: unknown): ProviderFault =>
  new ProviderFault({ message, retry, operation: "ledger", cause })

/** What JSON leaves of a value; `ProviderFault` when it holds what JSON cannot: `what` names it, and `then` says what follows. */
export const inJson = <A>(value: A, what: string, then = ""): Effect.Effect<A, ProviderFault> =>
  Effect.try({
    try: () => JSON.parse(JSON.stringify(value)) as A,
    catch: (cause) => ledgerFault(`${what} cannot be written as JSON (${String(cause)})${then}`, "permanent", cause)
  })

/** A launch as every store keeps it: of its spec, what JSON leaves of it. Fails when that holds what JSON cannot. */
export const keptSpec = (launch: LaunchRecord): Effect.Effect<LaunchRecord, ProviderFault> =>
  Effect.map(inJson(launch.spec, `the spec of launch ${launch.marker}`, ": nothing was launched"), (spec) => ({
    ...launch,
    spec
  }))

/** The failure of a marker that is written a second time. */
export const markerTaken = (marker: string): ProviderFault =>
  ledgerFault(`the ledger already holds a launch ${marker}: markers are made once per launch`, "permanent")

/** The failure of an outcome for a launch that was never written. */
export const markerUnknown = (marker: string): ProviderFault =>
  ledgerFault(`the ledger holds no launch ${marker}: it was written to another ledger, or never`, "permanent")

/** A launch taken by its owner to be sent so long after it was opened; null when it was taken by somebody else since. */
export const claimed = (launch: LaunchRecord, fence: number, sentAfter: number): LaunchRecord | null =>
  launch.fence === fence && (launch.state === "open" || launch.state === "unsettled")
    ? { ...launch, fence: fence + 1, sentAfter }
    : null

/** Whether an outcome may change a launch at all: `created` and `refused` are only left by those who know better. */
const applies = (launch: LaunchRecord, { state, instanceId, fence }: Outcome): boolean => {
  const isKnown = instanceId !== undefined && instanceId === launch.instanceId
  if (launch.state === "created") return isKnown && (state === "created" || state === "refused")
  if (launch.state === "refused") return state === "refused"
  if (launch.state === "lapsed") return state === "created" || (state === "refused" && instanceId !== undefined)
  return state === "created" || fence === undefined || fence === launch.fence
}

/**
 * A launch with its outcome.
 *
 * - A machine's id, once known, is kept; the note is always the outcome's own.
 * - `created` stays `created` when somebody who knows less reports another outcome, or another machine; only who names
 *   its machine can say that it was ended.
 * - `refused` stays `refused`: its key may have another machine by now. It can only learn of a machine that was ended.
 * - `lapsed` is only left when a machine is named.
 * - `absent`, `lapsed` and `refused` from anybody but its owner raise the fence: he has lost it.
 * - What was refused is no lease. What was absent before stays one: its machine may still come, and is then ended.
 * - `ProviderFault` for `created` without a machine's id: the machine would be lost.
 */
export const settled = (launch: LaunchRecord, outcome: Outcome): Effect.Effect<LaunchRecord, ProviderFault> => {
  const { state, by } = outcome
  const instanceId = outcome.instanceId ?? launch.instanceId
  if (state === "created" && instanceId === null) {
    const message = `launch ${launch.marker} cannot be settled as created without its machine's id`
    return Effect.fail(ledgerFault(message, "permanent"))
  }
  if (!applies(launch, outcome)) return Effect.succeed(launch)
  const isOver = state === "refused" && launch.state !== "absent" && launch.state !== "refused"
  const isOwn = by !== undefined && by === launch.owner
  const isGivenUp = !isOwn && launch.owner !== null && state !== "created" && state !== "unsettled"
  return Effect.succeed({
    ...launch,
    ...{ state, instanceId, note: outcome.note ?? null },
    leaseUntil: isOver ? null : launch.leaseUntil,
    owner: isOwn && (state === "created" || state === "refused") ? null : launch.owner,
    fence: isGivenUp ? launch.fence + 1 : launch.fence
  })
}

/** Whether an outcome made a launch's machine known. */
export const isMade = (launch: LaunchRecord, { state, instanceId }: Outcome): boolean =>
  state === "created" && launch.state === "created" && (instanceId ?? launch.instanceId) === launch.instanceId

/** Whether a machine's end was asked for, and verified: one look that did not find it is not enough. */
export const isEnded = (machine: MachineRecord | null): boolean =>
  machine?.goneAt != null && machine.intent?.action === "terminate"

const noLease = (marker: string, because: string): Conflict =>
  new Conflict({ message: `launch ${marker} ${because}`, retry: "permanent", operation: "ledger" })

/**
 * Whether no machine of a launch is known, and none is waited for, though it may come late: `absent` and `lapsed`, and `refused` when
 * its key was freed after that.
 */
export const cameToNothing = ({ state }: LaunchRecord): boolean =>
  state === "absent" || state === "lapsed" || state === "refused"

/** Whether the machine of a launch ends itself, at a moment that nobody can move. */
export const endsByItself = ({ spec }: Pick<LaunchRecord, "spec">): boolean => spec["endsItself"] === true

/**
 * A launch with another end of its lease, or with none; the machine is what is known of the launch's.
 *
 * - `ProviderFault` for an end that is no moment.
 * - `Conflict` for what is no lease, and for a machine whose end was asked for: its holder must not go on as
 *   if it were his. An end that is verified may take the lease away.
 * - `Conflict` for a later end, or none, of a machine that ends itself: it would end in the middle of the work.
 */
export const renewed = (
  launch: LaunchRecord,
  until: number | null,
  machine: MachineRecord | null
): Effect.Effect<LaunchRecord, ProviderFault | Conflict> => {
  if (until !== null && !Number.isSafeInteger(until)) {
    const message = `the lease of launch ${launch.marker} cannot end at ${until}: give epoch milliseconds`
    return Effect.fail(ledgerFault(message, "permanent"))
  }
  if (launch.leaseUntil === null) {
    return Effect.fail(noLease(launch.marker, "is no lease: it never was, was kept, or has ended"))
  }
  if (machine?.intent?.action === "terminate" && !(until === null && isEnded(machine))) {
    return Effect.fail(noLease(launch.marker, `is a lease no more: the end of ${machine.ref} was asked for elsewhere`))
  }
  if (endsByItself(launch) && !isEnded(machine) && (until === null || until > launch.leaseUntil)) {
    return Effect.fail(
      noLease(launch.marker, "has a machine that ends itself (endsItself): its time cannot be made longer")
    )
  }
  return Effect.succeed({ ...launch, leaseUntil: until })
}

/** The machine of a launch; null while it is not known. */
export const machineOf = ({ provider, kind, instanceId }: LaunchRecord): InstanceRef | null =>
  instanceId === null ? null : new InstanceRef(provider, kind, instanceId)

/** A machine of which nothing is known yet. */
export const newMachine = (ref: InstanceRef): MachineRecord => ({ ref, intent: null, firstSeen: null, goneAt: null })

/** The machine with the host key that it showed; null forgets it. */
export const withHostKey = ({ hostKey: _, ...machine }: MachineRecord, key: string | null): MachineRecord =>
  key === null ? machine : { ...machine, hostKey: key }

/** Whether an action may leave a machine with new host keys: a container may be made of its image again by it. */
const renewsHostKey = ({ ref }: MachineRecord, intent: Intent | null): boolean =>
  ref.kind === "container" && (intent?.action === "start" || intent?.action === "restart")

/** The machine after something was asked of it, or after that was taken back. */
export const intended = (machine: MachineRecord, intent: Intent | null): MachineRecord => {
  const { backAt, ...rest } = renewsHostKey(machine, intent) ? withHostKey(machine, null) : machine
  const isWanted = intent !== null && intent.action !== "terminate"
  return {
    ...rest,
    intent: intent && { action: intent.action, at: intent.at },
    ...(backAt !== undefined && !isWanted && { backAt })
  }
}

/** The machine with what its account is known by, from now on too. */
const onAccount = (machine: MachineRecord, account: string | undefined): MachineRecord =>
  account === undefined || mergedAccount(machine.account, account) === machine.account
    ? machine
    : { ...machine, account: mergedAccount(machine.account, account) }

/**
 * The machine after it was seen; the first time stays.
 *
 * - Seen at or after its verified end, it is not gone: what it was seen in was asked for after that. Where its end was asked
 *   for, it has to be ended again. An answer from before leaves it gone.
 */
export const sighted = (machine: MachineRecord, at: number, account?: string): MachineRecord => {
  const isBack = machine.goneAt !== null && at >= machine.goneAt
  if (machine.firstSeen !== null && !isBack) return onAccount(machine, account)
  const seen = {
    ...machine,
    firstSeen: machine.firstSeen ?? at,
    goneAt: isBack ? null : machine.goneAt,
    ...(isBack && machine.intent?.action === "terminate" && { backAt: at })
  }
  return onAccount(seen, account)
}

/** The machine after it was verified gone; the first time stays. */
export const ended = (machine: MachineRecord, at: number): MachineRecord => {
  if (machine.goneAt !== null) return machine
  const { backAt: _, ...rest } = machine
  return { ...rest, goneAt: at }
}

/** The machine under another name. */
export const named = (machine: MachineRecord, name: string): MachineRecord => ({ ...machine, name })

/**
 * The machine of a launch: asked for at the launch's time, unless something is known that was asked of it; not seen by that.
 * It is called what the launch calls it, unless it was named since.
 *
 * - Nothing is asked of a machine before its launch: a process that slept and notes the launch late takes nothing
 *   back that others asked for meanwhile.
 */
export const launched = (machine: MachineRecord, at: number, launch: LaunchRecord): MachineRecord => {
  const { account, name, tags, ownedBy } = launch
  const asked = machine.intent !== null ? machine : intended(machine, { action: "launch", at })
  const whose = { ...(tags !== undefined && { tags }), ...(ownedBy !== undefined && { ownedBy }) }
  return onAccount({ ...named(asked, machine.name ?? name), ...whose }, account)
}

/** Whether a launch is one of those asked for. */
export const matches = (launch: LaunchRecord, query: LaunchQuery): boolean =>
  (query.states === undefined || query.states.includes(launch.state)) &&
  (query.provider === undefined || query.provider === launch.provider) &&
  (query.kind === undefined || query.kind === launch.kind) &&
  (query.key === undefined || query.key === launch.key) &&
  (query.marker === undefined || query.marker === launch.marker) &&
  (query.instanceId === undefined || query.instanceId === launch.instanceId) &&
  (query.endsBefore === undefined || (launch.leaseUntil !== null && launch.leaseUntil < query.endsBefore)) &&
  (query.leased === undefined || query.leased === (launch.leaseUntil !== null)) &&
  (query.owned === undefined || query.owned === (launch.owner !== null))
