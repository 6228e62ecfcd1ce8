import type { Asked, FieldsOf, Lifecycle, LifecycleRow } from "@anygpu/core"
import type { Vm } from "./wire.ts"

/** What the status of a Fluence CPU VM depends on. */
export type CpuFacts = {
  /** The cloud's word in lower case; null when it said none. */
  readonly status: string | null
  /** Whether we have asked for its end. */
  readonly ending: boolean
}

/** The facts of a payload. The cloud's documents write its words in different cases. */
export const cpuFactsOf = ({ status }: Vm, { intent }: Asked): CpuFacts => ({
  status: status?.trim().toLowerCase() || null,
  ending: intent?.action === "terminate"
})

/** Where the facts and the marker of a VM are read. */
export const cpuFields: FieldsOf<CpuFacts> = { marker: ["vmName"], facts: { status: ["status"] } }

const statusDoc = "Fluence docs, Manage your deployments: VM status"
const endedDoc = "Fluence docs, VM termination by the provider"
const billingDoc = "Fluence docs, Delete a VM: billed for each epoch of utilization"

const undocumented = "which calls this status allows is not documented"

type Row = LifecycleRow<CpuFacts>

/** Gone, or on its way there. */
const ending: ReadonlyArray<Row> = [
  {
    when: { status: "stopped" },
    status: "terminated",
    reason: "ended-by-user",
    billing: "none",
    actions: [],
    note: "ended by the user, in whatever way; no call starts it again, although the word says stopped",
    source: statusDoc
  },
  {
    when: { status: "terminated", ending: true },
    status: "terminating",
    reason: "ended-by-provider",
    billing: "none",
    actions: ["terminate"],
    note: "ended by its provider and deleted by us; it is gone, and its reserve free, when the list lacks it",
    source: endedDoc
  },
  {
    when: { status: "terminated" },
    status: "failed",
    reason: "ended-by-provider",
    billing: "none",
    actions: ["terminate"],
    note:
      "ended by its provider, its data lost: nothing more is charged, but its reserve stays held until it is " +
      "terminated, so it is not over yet",
    source: endedDoc
  },
  {
    when: { ending: true },
    status: "terminating",
    billing: "unknown",
    actions: ["terminate"],
    note:
      "we deleted it and the list still has it; the day that has begun is paid, and whether a change of day before it " +
      "is gone costs another one is not documented",
    source: billingDoc
  }
]

/** The words of a VM that nobody has ended. */
const living: ReadonlyArray<Row> = [
  {
    when: { status: "new" },
    status: "pending",
    billing: "compute",
    actions: ["terminate"],
    note: `about to be provisioned; a day is paid in full whenever in it the VM was rented; ${undocumented}`,
    source: "Fluence docs, CPU cloud: manage a VM"
  },
  {
    when: { status: "launching" },
    status: "provisioning",
    billing: "compute",
    actions: ["terminate"],
    note: `being launched, without an address; a day is paid in full whenever in it the VM was rented; ${undocumented}`,
    source: statusDoc
  },
  {
    when: { status: "active" },
    status: "running",
    billing: "compute",
    actions: ["terminate", "rename", "update"],
    note: "running and operational",
    source: statusDoc
  },
  {
    when: { status: "smallbalance" },
    status: "running",
    reason: "out-of-funds",
    billing: "compute",
    actions: ["terminate", "rename", "update"],
    note: `up through the day that is paid, and the account cannot pay the next one: add credit; ${undocumented}`,
    source: statusDoc
  },
  {
    when: { status: "insufficientfunds" },
    status: "terminating",
    reason: "out-of-funds",
    billing: "unknown",
    actions: ["terminate"],
    note:
      "nothing is left to pay it with, and its end by the cloud is the documented next step; the documents contradict " +
      `each other on whether a grace period has passed by then; ${undocumented}`,
    source: statusDoc
  }
]

/**
 * The status table of Fluence's CPU VMs, first match first. Words that no row knows are `unknown`.
 *
 * - A VM that was deleted leaves the list, and that it is not there any more is what makes it `terminated`.
 *
 * Source: Fluence docs, Manage your deployments, with the later pages for the words it lacks.
 */
export const cpuLifecycle: Lifecycle<CpuFacts> = {
  domain: {
    status: ["new", "launching", "active", "smallbalance", "insufficientfunds", "terminated", "stopped", null],
    ending: [false, true]
  },
  rows: [...ending, ...living],
  fallback: { billing: "unknown", actions: ["terminate"] }
}
