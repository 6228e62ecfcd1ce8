import { lenient } from "@anygpu/core/adapter"
import * as z from "zod"

/*
 * Lambda's Cloud API as far as it is used. Requests are strict. Of answers each field may be missing or null, and enums are
 * read as text. Every answer has its content in `data`.
 */

const text = z.string().nullish()
const whole = z.number().nullish()

/** The content of an answer. */
const inData = <Schema extends z.ZodType>(schema: Schema) =>
  z.object({ data: schema }).transform((answer) => (answer as { readonly data: z.output<Schema> }).data)

/** A list. Its rows are decoded one by one, so that one bad row costs only itself. */
export const Rows = inData(z.array(z.unknown()))

const Region = z.object({ name: z.string(), description: text })
export type Region = z.infer<typeof Region>

/** A type of machine. The price is in cents an hour for the whole of it, sizes are GiB. */
const InstanceType = z.object({
  name: text,
  description: text,
  gpu_description: text,
  price_cents_per_hour: whole,
  specs: z.object({ vcpus: whole, memory_gib: whole, storage_gib: whole, gpus: whole }).nullish()
})
export type InstanceType = z.infer<typeof InstanceType>

/** A type with the regions that have capacity now. */
export const TypeRow = z.object({
  instance_type: InstanceType.extend({ name: z.string() }),
  regions_with_capacity_available: z.array(Region).nullish()
})
export type TypeRow = z.infer<typeof TypeRow>

/** The types come as an object, by their names. */
export const TypeRows = inData(z.record(z.string(), z.unknown())).transform((types) => Object.values(types))

const Availability = z.object({ available: z.boolean().nullish() }).nullish()
const Id = z.object({ id: z.string() })

/** A machine. Its Jupyter token is a secret, which its Jupyter address has in it: neither is read. */
export const Instance = z.object({
  id: z.string(),
  name: text,
  ip: text,
  private_ip: text,
  status: text,
  ssh_key_names: z.array(z.string()).nullish(),
  file_system_names: z.array(z.string()).nullish(),
  region: Region.nullish(),
  instance_type: InstanceType.nullish(),
  hostname: text,
  actions: z.object({ restart: Availability }).nullish(),
  tags: z.array(z.object({ key: z.string(), value: text })).nullish(),
  firewall_rulesets: z.array(Id).nullish()
})
export type Instance = z.infer<typeof Instance>

/** A machine by itself. What of it cannot be read is null, as in a list. */
export const OneInstance = inData(lenient(Instance))

export const Launched = inData(z.object({ instance_ids: z.array(z.string()).min(1) }))

/** An image in one region. */
export const Image = z.object({
  id: z.string(),
  name: text,
  description: text,
  family: text,
  version: text,
  architecture: text,
  region: Region.nullish()
})
export type Image = z.infer<typeof Image>

export const SshKey = z.object({ id: z.string(), name: text, public_key: text })
export type SshKey = z.infer<typeof SshKey>
export const OneKey = inData(lenient(SshKey))

/** A file system. It costs by what it stores, whether a machine uses it or not. */
export const FileSystem = z.object({
  id: z.string(),
  name: text,
  mount_point: text,
  is_in_use: z.boolean().nullish(),
  region: Region.nullish(),
  bytes_used: whole
})
export type FileSystem = z.infer<typeof FileSystem>

const TagKey = z
  .string()
  .max(55)
  .regex(/^[a-z][a-z0-9-:]+$/)

/** Where a file system can be mounted. Source: Lambda Cloud API 1.10.0, RequestedFilesystemMountEntry. */
export const MountPoint = z
  .string()
  .max(256)
  .regex(/^(\/home|\/lambda\/nfs|\/data)[/a-zA-Z0-9-]*$/)

/** Source: Lambda Cloud API 1.10.0, InstanceLaunchRequest. */
export const LaunchBody = z.strictObject({
  region_name: z.string().min(1),
  instance_type_name: z.string().min(1),
  ssh_key_names: z.array(z.string()).length(1),
  file_system_names: z.array(z.string()).optional(),
  file_system_mounts: z.array(z.strictObject({ mount_point: MountPoint, file_system_id: z.string() })).optional(),
  hostname: z
    .string()
    .regex(/^[a-z0-9][0-9a-z-]{0,62}$/)
    .optional(),
  name: z.string().max(64).optional(),
  image: z.union([z.strictObject({ id: z.string() }), z.strictObject({ family: z.string() })]).optional(),
  user_data: z.string().optional(),
  tags: z.array(z.strictObject({ key: TagKey, value: z.string().max(128) })).optional(),
  firewall_rulesets: z.array(z.strictObject({ id: z.string() })).optional()
})
export type LaunchBody = z.infer<typeof LaunchBody>

export const Ids = z.strictObject({ instance_ids: z.array(z.string()).min(1) })
export const Rename = z.strictObject({ name: z.string().max(64).optional() })
export const KeyBody = z.strictObject({
  name: z.string().min(1).max(64),
  public_key: z.string().min(1).max(4096).optional()
})
export const FileSystemBody = z.strictObject({
  name: z
    .string()
    .max(60)
    .regex(/^[a-zA-Z]+[0-9a-zA-Z-]*$/),
  region: z.string().min(1)
})

const Rule = z.strictObject({
  protocol: z.enum(["tcp", "udp", "icmp", "all"]),
  port_range: z.tuple([z.int().min(1).max(65_535), z.int().min(1).max(65_535)]).optional(),
  source_network: z.string(),
  description: z.string().max(128)
})
export const RulesBody = z.strictObject({ data: z.array(Rule) })
export const RulesetBody = z.strictObject({ name: z.string().max(64), region: z.string(), rules: z.array(Rule) })
export const RulesetUpdate = z.strictObject({ name: z.string().max(64).optional(), rules: z.array(Rule).optional() })
export const GlobalUpdate = z.strictObject({ rules: z.array(Rule).optional() })

/** Something that is shown as it comes. */
export const Shown = z.looseObject({})
/** An answer that is not read. */
export const Nothing = z.unknown()
