import * as DateTime from "effect/DateTime"
import { maskAssignments } from "../../adapter/redact/mask.ts"
import type { LaunchRecord, MachineRecord } from "../../ledger/ledger.ts"
import type { Verdict } from "../../lifecycle.ts"
import { requestFaultIn } from "../../model/boot-words.ts"
import { soundEndpoints } from "../../model/endpoints.ts"
import type { Instance, InstanceFacts } from "../../model/instance.ts"
import type { Kind } from "../../model/kind.ts"
import { InstanceRef } from "../../model/ref.ts"
import type { Action, Intent, Status } from "../../model/status.ts"
import type { AnyDefinition } from "./any-definition.ts"
import { whoseOf } from "./as-launched.ts"
import { sentAt } from "./since.ts"
import { notVisibleYet, provenGone, unshownFacts } from "./unshown.ts"

const always: ReadonlySet<Action> = new Set(["terminate"])

/** More of a cloud's words is not kept. */
const mostSaid = 1000

/** A cloud's words as they may be shown: what was given to programs is taken out, as the values of variables. */
const shownWords = (said: string | null | undefined): string | null => {
  const shown = maskAssignments((said ?? "").trim())
  if (shown === "") return null
  return shown.length > mostSaid ? `${shown.slice(0, mostSaid)}…` : shown
}

/** The statuses of a machine that is not up yet, or never was. */
const beforeRunning: ReadonlySet<Status> = new Set(["pending", "provisioning", "starting", "failed"])

/** Makes an {@link Instance} of facts and a verdict. */
export const assemble = <P extends string, K extends Kind, N>(
  { provider, kind, operations, bootFaults }: AnyDefinition<P, K, N>,
  { id, said, ...facts }: InstanceFacts,
  verdict: Verdict,
  view: Instance["view"],
  now: number
): Instance<P, K> => {
  const able = (action: Action) => always.has(action) || (operations as Record<string, unknown>)[action] !== undefined
  const mayBlame = beforeRunning.has(verdict.status) && verdict.reason !== "no-capacity" && said
  return {
    ref: new InstanceRef(provider, kind, id),
    ...facts,
    endpoints: soundEndpoints(facts.endpoints),
    ...verdict,
    // The cloud's words about a boot go before its table where they blame the request: no other host will do better.
    reason: mayBlame && requestFaultIn(said, bootFaults) ? "invalid-request" : verdict.reason,
    actions: verdict.actions.filter((action) => able(action) && (action !== "changeBid" || facts.interruptible)),
    said: shownWords(said),
    view,
    observedAt: DateTime.makeUnsafe(now)
  }
}

/** The instance that a payload, and what we asked last, amount to. Pure. */
export const instanceOf = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  native: N,
  intent: Intent | null,
  now: number,
  view: Instance["view"] = "detail"
): Instance<P, K> =>
  assemble(definition, definition.describe(native), definition.verdictOf(native, { intent, now }), view, now)

/** A launched machine that the cloud does not show yet: it may cost money already. */
export const unseenOf = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  id: string,
  record: LaunchRecord | undefined,
  now: number
): Instance<P, K> => {
  const facts = {
    ...unshownFacts(id, record),
    pricePerHour: record?.pricePerHour ?? null,
    createdAt: record ? sentAt(record) : null
  }
  return { ...assemble(definition, facts, notVisibleYet, "summary", now), ...(record && whoseOf(record)) }
}

/** What is said of a machine that is proven gone. */
export const endedOf = <P extends string, K extends Kind, N>(
  definition: AnyDefinition<P, K, N>,
  machine: MachineRecord,
  record: LaunchRecord | undefined,
  now: number
): Instance<P, K> => {
  const { ref, intent, name } = machine
  const facts = { ...unshownFacts(ref.id, record), ...(name !== undefined && { name }) }
  return { ...assemble(definition, facts, provenGone(intent), "summary", now), ...whoseOf(machine) }
}
