import { z } from "zod"
import { gpu, listing, location, money, time } from "./parts.ts"

/** An offer. */
export const offerShape = z
  .object({
    ref: z.string().describe("what launch and cost take: provider/kind/id"),
    provider: z.string(),
    kind: z.string(),
    id: z.string(),
    gpu: gpu.nullable(),
    vcpus: z.number().nullable(),
    memoryMiB: z.number().nullable(),
    diskMiB: z.number().nullable().describe("the disk in the price, which a launch gets without --disk"),
    storageMiB: z.number().nullable().describe("the largest disk that can be had"),
    location,
    pricePerHour: money.nullable().describe("of the whole machine with that disk; null: the cloud names none"),
    minimumBid: money.nullable(),
    availability: z.enum(["available", "unavailable", "unknown"]),
    interruptible: z.boolean(),
    reliability: z.number().nullable().describe("0 to 1"),
    host: z.string().nullable(),
    observedAt: time
  })
  .meta({ id: "Offer" })

/** `anygpu offers --json`. */
export const offersShape = z.object({
  offers: z.array(offerShape).describe("cheapest first"),
  total: z.int().describe("how many fit; offers has at most --limit of them"),
  excluded: z.record(z.string(), z.int()).describe("how many a filter left out, by filter"),
  ...listing
})

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
    reason: z.string().nullable().describe("why it is in that status, where the cloud or the ledger tells"),
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
    marker: z.string().nullable().describe("of the launch; null: not launched by anygpu"),
    observedAt: time
  })
  .meta({ id: "Machine" })

const lease = {
  leaseUntil: time
    .nullable()
    .describe("when its --ttl ends and sweep is to end it; null: it has none, or another ledger launched it")
}

/** A machine of a list, with its lease. */
export const leasedShape = machineShape.extend(lease).meta({ id: "LeasedMachine" })

/** `anygpu show --json`. */
export const shownShape = leasedShape
  .extend({
    native: z
      .record(z.string(), z.unknown())
      .describe("what the cloud tells besides, under its own names; values of variables and logins never")
  })
  .meta({ id: "ShownMachine" })

/** `anygpu list --json`. */
export const listShape = z.object({
  machines: z.array(leasedShape),
  billedPerHour: z.array(money).describe("of machines whose GPU is billed now, one amount for each currency"),
  uncounted: z.int().describe("machines that cost something, or may, and are not in that sum"),
  ...listing
})

/** What a job costs. */
export const costShape = z
  .object({
    total: money,
    lines: z.array(z.object({ item: z.enum(["compute", "storage", "traffic"]), amount: money, note: z.string() })),
    upfront: money.describe("what must be on the account at the launch"),
    refundable: money,
    perHour: money.describe("the total, per hour of the job"),
    exact: z.boolean().describe("false: assumptions says what was left out or assumed"),
    assumptions: z.array(z.string())
  })
  .meta({ id: "Cost" })

/** The job that costs are for. */
export const jobShape = z
  .object({
    seconds: z.number(),
    startAt: time.nullable(),
    storageMiB: z.number().nullable(),
    egressGiB: z.number().nullable(),
    ingressGiB: z.number().nullable()
  })
  .meta({ id: "Job" })

/** `anygpu compare --json`. */
export const compareShape = z.object({
  job: jobShape,
  candidates: z
    .array(
      z.object({
        rank: z.int(),
        offer: offerShape,
        cost: costShape,
        penalty: z.number().describe("by how much it is ranked down because its machine failed lately")
      })
    )
    .describe("the cheapest job first"),
  total: z.int().describe("how many fit; candidates has at most --limit of them"),
  excluded: z.array(z.object({ provider: z.string(), kind: z.string(), rule: z.string(), count: z.int() })),
  ...listing
})

/** `anygpu cost --json`: of a job on an offer, or of a machine. */
export const costsShape = z.union([
  z.object({ of: z.literal("offer"), offer: offerShape, job: jobShape, cost: costShape }),
  z.object({
    of: z.literal("machine"),
    machine: machineShape,
    perMonth: money.nullable().describe("730 hours like now; null: the cloud does not say what is paid now"),
    soFar: money.nullable().describe("at most: as if it had been billed at its price since it was made")
  })
])

/** `anygpu balance --json`. */
export const balanceShape = z.object({
  balances: z.array(z.object({ provider: z.string(), available: money, observedAt: time })),
  lacking: z.array(z.string()).describe("clouds that tell no balance"),
  ...listing
})

const key = z
  .object({
    ref: z.string().describe("what keys remove takes: provider/id"),
    provider: z.string(),
    id: z.string(),
    name: z.string().nullable(),
    publicKey: z.string().nullable(),
    fingerprint: z.string().nullable(),
    native: z.record(z.string(), z.unknown()).describe("what the cloud tells besides, under its own names")
  })
  .meta({ id: "Key" })

/** `anygpu keys --json`; after `add` and `remove`, the keys that were added or removed. */
export const keysShape = z.object({
  keys: z.array(key),
  lacking: z.array(z.string()).describe("clouds whose account holds no keys"),
  ...listing
})

/** `anygpu images --json`. */
export const imagesShape = z.object({
  images: z.array(z.object({ provider: z.string(), kind: z.string(), id: z.string(), name: z.string() })),
  lacking: z.array(z.string()).describe("clouds that list none"),
  ...listing
})

/** An offer in JSON. */
export type OfferJson = z.output<typeof offerShape>
/** The offers in JSON. */
export type OffersJson = z.output<typeof offersShape>
/** A machine in JSON. */
export type MachineJson = z.output<typeof machineShape>
/** A machine with its lease in JSON. */
export type LeasedMachineJson = z.output<typeof leasedShape>
/** A machine in JSON, with the cloud's own facts. */
export type ShownJson = z.output<typeof shownShape>
/** The machines in JSON. */
export type ListJson = z.output<typeof listShape>
/** An estimate in JSON. */
export type CostJson = z.output<typeof costShape>
/** A job in JSON. */
export type JobJson = z.output<typeof jobShape>
/** A comparison in JSON. */
export type CompareJson = z.output<typeof compareShape>
/** The cost of an offer or a machine in JSON. */
export type CostsJson = z.output<typeof costsShape>
/** The balances in JSON. */
export type BalanceJson = z.output<typeof balanceShape>
/** The keys in JSON. */
export type KeysJson = z.output<typeof keysShape>
/** The images in JSON. */
export type ImagesJson = z.output<typeof imagesShape>
