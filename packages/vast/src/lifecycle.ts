import {
  type Action,
  type Asked,
  type FieldsOf,
  isPassing,
  type Lifecycle,
  type LifecycleRow,
  type Reason
} from "@anygpu/core"
import type { Instance } from "./wire.ts"

/**
 * What the status of a Vast machine depends on: the four status fields, its kind of rent, its message, and the last
 * thing we asked; the fields alone cannot tell our stop from an outbid.
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

/** One row: under these facts this status (and reason), this bill, these actions; why, and where that is documented. */
const row = (
  when: Row["when"],
  is: Row["status"] | readonly [Row["status"], Reason],
  billing: Row["billing"],
  actions: Row["actions"],
  note: string,
  source: string
): Row => {
  const facts = { when, billing, actions, note, source }
  return typeof is === "string" ? { status: is, ...facts } : { status: is[0], reason: is[1], ...facts }
}

/** The contract level: gone, going, out of contact. */
// biome-ignore format: a table reads best with one row a line
const contract: ReadonlyArray<Row> = [
  row({ cur: "unloaded" }, "terminated", "none", [], "the allocation is released: the machine is destroyed", statusDoc),
  row({ next: "unloaded" }, "terminating", "unknown", ["terminate"], "the host has to release it", statusDoc),
  row({ asked: "terminate", actual: ["running", "frozen"] }, "terminating", "compute", ["terminate"], "we destroyed it and it is still there, running: Vast's success is a claim", destroyDoc),
  row({ asked: "terminate", actual: "offline" }, "terminating", "none", ["terminate"], "we destroyed it, and its host is disconnected", destroyDoc),
  row({ asked: "terminate", actual: idle }, "terminating", "storage", ["terminate"], "we destroyed it and it is still there", destroyDoc),
  row({ asked: "terminate" }, "terminating", "unknown", ["terminate"], "we destroyed it and it is still there, in a state of undocumented cost", destroyDoc),
  row({ actual: "offline" }, ["unknown", "host-offline"], "none", kept, "the host is disconnected; it may come back, so it is neither failed nor gone", chargesDoc),
  row({ actual: "unknown" }, ["unknown", "host-offline"], "unknown", kept, "no recent heartbeat from the host; what it costs meanwhile is not documented", statusDoc),
  row({ actual: ["rebooting", "recycling", "restarting"] }, "starting", "unknown", booting, "on its way up again with its GPU; whether the GPU is charged meanwhile is not documented", statusDoc),
  row({ actual: "frozen" }, ["unknown", "frozen"], "compute", kept, "paused in memory: not usable, and the GPU is charged", chargesDoc),
  row({ intended: "frozen", actual: "running" }, ["unknown", "frozen"], "compute", kept, "about to be paused; the GPU is charged", chargesDoc),
  row({ intended: "frozen" }, ["unknown", "frozen"], "unknown", kept, "about to be paused from a state that is not documented for it", statusDoc),
  row({ actual: "error", intended: ["running", "stopped", null] }, ["failed", "provisioning-error"], "storage", kept, "seen by other clients, in no official list", chargesDoc)
]

/** It is meant to run, or Vast does not say what it is meant to do. */
// biome-ignore format: a table reads best with one row a line
const wanted: ReadonlyArray<Row> = [
  row({ intended: ["running", null], actual: "running", asked: "stop", recent: true }, "stopping", "compute", kept, "ours: asked to stop a moment ago, and the fields lag; the GPU is charged until it is down", stopDoc),
  row({ intended: ["running", null], actual: ["loading", "scheduling"], asked: "stop", recent: true }, "stopping", "storage", kept, "ours: asked to stop a moment ago, and the fields lag", stopDoc),
  row({ intended: "running", actual: ["stopped", "exited"], asked: "stop", recent: true }, "stopping", "storage", kept, "ours: its start was cancelled a moment ago, and the fields lag", stopDoc),
  row({ intended: ["running", null], actual: [null, "created", "loading"], cur: "stopped", message: ["bad", "oci"], asked: ["launch", "nothing"] }, ["failed", "provisioning-error"], "storage", kept, "the host's Docker failed and the machine holds no GPU: it will not come up, whatever it is meant to do", "Vast.ai command line, machine self test"),
  row({ intended: "running", actual: null }, "provisioning", "storage", kept, "being provisioned", statusDoc),
  row({ intended: null, actual: null }, "pending", "storage", kept, "nothing known but its existence", statusDoc),
  row({ intended: "running", actual: "created", message: "oci" }, ["failed", "provisioning-error"], "storage", kept, "the container cannot be made on this host: it stays `created` for ever", "Vast.ai command line, machine self test"),
  row({ intended: ["running", null], actual: "created" }, "provisioning", "storage", kept, "created, not provisioned yet", statusDoc),
  row({ intended: ["running", null], actual: "loading" }, "starting", "storage", booting, "the image is downloading or the container starting, which can take hours; cur_state does not matter", statusDoc),
  row({ intended: ["running", null], actual: "scheduling" }, ["pending", "queued"], "storage", booting, "waits for its GPU; seen by other clients, in no official list", stopDoc),
  row({ intended: ["running", null], actual: "running" }, "running", "compute", up, "the container is up; not yet proof that sshd answers. Also right after a restart: Vast shows `rebooting` while it lasts", statusDoc),
  row({ intended: "running", actual: ["stopped", "exited"], asked: ["start", "restart"], recent: true }, "starting", "storage", booting, "asked to start a moment ago: the fields lag", statusDoc),
  row({ intended: "running", actual: "stopped", bid: true }, ["interrupted", "preempted"], "storage", outbid, "outbid; it resumes by itself when its bid wins again", bidDoc),
  row({ intended: "running", actual: "stopped", bid: false }, ["pending", "queued"], "storage", booting, "its GPU is taken: the start is queued, and will run and bill by itself later; stop cancels it", stopDoc),
  row({ intended: "running", actual: "exited", cur: "stopped", bid: false, asked: "launch" }, ["failed", "exited"], "storage", halted, "it was never stopped and its process is over: it will not run by itself any more", pollDoc),
  row({ intended: "running", actual: "exited", cur: "stopped", bid: true }, ["interrupted", "preempted"], "storage", outbid, "outbid; a stopped machine commonly shows `exited`", bidDoc),
  row({ intended: "running", actual: "exited", cur: "stopped", bid: false }, ["pending", "queued"], "storage", booting, "waits for its GPU; a stopped machine commonly shows `exited`", stopDoc),
  row({ intended: "running", actual: "exited", cur: "running" }, ["failed", "exited"], "storage", halted, "the container's process ended while it holds its GPU; it can be started again", statusDoc),
  row({ intended: null, actual: "stopped" }, "stopped", "storage", halted, "halted", statusDoc),
  row({ intended: null, actual: "exited", cur: "stopped" }, "stopped", "storage", halted, "halted; a stopped machine commonly shows `exited`", statusDoc),
  row({ intended: null, actual: "exited" }, ["failed", "exited"], "storage", halted, "the container's process ended", statusDoc)
]

const still: ReadonlyArray<string | null> = [null, "created", "loading", "scheduling", "stopped", "exited"]
const neverUp: ReadonlyArray<string | null> = [null, "created", "loading", "scheduling"]

/** It is meant to be stopped: by us, by an outbid, by a failed boot, by somebody else. */
// biome-ignore format: a table reads best with one row a line
const unwanted: ReadonlyArray<Row> = [
  row({ intended: "stopped", actual: "running", asked: ["launch", "start", "restart", "nothing"], bid: true }, ["stopping", "preempted"], "compute", kept, "being outbid; the GPU is charged until it is down", bidDoc),
  row({ intended: "stopped", actual: "running" }, "stopping", "compute", kept, "on its way down; the GPU is charged until it is down", stopDoc),
  row({ intended: "stopped", actual: "loading", asked: "stop", recent: true }, "stopping", "storage", kept, "asked to stop while it was starting", stopDoc),
  row({ intended: "stopped", actual: still, asked: "stop", expired: true }, ["stopped", "expired"], "storage", kept, "we stopped it, and its contract has ended since: it cannot start again and is deleted about 48 hours later", "Vast.ai docs, FAQ: contract end"),
  row({ intended: "stopped", actual: still, asked: "stop" }, "stopped", "storage", halted, "we stopped it; its disk is charged and its GPU may be taken by others", stopDoc),
  row({ intended: "stopped", actual: still, asked: ["start", "restart"], recent: true }, "starting", "storage", booting, "ours: asked to start a moment ago, and the fields lag", statusDoc),
  row({ intended: "stopped", actual: still, message: ["bad", "oci"] }, ["failed", "provisioning-error"], "storage", kept, "the boot was abandoned with an error; its disk is charged until it is destroyed", "Vast.ai command line, machine self test"),
  row({ intended: "stopped", actual: neverUp, bid: false }, ["failed", "provisioning-error"], "storage", kept, "it never ran and will not: the boot was abandoned", "Vast.ai command line, machine self test"),
  row({ intended: "stopped", actual: still, bid: true }, ["interrupted", "preempted"], "storage", outbid, "outbid, or a bid that has not won yet; it resumes by itself", bidDoc),
  row({ intended: "stopped", actual: ["stopped", "exited"], expired: true }, ["stopped", "expired"], "storage", kept, "the contract has ended: it cannot start again and is deleted about 48 hours later", "Vast.ai docs, FAQ: contract end"),
  row({ intended: "stopped", actual: ["stopped", "exited"] }, ["stopped", "stopped-outside"], "storage", halted, "stopped by the console, another key, its own key, or for lack of credit", stopDoc)
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
