import { textField } from "@anygpu/core/adapter"
import * as z from "zod"
import { mibOf, numberOf, timeOf, usdcOf } from "../values.ts"

/*
 * The wire of the CPU VMs, generations A and B: requests strict, answers only as far as they are used, with every field
 * as nullish as Fluence may send it and every enum open. What the two generations write differently is read in both ways.
 */

const text = z.string().nullish()
const time = textField("time", timeOf).nullish()

/** A decimal text. A JSON number is not read: drafts of the documents had integers of a millionth there. */
const price = textField("decimal text of USDC", usdcOf).nullish()

/** An amount above zero; zero and an empty text say nothing. */
const amount = z
  .union([z.number(), z.string()])
  .refine((value) => Number(value) === 0 || numberOf(value) !== null, { message: "is no amount", abort: true })
  .nullish()

/** The id of a VM: 0x and 40 hexadecimal digits, whose case does not count. */
export const VmId = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "is no id of a Fluence CPU VM")

/** USDC as a decimal text, also without its leading zero. */
const Decimal = z.string().regex(/^(?=\.?\d)\d*(\.\d*)?$/, 'is no decimal text such as "1.5"')

/** The image of an operating system, by the suffixes that Fluence takes. */
export const ImageUrl = z
  .string()
  .regex(
    /^https?:\/\/[^\s/?#]+\/[^\s?#]*\.(qcow2|(raw|img)(\.[xg]z)?)([?#]\S*)?$/i,
    "must be the address of an image that ends in .qcow2, .img, .raw, .img.xz, .img.gz, .raw.xz or .raw.gz"
  )

const OpenPort = z.strictObject({ port: z.int().min(1).max(65535), protocol: z.enum(["tcp", "udp"]) })

/** One port that is open, as a request names it. */
export type OpenPort = z.input<typeof OpenPort>

const Sort = z.strictObject({
  manufacturer: z.string().optional(),
  architecture: z.string().optional(),
  type: z.string().optional(),
  generation: z.string().optional()
})

/** What a VM must be and may cost; what is left out, or null, is open. */
export const Constraints = z.strictObject({
  /** Such as `cpu-4-ram-8gb-storage-25gb`. */
  basicConfiguration: text,
  additionalResources: z
    .strictObject({
      storage: z.array(
        z.strictObject({ type: z.enum(["HDD", "SSD", "NVMe"]), units: z.literal("GiB"), supply: z.number().positive() })
      )
    })
    .nullish(),
  hardware: z
    .strictObject({
      cpu: z.array(Sort.pick({ manufacturer: true, architecture: true })).nullish(),
      memory: z.array(Sort.pick({ type: true, generation: true })).nullish(),
      storage: z.array(Sort.pick({ type: true })).nullish()
    })
    .nullish(),
  /** Any of these countries. */
  datacenter: z.strictObject({ countries: z.array(z.string().length(2)) }).nullish(),
  /** The most that one VM may cost per epoch of 24 hours. */
  maxTotalPricePerEpochUsd: Decimal.nullish()
})

export const CreateBody = z.strictObject({
  constraints: Constraints.nullish(),
  instances: z.int().min(1),
  vmConfiguration: z.strictObject({
    name: z.string().regex(/^[A-Za-z0-9-]+$/, "must be letters, digits and hyphens"),
    hostname: z.string().min(1).optional(),
    osImage: ImageUrl,
    openPorts: z.array(OpenPort),
    /** The texts of public keys. */
    sshKeys: z.array(z.string().min(1)).min(1)
  })
})
export type CreateBody = z.input<typeof CreateBody>

/** What clients of the API have seen a deletion answer; the documents say nothing of it. */
export const Deleted = z.object({ removed_ids: z.array(z.string()).nullish() })

/** One entry per VM that was made. */
export const Created = z.array(z.object({ vmId: VmId, vmName: text }))

const change = { id: VmId, vmName: z.string().min(1).optional(), openPorts: z.array(OpenPort).optional() }

/** The body of generation A: one VM. The ports given are all that stay open. */
export const UpdateBody = z
  .strictObject(change)
  .refine(({ vmName, openPorts }) => vmName !== undefined || openPorts !== undefined, "changes nothing")

/** The body of generation B: any number of VMs. */
export const UpdatesBody = z.strictObject({ updates: z.array(UpdateBody).min(1) })

export const DeleteBody = z.strictObject({ vmIds: z.array(VmId).min(1) })

/** Rows stay unknown here: they are decoded one by one, so that one bad row costs only itself. */
export const Rows = z.array(z.unknown())

/**
 * What a VM or an offer is made of. Generation A sends `supply` as a text in MiB, generation B as a number in GiB, and
 * CPU and addresses have a `quantity`.
 */
const Resource = z.object({
  type: text,
  quantity: amount,
  supply: amount,
  units: textField("binary unit", (unit) => mibOf(1, unit)).nullish(),
  /** What it is by the hardware's specifications, such as `manufacturer`, `brand`, `generation`, `type`, `version`. */
  metadata: z.record(z.string(), z.unknown()).nullish(),
  /** Optional and arbitrary, as each provider of hardware writes it. */
  details: z.record(z.string(), z.unknown()).nullish()
})
export type Resource = z.infer<typeof Resource>

/** Where hardware stands; null on a VM that has ended. */
const Datacenter = z.object({
  id: text,
  /** 1 to 4, the best. */
  tier: z.union([z.number(), z.string()]).nullish(),
  certifications: z.array(z.string()).nullish(),
  countryCode: text,
  cityCode: text,
  cityIndex: z.union([z.number(), z.string()]).nullish()
})
export type Datacenter = z.infer<typeof Datacenter>

/** One VM, of either generation. */
export const Vm = z.object({
  id: VmId,
  vmName: text,
  status: text,
  pricePerEpoch: price,
  resources: z.array(Resource).nullish(),
  createdAt: time,
  nextBillingAt: text,
  osImage: text,
  datacenter: Datacenter.nullish(),
  publicIp: text,
  ports: z.array(z.object({ port: z.union([z.number(), z.string()]), protocol: text })).nullish(),
  reservedBalance: z.union([z.string(), z.number()]).nullish(),
  totalSpent: z.union([z.string(), z.number()]).nullish()
})
export type Vm = z.infer<typeof Vm>

/** One configuration in one data centre, with what one VM of it costs per epoch. */
export const MarketOffer = z.object({
  configuration: z.object({ slug: z.string().min(1), price }),
  resources: z.array(Resource).nullish(),
  datacenter: Datacenter.nullish(),
  servers: z.array(z.object({ availableBasicInstances: z.number().nullish() })).nullish()
})
export type MarketOffer = z.infer<typeof MarketOffer>

/** One default image of an operating system; `username` is who logs in by ssh. */
export const DefaultImage = z.object({
  downloadUrl: z.string().min(1),
  name: text,
  distribution: text,
  slug: text,
  username: text
})

export const Hardware = z.object({
  cpu: z.array(z.object({ manufacturer: text, architecture: text })).nullish(),
  memory: z.array(z.object({ type: text, generation: text })).nullish(),
  storage: z.array(z.object({ type: text })).nullish()
})

export const EstimateBody = z.strictObject({ constraints: Constraints.nullish(), instances: z.int().min(1) })

/** What an order would cost; amounts are decimal texts of USDC. */
export const Estimate = z.object({
  depositAmountUsdc: text,
  depositEpochs: z.number().nullish(),
  totalPricePerEpoch: text,
  maxPricePerEpoch: text,
  instances: z.number().nullish()
})

/** Ids with commas between them. */
export const StatusQuery = z.strictObject({
  ids: z.string().regex(/^0x[0-9a-fA-F]{40}(,0x[0-9a-fA-F]{40})*$/, "must be ids with commas between them")
})
export const Statuses = z.array(z.object({ id: VmId, status: text, statusChangedAt: text, publicIp: text }))
