import { countField, decimalField, lenient, textField, timeOf, wholeField } from "@anygpu/core/adapter"
import * as z from "zod"

/*
 * Verda's API v1 as far as it is used. Requests are strict. Of answers each field may be missing or null, and enums are read as
 * text: fields and values may be added at any time, says Verda. Lists and objects are bare.
 */

const text = z.string().nullish()
const whole = wholeField.nullish()
const time = textField("time", timeOf).nullish()
/** A price: a text in the list of types, a number of a machine. */
const price = decimalField.nullish()
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)

/** Whether a text has the form of Verda's ids. */
export const isUuid = (value: string): boolean => uuid.safeParse(value.trim()).success

/** A list. Its rows are decoded one by one. */
export const Rows = z.array(z.unknown())
export const Shown = z.looseObject({})
export const Nothing = z.unknown()

/** What creates answer: an id as a JSON text, as it is published; as bare text and in an object, as they were seen. */
export const NewId = z.union([uuid, z.object({ id: uuid }).transform(({ id }) => id)])

export const TokenBody = z.strictObject({
  grant_type: z.literal("client_credentials"),
  client_id: z.string().min(1),
  client_secret: z.string().min(1)
})
export const RefreshBody = z.strictObject({ grant_type: z.literal("refresh_token"), refresh_token: z.string().min(1) })
export const TokenPair = z.object({
  access_token: z.string().regex(/^[!-~]+$/),
  expires_in: z.number().positive(),
  refresh_token: text
})

export const Balance = z.object({ amount: z.number(), currency: z.string() })

const Size = z.object({ size_in_gigabytes: countField.nullish() }).nullish()

/** A type of machine. Prices are per hour and machine, in units of the currency; `gpu_memory` is not of one GPU everywhere. */
export const InstanceType = z.object({
  instance_type: z.string(),
  name: text,
  currency: text,
  price_per_hour: price,
  spot_price: price,
  cpu: z.object({ number_of_cores: whole }).nullish(),
  gpu: z.object({ description: text, number_of_gpus: whole }).nullish(),
  memory: Size,
  supported_os: z.array(z.string()).nullish()
})
export type InstanceType = z.infer<typeof InstanceType>

export const Availability = z.object({ location_code: z.string(), availabilities: z.array(z.string()).nullish() })
export type Availability = z.infer<typeof Availability>

export const Location = z.object({ code: z.string(), name: text, country_code: text })
export type Location = z.infer<typeof Location>

export const VolumeType = z.object({
  type: z.string(),
  price: z.object({ price_per_month_per_gb: price, currency: text }).nullish()
})
export type VolumeType = z.infer<typeof VolumeType>

const Tag = z.object({ key: text, value: text })

/** A machine. Its `jupyter_token` lets in, and is not read. */
export const Instance = z.object({
  id: z.string(),
  hostname: text,
  description: text,
  status: text,
  instance_type: text,
  location: text,
  ip: text,
  created_at: time,
  price_per_hour: price,
  is_spot: z.boolean().nullish(),
  contract: text,
  cpu: z.object({ number_of_cores: whole }).nullish(),
  gpu: z.object({ description: text, number_of_gpus: whole }).nullish(),
  memory: Size,
  image: text,
  os_name: text,
  tags: z.array(Tag).nullish(),
  os_volume_id: text,
  volume_ids: z.array(z.string()).nullish()
})
export type Instance = z.infer<typeof Instance>
export const OneInstance = lenient(Instance)

/** A volume. `instances` holds objects, though they are published as texts; `instance_id` may be of an earlier machine. */
export const Volume = z.object({
  id: z.string(),
  name: text,
  status: text,
  size: countField.nullish(),
  type: text,
  location: text,
  is_os_volume: z.boolean().nullish(),
  instance_id: text,
  instances: z.array(z.object({ id: text })).nullish(),
  base_hourly_cost: price,
  currency: text,
  tags: z.array(Tag).nullish()
})
export type Volume = z.infer<typeof Volume>
export const OneVolume = lenient(Volume)

export const Image = z.object({ id: z.string(), image_type: text, name: text, is_cluster: z.boolean().nullish() })
export type Image = z.infer<typeof Image>

export const Key = z.object({ id: z.string(), name: text, key: text, fingerprint: text })
export type Key = z.infer<typeof Key>

/** An event. Whose it was, by e-mail and address, is not read. */
export const Event = z.object({
  id: z.string(),
  action_code: text,
  timestamp: time,
  project_id: text,
  actor_id: text,
  error_message: text,
  properties: z.object({ delete_reason: text }).nullish()
})
export type Event = z.infer<typeof Event>

/** One of something, which is published as an object and was seen as a list of one. */
export const One = z.union([Shown, z.tuple([Shown]).transform(([only]) => only)])

const ids = z.union([z.string(), z.array(z.string())])
export const TagBody = z.strictObject({ key: z.string().min(1).max(63), value: z.string().max(127).optional() })
const tags = z.array(TagBody).max(10).optional()
const onDiscontinue = z.enum(["keep_detached", "move_to_trash", "delete_permanently"]).optional()
const volumeType = z.enum([
  "NVMe",
  "HDD",
  "NVMe_Shared",
  "HDD_Shared",
  "NVMe_Local_Storage",
  "NVMe_Shared_Cluster",
  "NVMe_OS_Cluster"
])
const size = z.int().min(1)

export const CreateInstance = z.strictObject({
  instance_type: z.string().min(1),
  image: z.string().min(1),
  hostname: z
    .string()
    .max(60)
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i),
  location_code: z.string().min(1),
  description: z.string().optional(),
  ssh_key_ids: z.array(z.string()).optional(),
  startup_script_id: z.string().optional(),
  tags,
  os_volume: z.strictObject({ name: z.string().min(1), size, on_spot_discontinue: onDiscontinue, tags }).optional(),
  volumes: z
    .array(
      z.strictObject({ name: z.string().min(1), size, type: volumeType, on_spot_discontinue: onDiscontinue, tags })
    )
    .optional(),
  existing_volumes: z.array(z.string()).optional(),
  is_spot: z.boolean().optional(),
  contract: z.enum(["PAY_AS_YOU_GO", "SPOT"]).optional()
})
export type CreateInstance = z.infer<typeof CreateInstance>

export const InstanceAction = z.strictObject({
  action: z.enum(["start", "boot", "shutdown", "force_shutdown", "delete", "discontinue", "hibernate"]),
  id: ids,
  volume_ids: z.array(z.string()).optional(),
  delete_permanently: z.boolean().optional()
})

export const CreateVolume = z.strictObject({
  ...{ type: volumeType, location_code: z.string().min(1), size, name: z.string().min(1), tags },
  ...{ instance_id: z.string().optional(), instance_ids: z.array(z.string()).optional() }
})
export const VolumeAction = z.strictObject({
  action: z.enum(["attach", "detach", "delete", "rename", "resize", "restore", "clone", "cancel"]),
  id: ids,
  ...{ size: size.optional(), name: z.string().optional(), type: volumeType.optional() },
  ...{ instance_id: z.string().optional(), instance_ids: z.array(z.string()).optional() },
  ...{ is_permanent: z.boolean().optional(), location_code: z.string().optional() }
})
export const DeleteVolume = z.strictObject({ is_permanent: z.boolean().optional() })

export const CreateKey = z.strictObject({ name: z.string().min(1), key: z.string().min(1) })
export const DeleteKeys = z.strictObject({ keys: z.array(z.string()).min(1) })
export const CreateScript = z.strictObject({ name: z.string().min(1), script: z.string().min(1) })
export const DeleteScripts = z.strictObject({ scripts: z.array(z.string()).min(1) })

const Template = z.strictObject({
  image: z.string().min(1),
  os_volume: z.strictObject({ size, type: z.string().optional() }).optional(),
  ...{ ssh_key_ids: z.array(z.string()).optional(), startup_script_id: z.string().optional() }
})
export const CreateCluster = z.strictObject({
  ...{ cluster_type: z.string().min(1), image: z.string().min(1), hostname: z.string().min(1) },
  ...{ location_code: z.string().min(1), description: z.string().optional(), tags },
  ...{ ssh_key_ids: z.array(z.string()).optional(), startup_script_id: z.string().optional() },
  shared_volume: z.strictObject({ name: z.string().min(1), size }),
  existing_volumes: z.array(z.strictObject({ id: z.string() })).optional()
})
export const ClusterActions = z.strictObject({
  actions: z.array(z.strictObject({ action: z.literal("discontinue"), id: z.string() })).min(1)
})
export const NodeAction = z.strictObject({ action: z.enum(["boot", "shutdown", "force_shutdown"]) })
export const CreateGroup = z.strictObject({
  ...{ name: z.string().min(1), description: z.string().optional(), location_code: z.string().min(1) },
  ...{ instance_type: z.string().min(1), template: Template }
})
export const UpdateGroup = z.strictObject({
  ...{ name: z.string().optional(), description: z.string().optional(), template: Template.optional() }
})
export const AuditDownload = z.strictObject({
  ...{ action: z.string().optional(), object_type: z.string().optional() },
  ...{ start_date: z.string().optional(), end_date: z.string().optional() }
})
