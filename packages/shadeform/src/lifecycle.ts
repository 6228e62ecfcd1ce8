import type { Action, Asked, FieldsOf, Lifecycle, LifecycleRow } from "@anygpu/core"
import type { Instance } from "./wire.ts"

/** What the status of a machine depends on. */
export type ShadeformFacts = {
  readonly status: string | null
  readonly asked: "terminate" | "other"
  /** Shadeform's one word that decides: a spot machine that its cloud took back. */
  readonly preempted: boolean
}

/** The facts of a payload. */
export const factsOf = (native: Instance, { intent }: Asked): ShadeformFacts => ({
  status: native.status ?? null,
  asked: intent?.action === "terminate" ? "terminate" : "other",
  preempted: native.status_details === "preempted"
})

/** Where the facts and the marker of a machine are read. */
export const fieldsOf: FieldsOf<ShadeformFacts> = {
  marker: ["tags", "name"],
  facts: { status: ["status"], preempted: ["status_details"] }
}

const legal: ReadonlyArray<Action> = ["terminate", "rename", "scheduleEnd"]

const statusDoc = "Shadeform API reference, Status"
const deleteDoc = "Shadeform API reference, delete: billing stops once an instance is deleting"
const spotDoc = "Shadeform docs, guides/spot: status_details reads preempted"
const silent = "not documented"

type Row = LifecycleRow<ShadeformFacts>

// biome-ignore format: a table reads best with one row a line
const rows: ReadonlyArray<Row> = [
  { when: { status: ["deleting", "deleted"], preempted: true }, status: "interrupted", reason: "preempted", billing: "none", actions: [], note: "its cloud took the spot machine back; it does not come again", source: spotDoc },
  { when: { status: "deleted" }, status: "terminated", billing: "none", actions: [], note: "gone; it leaves the list, and volumes go on by themselves", source: statusDoc },
  { when: { status: "deleting" }, status: "terminating", billing: "none", actions: [], note: "the delete was taken, and the bill has ended", source: deleteDoc },
  { when: { asked: "terminate", status: ["pending_provider", "pending", "active"] }, status: "terminating", billing: "compute", actions: ["terminate"], note: "ours: we deleted it and it still shows its old word, for seconds as a rule", source: deleteDoc },
  { when: { asked: "terminate", status: ["creating", "error"] }, status: "terminating", billing: "unknown", actions: ["terminate"], note: "ours: we deleted it and it still shows its old word", source: silent },
  { when: { status: "creating" }, status: "pending", billing: "unknown", actions: legal, note: "accepted, and not asked of its cloud yet; when the bill begins is not documented", source: silent },
  { when: { status: "pending_provider" }, status: "provisioning", billing: "compute", actions: legal, note: "its cloud makes it; when the bill begins is not documented, and users were charged from here on", source: statusDoc },
  { when: { status: "pending" }, status: "provisioning", billing: "compute", actions: legal, note: "its cloud says that it is up, and Shadeform prepares it", source: statusDoc },
  { when: { status: "active" }, status: "running", billing: "compute", actions: ["restart", ...legal], note: "up; also while it restarts", source: statusDoc },
  { when: { status: "error" }, status: "failed", reason: "provisioning-error", billing: "unknown", actions: ["terminate"], note: "broken, and still there; whether it is billed is not documented", source: silent }
]

/** Shadeform's whole status table, first match first. Words that no row knows are `unknown`. */
export const lifecycle: Lifecycle<ShadeformFacts> = {
  domain: {
    status: ["creating", "pending_provider", "pending", "active", "error", "deleting", "deleted", null],
    asked: ["other", "terminate"],
    preempted: [false, true]
  },
  rows,
  fallback: { billing: "unknown", actions: ["terminate"] }
}
