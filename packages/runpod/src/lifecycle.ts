import type { Action, Asked, FieldsOf, Lifecycle, LifecycleRow } from "@anygpu/core"
import type { Pod } from "./wire.ts"

/** What the status of a pod depends on. */
export type RunpodFacts = {
  readonly status: string | null
  readonly asked: "launch" | "start" | "stop" | "restart" | "terminate" | "nothing"
  /** Asked less than two minutes ago: no status says that a stop or a start is under way. */
  readonly recent: boolean
  /** Which of the two Runpod says is allowed now; its `actions` decide, since prose and samples differ. */
  readonly allows: "start" | "stop" | null
  /** A GPU pod that came up without one. */
  readonly lacksGpu: boolean
  /** A disk that outlives a stop. */
  readonly keepsDisk: boolean
}

const grace = 120_000

const allowedIn = ({ actions }: Pod): RunpodFacts["allows"] => {
  if (actions?.includes("stop")) return "stop"
  return actions?.includes("start") ? "start" : null
}

/** The facts of a payload. */
export const factsOf = (native: Pod, { intent, now }: Asked): RunpodFacts => ({
  status: native.status ?? null,
  asked: intent?.action ?? "nothing",
  recent: intent !== null && now - intent.at < grace,
  allows: allowedIn(native),
  lacksGpu: !native.cpu && !native.gpu?.count,
  keepsDisk: native.mounts?.persistent != null || (native.mounts?.network?.length ?? 0) > 0
})

/** Where the facts and the marker of a pod are read. */
export const fieldsOf: FieldsOf<RunpodFacts> = {
  marker: ["name"],
  facts: {
    status: ["status"],
    allows: ["actions"],
    lacksGpu: ["gpu", "cpu"],
    keepsDisk: ["mounts"]
  }
}

/** Whether a stopped pod still has a log is not documented: it may be asked for. */
const end: ReadonlyArray<Action> = ["terminate", "logs"]
/** A pod is changed only while it is stopped: a change resets a running one, and that a new name does not is nowhere said. */
const halted: ReadonlyArray<Action> = [...end, "rename", "update"]

const statusDoc = "Runpod API reference v2, PodStatus"
const actionDoc = "Runpod API reference v2, PodAction"
const pricingDoc = "Runpod docs, pods/pricing"
const gpuDoc = "Runpod docs, pods/troubleshooting/zero-gpus"

type Row = LifecycleRow<RunpodFacts>

/** A stopped pod: its volume disk costs, its container disk is erased. `start` is legal where Runpod says so. */
const stoppedRows = (
  when: Row["when"],
  more: Pick<Row, "note"> & { readonly reason?: "stopped-outside" }
): ReadonlyArray<Row> =>
  [true, false].flatMap((keepsDisk) =>
    (["start", null] as const).map(
      (allows): Row => ({
        when: { status: "EXITED", keepsDisk, ...(allows && { allows }), ...when },
        status: "stopped",
        billing: keepsDisk ? "storage" : "none",
        actions: allows ? ["start", ...halted] : halted,
        source: pricingDoc,
        ...more
      })
    )
  )

/** A boot: its start of billing is not documented, and `cost` counts from the beginning. */
const bootRows = (status: string, is: "provisioning" | "starting", note: string): ReadonlyArray<Row> => [
  {
    when: { status, allows: "stop" },
    status: is,
    billing: "compute",
    actions: ["stop", ...end],
    note,
    source: statusDoc
  },
  {
    when: { status },
    status: is,
    billing: "compute",
    actions: end,
    note: `${note}; no stop is allowed now`,
    source: actionDoc
  }
]

// biome-ignore format: a table reads best with one row a line
const rows: ReadonlyArray<Row> = [
  { when: { status: "TERMINATED" }, status: "terminated", billing: "none", actions: [], note: "permanently deleted; a network volume goes on by itself", source: statusDoc },
  { when: { asked: "terminate", status: ["PROVISIONING", "STARTING", "RUNNING"] }, status: "terminating", billing: "compute", actions: end, note: "ours: we deleted it and it is still there", source: actionDoc },
  { when: { asked: "terminate", status: ["EXITED", "ERROR"] }, status: "terminating", billing: "unknown", actions: end, note: "ours: we deleted it and it is still there", source: actionDoc },
  { when: { asked: "stop", recent: true, status: ["PROVISIONING", "STARTING", "RUNNING"] }, status: "stopping", billing: "compute", actions: end, note: "ours: asked to stop a moment ago; no status says so", source: actionDoc },
  ...bootRows("PROVISIONING", "provisioning", "being allocated; when the bill begins is not documented, and its cost is there"),
  ...bootRows("STARTING", "starting", "the container starts, its image is pulled"),
  { when: { status: "RUNNING", lacksGpu: true }, status: "failed", reason: "no-capacity", billing: "compute", actions: ["stop", ...end], note: "came up without a GPU, which other pods on its host have", source: gpuDoc },
  { when: { status: "RUNNING", allows: "stop" }, status: "running", billing: "compute", actions: ["stop", "restart", ...end], note: "the container exists; reachable once its port is mapped, some seconds later", source: statusDoc },
  { when: { status: "RUNNING" }, status: "running", billing: "compute", actions: end, note: "as above; no stop is allowed now", source: actionDoc },
  { when: { status: "EXITED", asked: "start", recent: true }, status: "starting", billing: "unknown", actions: end, note: "ours: asked to start a moment ago; no status says so", source: actionDoc },
  ...stoppedRows({ asked: ["launch", "start", "restart"] }, { reason: "stopped-outside", note: "stopped, and not by us: in the console, for an image that cannot be pulled, or without credit" }),
  ...stoppedRows({}, { note: "stopped: the volume disk is kept at twice its price, the container disk is erased" }),
  { when: { status: "ERROR" }, status: "failed", reason: "provisioning-error", billing: "unknown", actions: end, note: "an unrecoverable error of the container; it exists, and whether it is billed is not documented", source: statusDoc }
]

/** Runpod's whole status table, first match first. Words that no row knows are `unknown`. */
export const lifecycle: Lifecycle<RunpodFacts> = {
  domain: {
    status: ["PROVISIONING", "STARTING", "RUNNING", "EXITED", "ERROR", "TERMINATED", null],
    asked: ["nothing", "launch", "start", "stop", "restart", "terminate"],
    recent: [false, true],
    allows: ["start", "stop", null],
    lacksGpu: [false, true],
    keepsDisk: [false, true]
  },
  rows,
  fallback: { billing: "unknown", actions: end }
}
