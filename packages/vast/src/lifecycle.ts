import { type Action, type Asked, type FieldsOf, isPassing, type Lifecycle, type LifecycleRow } from "@anygpu/core"
import type { Instance } from "./wire.ts"

/**
 * What the status of a Vast machine depends on: the four status fields, its kind of rent, its message, and the last
 * thing we asked; the fields alone cannot distinguish our stop from an outbid.
 */
export type VastFacts = {
  readonly actual: string | null
  readonly intended: string | null
  readonly cur: string | null
  readonly next: string | null
  readonly bid: boolean
  /** What `status_msg` sounds like: `oci` is a container that cannot be made; trouble that passes by itself is `fine`. */
  readonly message: "fine" | "bad" | "oci"
  readonly asked: "launch" | "start" | "stop" | "restart" | "terminate" | "nothing"
  /** Asked less than two minutes ago: what the fields say may be from before. */
  readonly recent: boolean
  /** The contract's end is past: it cannot start again. */
  readonly expired: boolean
}

const grace = 120_000

/** The vendor's own waiter gives up on these words. */
const badWords = /error|failed|failure|exception|traceback|oci runtime|permission denied/i

const soundOf = (message: string): VastFacts["message"] => {
  if (/^\s*success/i.test(message) || !badWords.test(message)) return "fine"
  if (/OCI runtime create failed/i.test(message)) return "oci"
  return isPassing(message) ? "fine" : "bad"
}

/** The facts of a payload. */
export const factsOf = (native: Instance, { intent, now }: Asked): VastFacts => ({
  actual: native.actual_status ?? null,
  intended: native.intended_status ?? null,
  cur: native.cur_state ?? null,
  next: native.next_state ?? null,
  bid: native.is_bid ?? false,
  message: soundOf(native.status_msg ?? ""),
  asked: intent?.action ?? "nothing",
  recent: intent !== null && now - intent.at < grace,
  expired: native.end_date != null && native.end_date * 1000 < now
})

/** Where the facts and the marker of a machine are read. */
export const fieldsOf: FieldsOf<VastFacts> = {
  marker: ["label"],
  facts: {
    actual: ["actual_status"],
    intended: ["intended_status"],
    cur: ["cur_state"],
    next: ["next_state"],
    bid: ["is_bid"],
    message: ["status_msg"],
    expired: ["end_date"]
  }
}

const kept: ReadonlyArray<Action> = ["terminate", "rename"]
const booting: ReadonlyArray<Action> = ["stop", ...kept]
const up: ReadonlyArray<Action> = [
  "stop",
  "restart",
  ...kept,
  "logs",
  "changeBid",
  "machineSshKeys",
  "attachSshKey",
  "detachSshKey"
]
const halted: ReadonlyArray<Action> = ["start", ...kept]
const outbid: ReadonlyArray<Action> = ["start", "changeBid", ...kept]

const statusDoc = "Vast.ai docs, show instance: status values"
const chargesDoc = "Vast.ai docs, billing: charges per status"
const bidDoc = "Vast.ai docs, instance types: interruptible"
const stopDoc = "Vast.ai docs, manage instances: stop and start"
const pollDoc = "Vast.ai docs, OpenAPI: key quirks, poll trap"
const destroyDoc = "Vast.ai docs, destroy instance"

/** Nothing runs, and the disk is there. */
const idle: ReadonlyArray<string | null> = [null, "created", "loading", "scheduling", "stopped", "exited", "error"]

type Row = LifecycleRow<VastFacts>

/** The contract level: gone, going, out of contact. */
// biome-ignore format: a table reads best with one row a line
const contract: ReadonlyArray<Row> = [
  { when: { cur: "unloaded" }, status: "terminated", billing: "none", actions: [], note: "the allocation is released: the machine is destroyed", source: statusDoc },
  { when: { next: "unloaded" }, status: "terminating", billing: "unknown", actions: ["terminate"], note: "the host has to release it", source: statusDoc },
  { when: { asked: "terminate", actual: ["running", "frozen"] }, status: "terminating", billing: "compute", actions: ["terminate"], note: "we destroyed it and it is still there, running: Vast's success is a claim", source: destroyDoc },
  { when: { asked: "terminate", actual: "offline" }, status: "terminating", billing: "none", actions: ["terminate"], note: "we destroyed it, and its host is disconnected", source: destroyDoc },
  { when: { asked: "terminate", actual: idle }, status: "terminating", billing: "storage", actions: ["terminate"], note: "we destroyed it and it is still there", source: destroyDoc },
  { when: { asked: "terminate" }, status: "terminating", billing: "unknown", actions: ["terminate"], note: "we destroyed it and it is still there, in a state of undocumented cost", source: destroyDoc },
  { when: { actual: "offline" }, status: "unknown", reason: "host-offline", billing: "none", actions: kept, note: "the host is disconnected; it may come back, so it is neither failed nor gone", source: chargesDoc },
  { when: { actual: "unknown" }, status: "unknown", reason: "host-offline", billing: "unknown", actions: kept, note: "no recent heartbeat from the host; what it costs meanwhile is not documented", source: statusDoc },
  { when: { actual: ["rebooting", "recycling", "restarting"] }, status: "starting", billing: "unknown", actions: booting, note: "on its way up again with its GPU; whether the GPU is charged meanwhile is not documented", source: statusDoc },
  { when: { actual: "frozen" }, status: "unknown", reason: "frozen", billing: "compute", actions: kept, note: "paused in memory: not usable, and the GPU is charged", source: chargesDoc },
  { when: { intended: "frozen", actual: "running" }, status: "unknown", reason: "frozen", billing: "compute", actions: kept, note: "about to be paused; the GPU is charged", source: chargesDoc },
  { when: { intended: "frozen" }, status: "unknown", reason: "frozen", billing: "unknown", actions: kept, note: "about to be paused from a state that is not documented for it", source: statusDoc },
  { when: { actual: "error", intended: ["running", "stopped", null] }, status: "failed", reason: "provisioning-error", billing: "storage", actions: kept, note: "seen by other clients, in no official list", source: chargesDoc }
]

/** It is meant to run, or Vast does not say what it is meant to do. */
// biome-ignore format: a table reads best with one row a line
const wanted: ReadonlyArray<Row> = [
  { when: { intended: ["running", null], actual: "running", asked: "stop", recent: true }, status: "stopping", billing: "compute", actions: kept, note: "ours: asked to stop a moment ago, and the fields lag; the GPU is charged until it is down", source: stopDoc },
  { when: { intended: ["running", null], actual: ["loading", "scheduling"], asked: "stop", recent: true }, status: "stopping", billing: "storage", actions: kept, note: "ours: asked to stop a moment ago, and the fields lag", source: stopDoc },
  { when: { intended: "running", actual: ["stopped", "exited"], asked: "stop", recent: true }, status: "stopping", billing: "storage", actions: kept, note: "ours: its start was cancelled a moment ago, and the fields lag", source: stopDoc },
  { when: { intended: ["running", null], actual: [null, "created", "loading"], cur: "stopped", message: ["bad", "oci"], asked: ["launch", "nothing"] }, status: "failed", reason: "provisioning-error", billing: "storage", actions: kept, note: "the host's Docker failed and the machine holds no GPU: it will not come up, whatever it is meant to do", source: "Vast.ai command line, machine self test" },
  { when: { intended: "running", actual: null }, status: "provisioning", billing: "storage", actions: kept, note: "being provisioned", source: statusDoc },
  { when: { intended: null, actual: null }, status: "pending", billing: "storage", actions: kept, note: "nothing known but its existence", source: statusDoc },
  { when: { intended: "running", actual: "created", message: "oci" }, status: "failed", reason: "provisioning-error", billing: "storage", actions: kept, note: "the container cannot be made on this host: it stays `created` for ever", source: "Vast.ai command line, machine self test" },
  { when: { intended: ["running", null], actual: "created" }, status: "provisioning", billing: "storage", actions: kept, note: "created, not provisioned yet", source: statusDoc },
  { when: { intended: ["running", null], actual: "loading" }, status: "starting", billing: "storage", actions: booting, note: "the image is downloading or the container starting, which can take hours; cur_state does not matter", source: statusDoc },
  { when: { intended: ["running", null], actual: "scheduling" }, status: "pending", reason: "queued", billing: "storage", actions: booting, note: "waits for its GPU; seen by other clients, in no official list", source: stopDoc },
  { when: { intended: ["running", null], actual: "running" }, status: "running", billing: "compute", actions: up, note: "the container is up; not yet proof that sshd answers. Also right after a restart: Vast shows `rebooting` while it lasts", source: statusDoc },
  { when: { intended: "running", actual: ["stopped", "exited"], asked: ["start", "restart"], recent: true }, status: "starting", billing: "storage", actions: booting, note: "asked to start a moment ago: the fields lag", source: statusDoc },
  { when: { intended: "running", actual: "stopped", bid: true }, status: "interrupted", reason: "preempted", billing: "storage", actions: outbid, note: "outbid; it resumes by itself when its bid wins again", source: bidDoc },
  { when: { intended: "running", actual: "stopped", bid: false }, status: "pending", reason: "queued", billing: "storage", actions: booting, note: "its GPU is taken: the start is queued, and will run and bill by itself later; stop cancels it", source: stopDoc },
  { when: { intended: "running", actual: "exited", cur: "stopped", bid: false, asked: "launch" }, status: "failed", reason: "exited", billing: "storage", actions: halted, note: "it was never stopped and its process is over: it will not run by itself any more", source: pollDoc },
  { when: { intended: "running", actual: "exited", cur: "stopped", bid: true }, status: "interrupted", reason: "preempted", billing: "storage", actions: outbid, note: "outbid; a stopped machine commonly shows `exited`", source: bidDoc },
  { when: { intended: "running", actual: "exited", cur: "stopped", bid: false }, status: "pending", reason: "queued", billing: "storage", actions: booting, note: "waits for its GPU; a stopped machine commonly shows `exited`", source: stopDoc },
  { when: { intended: "running", actual: "exited", cur: "running" }, status: "failed", reason: "exited", billing: "storage", actions: halted, note: "the container's process ended while it holds its GPU; it can be started again", source: statusDoc },
  { when: { intended: null, actual: "stopped" }, status: "stopped", billing: "storage", actions: halted, note: "halted", source: statusDoc },
  { when: { intended: null, actual: "exited", cur: "stopped" }, status: "stopped", billing: "storage", actions: halted, note: "halted; a stopped machine commonly shows `exited`", source: statusDoc },
  { when: { intended: null, actual: "exited" }, status: "failed", reason: "exited", billing: "storage", actions: halted, note: "the container's process ended", source: statusDoc }
]

const still: ReadonlyArray<string | null> = [null, "created", "loading", "scheduling", "stopped", "exited"]
const neverUp: ReadonlyArray<string | null> = [null, "created", "loading", "scheduling"]

/** It is meant to be stopped: by us, by an outbid, by a failed boot, by somebody else. */
// biome-ignore format: a table reads best with one row a line
const unwanted: ReadonlyArray<Row> = [
  { when: { intended: "stopped", actual: "running", asked: ["launch", "start", "restart", "nothing"], bid: true }, status: "stopping", reason: "preempted", billing: "compute", actions: kept, note: "being outbid; the GPU is charged until it is down", source: bidDoc },
  { when: { intended: "stopped", actual: "running" }, status: "stopping", billing: "compute", actions: kept, note: "on its way down; the GPU is charged until it is down", source: stopDoc },
  { when: { intended: "stopped", actual: "loading", asked: "stop", recent: true }, status: "stopping", billing: "storage", actions: kept, note: "asked to stop while it was starting", source: stopDoc },
  { when: { intended: "stopped", actual: still, asked: "stop", expired: true }, status: "stopped", reason: "expired", billing: "storage", actions: kept, note: "we stopped it, and its contract has ended since: it cannot start again and is deleted about 48 hours later", source: "Vast.ai docs, FAQ: contract end" },
  { when: { intended: "stopped", actual: still, asked: "stop" }, status: "stopped", billing: "storage", actions: halted, note: "we stopped it; its disk is charged and its GPU may be taken by others", source: stopDoc },
  { when: { intended: "stopped", actual: still, asked: ["start", "restart"], recent: true }, status: "starting", billing: "storage", actions: booting, note: "ours: asked to start a moment ago, and the fields lag", source: statusDoc },
  { when: { intended: "stopped", actual: still, message: ["bad", "oci"] }, status: "failed", reason: "provisioning-error", billing: "storage", actions: kept, note: "the boot was abandoned with an error; its disk is charged until it is destroyed", source: "Vast.ai command line, machine self test" },
  { when: { intended: "stopped", actual: neverUp, bid: false }, status: "failed", reason: "provisioning-error", billing: "storage", actions: kept, note: "it never ran and will not: the boot was abandoned", source: "Vast.ai command line, machine self test" },
  { when: { intended: "stopped", actual: still, bid: true }, status: "interrupted", reason: "preempted", billing: "storage", actions: outbid, note: "outbid, or a bid that has not won yet; it resumes by itself", source: bidDoc },
  { when: { intended: "stopped", actual: ["stopped", "exited"], expired: true }, status: "stopped", reason: "expired", billing: "storage", actions: kept, note: "the contract has ended: it cannot start again and is deleted about 48 hours later", source: "Vast.ai docs, FAQ: contract end" },
  { when: { intended: "stopped", actual: ["stopped", "exited"] }, status: "stopped", reason: "stopped-outside", billing: "storage", actions: halted, note: "stopped by the console, another key, its own key, or for lack of credit", source: stopDoc }
]

/**
 * Vast's whole status table, first match first. Words that no row knows are `unknown`.
 *
 * Source: the status fields of Vast's show instance, with the vendor's own waiter and charges.
 */
export const lifecycle: Lifecycle<VastFacts> = {
  domain: {
    actual: [
      null,
      "created",
      "loading",
      "running",
      "stopped",
      "frozen",
      "exited",
      "rebooting",
      "recycling",
      "restarting",
      "scheduling",
      "error",
      "unknown",
      "offline"
    ],
    intended: ["running", "stopped", "frozen", null],
    cur: ["running", "stopped", "unloaded", null],
    next: ["running", "stopped", "unloaded", null],
    bid: [false, true],
    message: ["fine", "bad", "oci"],
    asked: ["nothing", "launch", "start", "stop", "restart", "terminate"],
    recent: [false, true],
    expired: [false, true]
  },
  rows: [...contract, ...wanted, ...unwanted],
  fallback: { billing: "unknown", actions: kept }
}
