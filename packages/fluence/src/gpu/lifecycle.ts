import type { Action, Asked, FieldsOf, Lifecycle, LifecycleRow } from "@anygpu/core"
import { hostOf } from "./to-domain.ts"
import type { Container, Vm } from "./wire.ts"

/** What the status of a container depends on. */
export type ContainerFacts = {
  readonly instance: string | null
  /** Null in lists, which do not have it. */
  readonly container: string | null
  readonly asked: "terminate" | "other"
}

/** What the status of a VM or a bare metal machine depends on. */
export type MachineFacts = {
  readonly status: string | null
  /** Whether it has an address yet, and does not say that nobody can log in. */
  readonly addressed: boolean
  readonly asked: "terminate" | "other"
}

const word = (text: string | null | undefined): string | null => text?.toUpperCase() ?? null
const askedOf = ({ intent }: Asked) => (intent?.action === "terminate" ? "terminate" : "other")

/** The facts of a container's payload; Fluence's words are compared without case. */
export const containerFacts = (native: Container, asked: Asked): ContainerFacts => ({
  instance: word(native.instance_status),
  container: word(native.container_status),
  asked: askedOf(asked)
})

/** The facts of the payload of a VM or a bare metal machine. */
export const machineFacts = (native: Vm, asked: Asked): MachineFacts => ({
  status: word(native.status),
  addressed: hostOf(native) !== null && native.ssh_connection !== null,
  asked: askedOf(asked)
})

/** Where the facts and the marker of a container are read. */
export const containerFields: FieldsOf<ContainerFacts> = {
  marker: ["name"],
  facts: { instance: ["instance_status"], container: ["container_status"] }
}

/** Where the facts and the marker of a VM or a bare metal machine are read. */
export const machineFields: FieldsOf<MachineFacts> = {
  marker: ["name"],
  facts: { status: ["status"], addressed: ["network", "domain", "ssh_connection"] }
}

const statusDoc = "Fluence docs, Manage GPU instances: instance statuses"
const containerDoc = "Fluence docs, Manage GPU instances: container statuses"
const endDoc = "Fluence docs, Manage GPU instances: terminate"
const billingDoc = "Fluence docs, Rent GPU instances: billing model"
const networkDoc = "Fluence docs, Manage GPU instances: network"

const ending: ReadonlyArray<Action> = ["terminate"]
const upContainer: ReadonlyArray<Action> = ["terminate", "rename", "update", "logs", "events"]
const upMachine: ReadonlyArray<Action> = ["terminate", "rename"]

type Meaning = Omit<LifecycleRow<ContainerFacts>, "when">

/** What the words that all kinds share mean: the first word has two spellings. */
const being: ReadonlyArray<string> = ["INITIALIZED", "INITIATED"]

const provisioning: Meaning = {
  status: "provisioning",
  billing: "compute",
  actions: ending,
  note:
    "being provisioned, two or three minutes as a rule. The upfront hours are deducted at deploy already; all of it " +
    "comes back if provisioning fails. The cloud refuses its end until it is ACTIVE: terminate waits for that",
  source: billingDoc
}
const failed: Meaning = {
  status: "failed",
  reason: "provisioning-error",
  billing: "none",
  actions: [],
  note: "provisioning failed and all that was deducted came back; there is nothing to end, and the row stays in lists",
  source: billingDoc
}
const endedByUs: Meaning = {
  status: "terminated",
  reason: "ended-by-user",
  billing: "none",
  actions: [],
  note: "we ended it; the unused reserve came back, the hour that had begun did not",
  source: endDoc
}
const ended: Meaning = {
  status: "terminated",
  billing: "none",
  actions: [],
  note: "ended by another user or by the system, for example without money left: the cloud does not say which",
  source: statusDoc
}
const terminating: Meaning = {
  status: "terminating",
  billing: "compute",
  actions: ending,
  note: "we asked for its end and it is still ACTIVE: the cloud has no word for that; should it last, it is charged on",
  source: endDoc
}

/** What may be done in a status that no document knows: to end it. */
const fallback = { billing: "unknown", actions: ending } as const

/**
 * The whole status table of containers, first match first. Words that no row knows are `unknown`.
 *
 * Source: Fluence docs, Manage GPU instances.
 */
export const containerLifecycle: Lifecycle<ContainerFacts> = {
  domain: {
    instance: ["INITIALIZED", "INITIATED", "ACTIVE", "FAILED", "ENDED", null],
    container: ["NOT_STARTED", "STARTED", null],
    asked: ["terminate", "other"]
  },
  rows: [
    { when: { instance: "ENDED", asked: "terminate" }, ...endedByUs },
    { when: { instance: "ENDED" }, ...ended },
    { when: { instance: "FAILED" }, ...failed },
    { when: { instance: being }, ...provisioning },
    { when: { instance: "ACTIVE", asked: "terminate" }, ...terminating },
    {
      when: { instance: "ACTIVE", container: "NOT_STARTED" },
      status: "starting",
      billing: "compute",
      actions: upContainer,
      note: "the container is still starting, or cannot start; it is charged either way, and only events() say which",
      source: containerDoc
    },
    {
      when: { instance: "ACTIVE", container: "STARTED" },
      status: "running",
      billing: "compute",
      actions: upContainer,
      note: "the container runs; its address may follow a little later",
      source: containerDoc
    },
    {
      when: { instance: "ACTIVE", container: null },
      status: "running",
      billing: "compute",
      actions: upContainer,
      note: "a list leaves out the container's own status: get() may say that it is starting",
      source: containerDoc
    },
    {
      when: { instance: "ACTIVE" },
      status: "unknown",
      billing: "compute",
      actions: upContainer,
      note: "allocated and charged, with a container status that is not documented",
      source: containerDoc
    }
  ],
  fallback
}

/**
 * The whole status table of VMs and of bare metal, first match first. Words that no row knows are `unknown`.
 *
 * Source: Fluence docs, Manage GPU instances.
 */
export const machineLifecycle: Lifecycle<MachineFacts> = {
  domain: {
    status: ["INITIALIZED", "INITIATED", "ACTIVE", "FAILED", "ENDED", null],
    addressed: [true, false],
    asked: ["terminate", "other"]
  },
  rows: [
    { when: { status: "ENDED", asked: "terminate" }, ...endedByUs },
    { when: { status: "ENDED" }, ...ended },
    { when: { status: "FAILED" }, ...failed },
    { when: { status: being }, ...provisioning },
    { when: { status: "ACTIVE", asked: "terminate" }, ...terminating },
    {
      when: { status: "ACTIVE", addressed: false },
      status: "starting",
      billing: "compute",
      actions: upMachine,
      note: "allocated and charged, without an address or a way to log in yet",
      source: networkDoc
    },
    {
      when: { status: "ACTIVE" },
      status: "running",
      billing: "compute",
      actions: upMachine,
      note: "running; not yet proof that sshd answers",
      source: statusDoc
    }
  ],
  fallback
}
