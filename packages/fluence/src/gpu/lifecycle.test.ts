import { everyCase, type Fact, type Facts, judge, type Lifecycle, rowFor } from "@anygpu/core"
import { describe, expect, it, test } from "vitest"
import instances from "./fixtures/instances.json" with { type: "json" }
import {
  type ContainerFacts,
  containerFacts,
  containerLifecycle,
  type MachineFacts,
  machineFacts,
  machineLifecycle
} from "./lifecycle.ts"
import * as wire from "./wire.ts"

const up = ["terminate", "rename", "update", "logs", "events"]
const named = ["terminate", "rename"]

const nothing = { intent: null, now: 0 } as const
const ending = { intent: { action: "terminate", at: 0 }, now: 0 } as const
const launched = { intent: { action: "launch", at: 0 }, now: 0 } as const

// biome-ignore format: a table reads best with one row a line
const containers: ReadonlyArray<readonly [instance: string | null, container: string | null, asked: ContainerFacts["asked"], status: string, reason: string | null, billing: string, actions: ReadonlyArray<string>]> = [
  ["INITIALIZED", null, "other", "provisioning", null, "compute", ["terminate"]],
  ["INITIALIZED", "NOT_STARTED", "other", "provisioning", null, "compute", ["terminate"]],
  ["INITIALIZED", "NOT_STARTED", "terminate", "provisioning", null, "compute", ["terminate"]],
  ["INITIATED", null, "other", "provisioning", null, "compute", ["terminate"]],
  ["ACTIVE", "NOT_STARTED", "other", "starting", null, "compute", up],
  ["ACTIVE", "STARTED", "other", "running", null, "compute", up],
  ["ACTIVE", null, "other", "running", null, "compute", up],
  ["ACTIVE", "CRASHED", "other", "unknown", null, "compute", up],
  ["ACTIVE", "STARTED", "terminate", "terminating", null, "compute", ["terminate"]],
  ["ACTIVE", null, "terminate", "terminating", null, "compute", ["terminate"]],
  ["ACTIVE", "NOT_STARTED", "terminate", "terminating", null, "compute", ["terminate"]],
  ["FAILED", "NOT_STARTED", "other", "failed", "provisioning-error", "none", []],
  ["FAILED", null, "terminate", "failed", "provisioning-error", "none", []],
  ["ENDED", "NOT_STARTED", "other", "terminated", null, "none", []],
  ["ENDED", null, "other", "terminated", null, "none", []],
  ["ENDED", "NOT_STARTED", "terminate", "terminated", "ended-by-user", "none", []],
  ["SUSPENDED", "STARTED", "other", "unknown", null, "unknown", ["terminate"]],
  [null, null, "other", "unknown", null, "unknown", ["terminate"]]
]

test.each(containers)(
  "a container %s, %s, asked %s is %s",
  (instance, container, asked, status, reason, billing, actions) => {
    expect(judge(containerLifecycle, { instance, container, asked })).toEqual({ status, reason, billing, actions })
  }
)

// biome-ignore format: a table reads best with one row a line
const machines: ReadonlyArray<readonly [status: string | null, addressed: boolean, asked: MachineFacts["asked"], is: string, reason: string | null, billing: string, actions: ReadonlyArray<string>]> = [
  ["INITIALIZED", false, "other", "provisioning", null, "compute", ["terminate"]],
  ["INITIALIZED", false, "terminate", "provisioning", null, "compute", ["terminate"]],
  ["INITIATED", false, "other", "provisioning", null, "compute", ["terminate"]],
  ["ACTIVE", false, "other", "starting", null, "compute", named],
  ["ACTIVE", true, "other", "running", null, "compute", named],
  ["ACTIVE", true, "terminate", "terminating", null, "compute", ["terminate"]],
  ["ACTIVE", false, "terminate", "terminating", null, "compute", ["terminate"]],
  ["FAILED", false, "other", "failed", "provisioning-error", "none", []],
  ["ENDED", false, "other", "terminated", null, "none", []],
  ["ENDED", false, "terminate", "terminated", "ended-by-user", "none", []],
  ["PAUSED", true, "other", "unknown", null, "unknown", ["terminate"]],
  [null, true, "other", "unknown", null, "unknown", ["terminate"]]
]

test.each(machines)(
  "a machine %s, addressed %s, asked %s is %s",
  (native, addressed, asked, status, reason, billing, actions) => {
    expect(judge(machineLifecycle, { status: native, addressed, asked })).toEqual({ status, reason, billing, actions })
  }
)

/** What every table must hold to. */
const soundness = <F extends Facts>(lifecycle: Lifecycle<F>, statusOf: (facts: F) => Fact, unreachable: number) => {
  const cases = [...everyCase(lifecycle)]

  it("knows every documented case but a status that is missing", () => {
    for (const facts of cases) {
      expect([facts, rowFor(lifecycle, facts) !== undefined]).toEqual([facts, statusOf(facts) !== null])
    }
  })

  it("has no row that is never reached, but for words that no document knows", () => {
    const reached = new Set(cases.map((facts) => rowFor(lifecycle, facts)))
    const unreached = lifecycle.rows.filter((row) => !reached.has(row))
    expect(unreached.map(({ status }) => status)).toEqual(Array(unreachable).fill("unknown"))
  })

  it("never offers an end to what is over, and always to what may be charged", () => {
    for (const { status, billing, actions, note, source } of lifecycle.rows) {
      const isOver = status === "terminated" || status === "failed"
      expect([status, actions.includes("terminate"), billing === "none"]).toEqual([status, !isOver, isOver])
      expect(note.length).toBeGreaterThan(10)
      expect(source).toMatch(/^Fluence docs, /)
    }
  })
}

describe("the table of containers", () => soundness(containerLifecycle, ({ instance }) => instance, 1))
describe("the table of VMs and bare metal", () => soundness(machineLifecycle, ({ status }) => status, 0))

describe("the facts of a payload", () => {
  it("are compared without case, and the list leaves the container's status out", () => {
    const [listed] = instances.containers.map((row) => wire.Container.parse(row))
    if (!listed) throw new Error("no row")
    expect(containerFacts(listed, nothing)).toEqual({ instance: "ACTIVE", container: null, asked: "other" })
    const lower = { ...listed, instance_status: "active", container_status: "started" }
    expect(containerFacts(lower, ending)).toEqual({ instance: "ACTIVE", container: "STARTED", asked: "terminate" })
    expect(containerFacts(wire.Container.parse(instances.endedContainer), launched)).toEqual({
      instance: "ENDED",
      container: "NOT_STARTED",
      asked: "other"
    })
  })

  it("find the address where a list and where a single machine has it", () => {
    const active = wire.Vm.parse(instances.activeVm)
    expect(machineFacts(active, nothing)).toEqual({ status: "ACTIVE", addressed: true, asked: "other" })
    const [listed, failed] = instances.vms.map((row) => wire.Vm.parse(row))
    expect(listed && machineFacts(listed, nothing).addressed).toBe(true)
    expect(failed && machineFacts(failed, ending)).toEqual({ status: "FAILED", addressed: false, asked: "terminate" })
    expect(machineFacts({ ...active, network: { domain: null } }, nothing).addressed).toBe(false)
    expect(machineFacts({ ...active, ssh_connection: null }, nothing).addressed).toBe(false)
    expect(machineFacts({ ...active, network: null, status: undefined }, nothing)).toEqual({
      status: null,
      addressed: false,
      asked: "other"
    })
  })
})
