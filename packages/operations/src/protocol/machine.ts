import { z } from "zod"
import { gpu, location, money, time } from "./parts.ts"
import { spentSumShape } from "./spent-sum.ts"

/** A machine. */
export const machineShape = z
  .object({
    ref: z.string().describe("what every command takes: provider/kind/id"),
    provider: z.string(),
    kind: z.string(),
    id: z.string(),
    name: z.string().nullable().describe("what its user calls it, whole"),
    notice: z.string().nullable().describe("what its renter has to decide, such as a new price; null where nothing"),
    keptName: z.string().nullable().describe("what the cloud keeps of that name; null where it is the same"),
    status: z.string().describe("running, stopped, ...; see the status page of its cloud"),
    reason: z.string().nullable().describe("why it is in that status, where the cloud or the ledger says so"),
    said: z.string().nullable().describe("the cloud's own words about that, without values that may be secret"),
    ready: z.boolean().describe("running, with a way in; without one where neither ports nor ssh were asked for"),
    billing: z.enum(["compute", "storage", "none", "unknown"]).describe("what is paid right now"),
    actions: z.array(z.string()).describe("what may be done to it now"),
    gpu: gpu.nullable(),
    vcpus: z.number().nullable(),
    memoryMiB: z.number().nullable(),
    storageMiB: z.number().nullable(),
    location,
    pricePerHour: money.nullable().describe("while it runs"),
    interruptible: z.boolean(),
    ssh: z.array(
      z.object({
        host: z.string(),
        port: z.int(),
        user: z.string(),
        via: z.enum(["direct", "proxy"]),
        command: z.string()
      })
    ),
    ports: z.array(
      z.object({ port: z.int(), protocol: z.enum(["tcp", "udp", "http"]), host: z.string(), externalPort: z.int() })
    ),
    urls: z.array(z.string()),
    createdAt: time.nullable(),
    endsAt: time.nullable().describe("when its contract ends by itself"),
    account: z.string().nullable().describe("the name of its account; null where that has none"),
    tags: z.record(z.string(), z.string()).describe("what its launch was for; empty where it did not say"),
    owner: z.string().nullable().describe("whose it is, by its launch; null where that did not say"),
    marker: z.string().nullable().describe("of the launch; null: not launched by anygpu"),
    observedAt: time
  })
  .meta({ id: "Machine" })

const lease = {
  leaseUntil: time
    .nullable()
    .describe("when its --ttl ends and sweep is to end it; null: it has none, or another ledger launched it"),
  endedBy: z
    .enum(["cloud", "itself", "keeper", "process", "nobody"])
    .describe(
      "who ends it in time: its cloud at endsAt, the machine itself, a keeper, this process while it lives, or nobody: then a " +
        "sweep has to, after leaseUntil"
    ),
  cost: spentSumShape
    .nullable()
    .describe("so far, by what this ledger saw of it: an estimate; null: it saw nothing yet, or was not asked")
}

/** A machine of a list, with its lease. */
export const leasedShape = machineShape.extend(lease).meta({ id: "LeasedMachine" })

/** `anygpu show --json`. */
export const shownShape = leasedShape
  .extend({
    native: z
      .record(z.string(), z.unknown())
      .describe("what else the cloud says, under its own names; values of variables and logins never")
  })
  .meta({ id: "ShownMachine" })

/** A machine in JSON. */
export type MachineJson = z.output<typeof machineShape>

/** A machine with its lease in JSON. */
export type LeasedMachineJson = z.output<typeof leasedShape>

/** A machine in JSON, with the cloud's own facts. */
export type ShownJson = z.output<typeof shownShape>
