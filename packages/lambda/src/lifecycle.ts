import type { Action, Asked, FieldsOf, Lifecycle, LifecycleRow } from "@anygpu/core"
import type { Instance } from "./wire.ts"

/** What the status of a machine depends on. */
export type LambdaFacts = {
  readonly status: string | null
  readonly asked: "terminate" | "other"
  /** False where Lambda says that no restart is possible now. */
  readonly restarts: boolean
}

/** The facts of a payload. */
export const factsOf = (native: Instance, { intent }: Asked): LambdaFacts => ({
  status: native.status ?? null,
  asked: intent?.action === "terminate" ? "terminate" : "other",
  restarts: native.actions?.restart?.available !== false
})

/** Where the facts and the marker of a machine are read. */
export const fieldsOf: FieldsOf<LambdaFacts> = {
  marker: ["tags", "name"],
  facts: { status: ["status"], restarts: ["actions"] }
}

const end: ReadonlyArray<Action> = ["terminate"]
const there: ReadonlyArray<Action> = ["rename", ...end]

const api = "Lambda Cloud API 1.10.0, InstanceStatus"
const actionsDoc = "Lambda Cloud API 1.10.0, InstanceActionAvailability"
const billing = "Lambda docs, public-cloud/billing"
const managing = "Lambda docs, on-demand/creating-managing-instances"

// biome-ignore format: a table reads best with one row a line
const rows: ReadonlyArray<LifecycleRow<LambdaFacts>> = [
  { when: { status: "terminated" }, status: "terminated", billing: "none", actions: [], note: "ended, its disk erased; file systems go on by themselves", source: billing },
  { when: { status: "terminating" }, status: "terminating", billing: "none", actions: [], note: "being ended; billing ended with the request", source: billing },
  { when: { asked: "terminate", status: "booting" }, status: "terminating", billing: "unknown", actions: end, note: "ours: we ended it and it still boots; Lambda may refuse an end while it has not launched", source: actionsDoc },
  { when: { asked: "terminate", status: ["active", "unhealthy"] }, status: "terminating", billing: "compute", actions: end, note: "ours: we ended it and it is there as before", source: billing },
  { when: { status: "booting" }, status: "starting", billing: "unknown", actions: there, note: "launched and not healthy yet; Lambda's page has billing begin with the health checks, users saw it begin with the launch", source: billing },
  { when: { status: "active", restarts: true }, status: "running", billing: "compute", actions: ["restart", ...there], note: "passed its health checks; billed by begun minutes, whether it is used or not, also after a shutdown inside", source: billing },
  { when: { status: "active" }, status: "running", billing: "compute", actions: there, note: "as above; no restart is possible now", source: actionsDoc },
  { when: { status: "unhealthy" }, status: "failed", billing: "unknown", actions: there, note: "no document describes it; it is there until it is ended, and what the console calls Alert is billed", source: managing },
  { when: { status: "preempted" }, status: "unknown", billing: "unknown", actions: end, note: "in the list of words alone: no document says what it means, and Lambda sells no interruptible machines", source: api }
]

/** Lambda's whole status table, first match first. Words that no row knows are `unknown`. */
export const lifecycle: Lifecycle<LambdaFacts> = {
  domain: {
    status: ["booting", "active", "unhealthy", "terminated", "terminating", "preempted", null],
    asked: ["terminate", "other"],
    restarts: [true, false]
  },
  rows,
  fallback: { billing: "unknown", actions: end }
}
