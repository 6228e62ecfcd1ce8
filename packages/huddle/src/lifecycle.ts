import type { Action, Asked, FieldsOf, Lifecycle, LifecycleRow } from "@anygpu/core"
import type { Deployment } from "./wire.ts"

/** What the status of a Huddle01 machine depends on: its one status word, and the last thing we asked. */
export type HuddleFacts = {
  /** In lower case; null when it is missing. */
  readonly status: string | null
  readonly asked: "launch" | "start" | "stop" | "restart" | "terminate" | "nothing"
  /** Asked less than five minutes ago, the documented time of a boot: what the status says may be from before. */
  readonly recent: boolean
}

const grace = 300_000

/** The facts of a payload. */
export const factsOf = (native: Deployment, { intent, now }: Asked): HuddleFacts => ({
  status: native.status?.trim().toLowerCase() || null,
  asked: intent?.action ?? "nothing",
  recent: intent !== null && now - intent.at < grace
})

/** Where the facts and the marker of a machine are read. */
export const fieldsOf: FieldsOf<HuddleFacts> = { marker: ["hostname"], facts: { status: ["status"] } }

const end: ReadonlyArray<Action> = ["terminate"]

const lifecycleDoc = "Huddle01 docs, Deployments: deployment lifecycle"
const billingDoc = "Huddle01 docs, Deployments: billing"
const actionsDoc = "Huddle01 docs, Deployments: actions"

// biome-ignore format: a table reads best with one row a line
const rows: ReadonlyArray<LifecycleRow<HuddleFacts>> = [
  { when: { status: "deleted" }, status: "terminated", billing: "none", actions: [], note: "permanently removed", source: lifecycleDoc },
  { when: { status: "failed_no_capacity" }, status: "failed", reason: "no-capacity", billing: "none", actions: [], note: "no such GPU was free: nothing was allocated, so there is nothing to end", source: lifecycleDoc },
  { when: { status: "deleting" }, status: "terminating", billing: "unknown", actions: [], note: "being torn down; whether it is billed until it is gone is not documented", source: lifecycleDoc },
  { when: { asked: "terminate", status: "running" }, status: "terminating", billing: "compute", actions: end, note: "ours: we deleted it and it still runs", source: actionsDoc },
  { when: { asked: "terminate" }, status: "terminating", billing: "unknown", actions: end, note: "ours: we deleted it and it is still there; while it is provisioned a delete may be refused, which is not documented", source: actionsDoc },
  { when: { status: "ordered" }, status: "pending", billing: "unknown", actions: end, note: "accepted, queued for provisioning; whether the clock of the bill runs already is not documented", source: lifecycleDoc },
  { when: { status: "provisioning" }, status: "provisioning", billing: "unknown", actions: end, note: "hardware is being allocated, typically 2 to 5 minutes; whether the clock of the bill runs already is not documented", source: lifecycleDoc },
  { when: { status: "running", asked: "stop" }, status: "stopping", billing: "compute", actions: end, note: "ours: asked to stop, and still running", source: billingDoc },
  { when: { status: "running" }, status: "running", billing: "compute", actions: ["stop", "terminate"], note: "online; reachable once its address is known", source: billingDoc },
  { when: { status: "offline", asked: "start", recent: true }, status: "starting", billing: "unknown", actions: end, note: "ours: asked to start a moment ago", source: lifecycleDoc },
  { when: { status: "offline", asked: ["launch", "start", "restart"] }, status: "stopped", reason: "stopped-outside", billing: "unknown", actions: ["start", "terminate"], note: "stopped, and not by us; whether a stopped machine is billed is not documented", source: lifecycleDoc },
  { when: { status: "offline" }, status: "stopped", billing: "unknown", actions: ["start", "terminate"], note: "stopped; whether a stopped machine is billed is not documented", source: lifecycleDoc },
  { when: { status: "error" }, status: "failed", billing: "unknown", actions: end, note: "encountered an error: delete and redeploy; it is there until it is deleted, and whether it is billed is not documented", source: lifecycleDoc }
]

/**
 * Huddle01's whole status table, first match first. Words that no row knows are `unknown`.
 *
 * Source: Huddle01 docs, Deployments: deployment lifecycle.
 */
export const lifecycle: Lifecycle<HuddleFacts> = {
  domain: {
    status: [
      "ordered",
      "provisioning",
      "running",
      "offline",
      "error",
      "deleting",
      "deleted",
      "failed_no_capacity",
      null
    ],
    asked: ["nothing", "launch", "start", "stop", "terminate"],
    recent: [false, true]
  },
  rows,
  fallback: { billing: "unknown", actions: end }
}
