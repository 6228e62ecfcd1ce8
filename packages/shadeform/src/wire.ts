import {
  countField,
  decimalField,
  isObject,
  lenient,
  portField,
  textField,
  timeOf,
  wholeField
} from "@anygpu/core/adapter"
import * as z from "zod"
import { decimalOf } from "./values.ts"

/*
 * Shadeform's API as far as it is used. Requests are strict. Of answers each field may be missing or null: samples have nulls
 * where the document declares none. Enums are read as text.
 */

const text = z.string().nullish()
const moment = textField("time", timeOf).nullish()
/** Dollars in a decimal text. */
const dollars = z
  .string()
  .refine((value) => value.trim() === "" || decimalField.safeParse(decimalOf(value)).success, {
    message: "is no amount of money",
    abort: true
  })
  .nullish()
/** Whole cents, up to what exact amounts can hold. */
const cents = z.int().min(0).max(900_000_000_000).nullish()

const Configuration = z.object({
  memory_in_gb: countField.nullish(),
  storage_in_gb: countField.nullish(),
  vcpus: wholeField.nullish(),
  num_gpus: wholeField.nullish(),
  gpu_type: text,
  interconnect: text,
  vram_per_gpu_in_gb: countField.nullish(),
  os_options: z.array(z.string()).nullish(),
  gpu_manufacturer: text
})
export type Configuration = z.infer<typeof Configuration>

const Availability = z.object({
  region: text,
  available: z.boolean().nullish(),
  display_name: text,
  rental_type: text,
  hourly_price: dollars
})
export type Availability = z.infer<typeof Availability>

/** A type of machine of one cloud. `hourly_price` is whole cents on demand; those of spot rows are dollars. */
export const InstanceType = z.object({
  cloud: text,
  shade_instance_type: z.string(),
  cloud_instance_type: text,
  configuration: Configuration.nullish(),
  hourly_price: cents,
  deployment_type: text,
  availability: z.array(Availability).nullish(),
  boot_time: z.object({ min_boot_in_sec: countField.nullish(), max_boot_in_sec: countField.nullish() }).nullish()
})
export type InstanceType = z.infer<typeof InstanceType>

/** When a machine ends by itself, or an e-mail is sent: at a date, or at a sum of dollars. */
const Threshold = z.strictObject({ date_threshold: z.string().optional(), spend_threshold: z.string().optional() })
const ShownThreshold = z.object({ date_threshold: moment, spend_threshold: dollars })

/** A machine. Its variables and its login to a registry may come along, and are not read. */
export const Instance = z.object({
  id: z.string(),
  cloud: text,
  region: text,
  shade_instance_type: text,
  cloud_instance_type: text,
  cloud_assigned_id: text,
  name: text,
  configuration: Configuration.extend({ os: text }).nullish(),
  ip: text,
  ssh_user: text,
  ssh_port: portField.nullish(),
  status: text,
  status_details: text,
  container_status: text,
  cost_estimate: text,
  hourly_price: cents,
  rental_terms: z.object({ rental_type: text, hourly_price: dollars, ending_at: moment }).nullish(),
  launch_configuration: z
    .object({
      type: text,
      docker_configuration: z
        .object({
          image: text,
          port_mappings: z.array(z.object({ host_port: portField, container_port: portField })).nullish()
        })
        .nullish()
    })
    .nullish(),
  port_mappings: z
    .array(z.object({ internal_port: portField.nullish(), external_port: portField.nullish() }))
    .nullish(),
  tags: z.array(z.string()).nullish(),
  auto_delete: ShownThreshold.nullish(),
  active_at: moment,
  created_at: moment
})
export type Instance = z.infer<typeof Instance>

/** A machine by itself. What of it cannot be read is null, as in a list. */
export const OneInstance = lenient(Instance)

const Env = z.strictObject({ name: z.string(), value: z.string() })
const port = z.int().min(1).max(65_535)

const Docker = z.strictObject({
  image: z.string(),
  args: z.string().optional(),
  shared_memory_in_gb: z.int().min(1).optional(),
  envs: z.array(Env).optional(),
  port_mappings: z.array(z.strictObject({ host_port: port, container_port: port })).optional(),
  volume_mounts: z.array(z.strictObject({ host_path: z.string(), container_path: z.string() })).optional(),
  registry_credentials: z.strictObject({ username: z.string().optional(), password: z.string().optional() }).optional()
})
const LaunchConfiguration = z.strictObject({
  type: z.enum(["docker", "script"]),
  docker_configuration: Docker.optional(),
  script_configuration: z.strictObject({ base64_script: z.string() }).optional()
})

/** What machines and templates are made of alike. */
const setUp = {
  launch_configuration: LaunchConfiguration.optional(),
  auto_delete: Threshold.optional(),
  alert: Threshold.optional(),
  volume_mount: z.strictObject({ auto: z.boolean().optional() }).optional(),
  tags: z.array(z.string()).optional(),
  envs: z.array(Env).optional()
}

export const CreateInstance = z.strictObject({
  ...setUp,
  cloud: z.string(),
  region: z.string(),
  shade_instance_type: z.string(),
  shade_cloud: z.boolean(),
  name: z.string().min(1),
  rental_type: z.enum(["on_demand", "spot"]).optional(),
  os: z.string().optional(),
  template_id: z.string().optional(),
  volume_ids: z.array(z.string()).max(1).optional(),
  ssh_key_id: z.string().min(1).optional()
})
export type CreateInstance = z.infer<typeof CreateInstance>

/** What is left out stays, and null takes away. */
export const UpdateInstance = z.strictObject({
  name: z.string().min(1).optional(),
  auto_delete: Threshold.nullable().optional(),
  alert: Threshold.nullable().optional(),
  tags: z.array(z.string()).nullable().optional()
})

export const Instances = z.object({ instances: z.array(z.unknown()) })
export const InstanceTypes = z.object({ instance_types: z.array(z.unknown()) })

/** Shadeform's own key comes with its private half, in a field that no document declares: it goes no further than this. */
const withoutPrivateKey = (row: unknown): unknown => {
  if (!isObject(row)) return row
  const { private_key: _, ...shown } = row
  return shown
}

export const Key = z.object({ id: z.string(), name: text, public_key: text, is_default: z.boolean().nullish() })
export type Key = z.infer<typeof Key>
export const Keys = z.object({ ssh_keys: z.array(z.unknown().transform(withoutPrivateKey)) })
export const AddKey = z.strictObject({ name: z.string().min(1), public_key: z.string().min(1) })

/** A volume of one of the clouds behind; `mounted_by` is the id of the machine that has it. */
export const Volume = z.object({
  id: z.string(),
  cloud: text,
  region: text,
  name: text,
  size_in_gb: countField.nullish(),
  supports_multi_mount: z.boolean().nullish(),
  mounted_by: text
})
export type Volume = z.infer<typeof Volume>
export const Volumes = z.object({ volumes: z.array(z.unknown()) })

/** Where volumes can be made, and what a GB of them costs an hour. */
export const VolumeType = z.object({ cloud: text, region: z.string(), price_per_gb_per_hour: dollars })
export type VolumeType = z.infer<typeof VolumeType>
export const VolumeTypes = z.object({ volume_types: z.array(z.unknown()) })

export const CreateVolume = z.strictObject({
  cloud: z.string(),
  region: z.string(),
  size_in_gb: z.int().min(1),
  name: z.string().min(1)
})

const Rule = z.strictObject({
  rule: z.string().optional(),
  from_ip: z.string().nullable().optional(),
  to_ip: z.string().nullable().optional(),
  port: z.string().nullable().optional(),
  proto: z.string().nullable().optional()
})
export const SaveTemplate = z.strictObject({
  ...setUp,
  name: z.string().min(1),
  description: z.string().optional(),
  public: z.boolean().optional(),
  networking: z.strictObject({ ufw_rules: z.array(Rule).optional() }).optional()
})

export const CreateCluster = z.strictObject({
  name: z.string().min(1),
  cloud: z.string(),
  region: z.string(),
  cluster_type: z.string(),
  num_instances: z.int().min(2),
  ssh_key_id: z.string().min(1).optional(),
  os: z.string().optional()
})

/** What a create answers: of it the id alone is needed. */
export const Made = z.object({ id: z.string().min(1) })
/** A list or an object that is shown as it comes. */
export const Shown = z.looseObject({})
/** An answer that is not read: updates, restarts and deletes answer an empty body. */
export const Nothing = z.unknown()
