import type { Action, Asked, FieldsOf, Lifecycle, LifecycleRow } from "@anygpu/core"
import type { Machine } from "./machine.ts"

/** What the status of a machine depends on. */
export type VerdaFacts = {
  readonly status: string | null
  readonly asked: "launch" | "start" | "stop" | "restart" | "terminate" | "nothing"
  /** Asked less than two minutes ago: no status says that a stop or a start is under way. */
  readonly recent: boolean
  readonly spot: boolean
  /** What the journal says of the end of a spot machine. */
  readonly ended: "evicted" | "by a person" | "unknown"
}

const grace = 120_000

/** The facts of a payload. */
export const factsOf = ({ status, is_spot, ended }: Machine, { intent, now }: Asked): VerdaFacts => ({
  status: status?.toLowerCase() ?? null,
  asked: intent?.action ?? "nothing",
  recent: intent !== null && now - intent.at < grace,
  spot: is_spot === true,
  ended: ended ?? "unknown"
})

/** Where the facts and the marker of a machine are read. */
export const fieldsOf: FieldsOf<VerdaFacts> = {
  marker: ["hostname", "tags"],
  facts: { status: ["status"], spot: ["is_spot"] }
}

const end: ReadonlyArray<Action> = ["terminate", "events"]

const statusDoc = "Verda API v1, OpenAPI: status of an instance"
const actionDoc = "Verda API v1, OpenAPI: PUT /instances"
const stopDoc = "Verda docs, shutdown-hibernate-and-delete"
const spotDoc = "Verda docs, spot instances; Verda API v1, GET /journal"
const clientDoc = "Verda's Python client, constants"

type Row = LifecycleRow<VerdaFacts>

const gone = ["discontinued", "notfound", "deleted"]
/** What we asked last, where it was not the end. */
const living: ReadonlyArray<VerdaFacts["asked"]> = ["launch", "start", "stop", "restart", "nothing"]

// biome-ignore format: a table reads best with one row a line
const rows: ReadonlyArray<Row> = [
  { when: { status: gone, asked: living, spot: true, ended: ["evicted", "unknown"] }, status: "terminated", reason: "preempted", billing: "none", actions: [], note: "taken for a machine on demand, without a warning: the journal says so, or nothing else; disks that are kept cost by themselves", source: spotDoc },
  { when: { status: gone, asked: living }, status: "terminated", reason: "ended-by-provider", billing: "none", actions: [], note: "ended, and not by us: in the console, or for want of credit; disks that are kept cost by themselves", source: statusDoc },
  { when: { status: gone }, status: "terminated", reason: "ended-by-user", billing: "none", actions: [], note: "ended by us; disks that are kept cost by themselves", source: statusDoc },
  { when: { status: "deleting" }, status: "terminating", billing: "unknown", actions: ["events"], note: "being ended; until when it is billed is not documented", source: statusDoc },
  { when: { asked: "terminate", status: ["running", "offline"] }, status: "terminating", billing: "compute", actions: end, note: "ours: we ended it and it is still there", source: actionDoc },
  { when: { asked: "terminate" }, status: "terminating", billing: "unknown", actions: end, note: "ours: we ended it and it is still there; an end is refused while it is provisioned", source: actionDoc },
  { when: { status: ["new", "ordered", "pending"] }, status: "pending", billing: "unknown", actions: end, note: "accepted, placed nowhere yet; when the bill begins is not documented", source: statusDoc },
  { when: { status: ["provisioning", "validating"] }, status: "provisioning", billing: "unknown", actions: end, note: "being built; when the bill begins is not documented. An end is refused until it is up: terminate waits", source: statusDoc },
  { when: { status: "running", asked: "stop", recent: true }, status: "stopping", billing: "compute", actions: end, note: "ours: asked to shut down a moment ago; no status says so", source: stopDoc },
  { when: { status: "running" }, status: "running", billing: "compute", actions: ["stop", ...end], note: "up; reachable once its address is known and sshd answers", source: statusDoc },
  { when: { status: "offline", asked: "start", recent: true }, status: "starting", billing: "compute", actions: end, note: "ours: asked to start a moment ago; no status says so", source: actionDoc },
  { when: { status: "offline", asked: ["launch", "start", "restart"] }, status: "stopped", reason: "stopped-outside", billing: "compute", actions: ["start", ...end], note: "shut down, and not by us; still billed in full: only an end saves money", source: stopDoc },
  { when: { status: "offline" }, status: "stopped", billing: "compute", actions: ["start", ...end], note: "shut down, and still billed in full, as running: only an end saves money", source: stopDoc },
  { when: { status: ["starting_hibernation", "hibernating"] }, status: "stopping", billing: "unknown", actions: end, note: "an older word; hibernation is no longer offered", source: clientDoc },
  { when: { status: "restoring" }, status: "starting", billing: "unknown", actions: end, note: "an older word, of the end of hibernation", source: clientDoc },
  { when: { status: "no_capacity" }, status: "failed", reason: "no-capacity", billing: "unknown", actions: end, note: "placed nowhere; that nothing is billed is likely, and not documented", source: statusDoc },
  { when: { status: ["installation_failed", "error"] }, status: "failed", reason: "provisioning-error", billing: "unknown", actions: end, note: "broken, and still there; whether it is billed is not documented", source: statusDoc }
]

/** Verda's whole status table, first match first. Words that no row knows, `unknown` among them, are `unknown`. */
export const lifecycle: Lifecycle<VerdaFacts> = {
  domain: {
    status: [
      ...["new", "ordered", "pending", "provisioning", "validating", "running", "offline", "deleting"],
      ...["discontinued", "notfound", "deleted", "no_capacity", "installation_failed", "error", "unknown"],
      ...["starting_hibernation", "hibernating", "restoring", null]
    ],
    asked: ["nothing", "launch", "start", "stop", "restart", "terminate"],
    recent: [false, true],
    spot: [false, true],
    ended: ["evicted", "by a person", "unknown"]
  },
  rows,
  fallback: { billing: "unknown", actions: end }
}
