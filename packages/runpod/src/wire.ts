import { lenient } from "@anygpu/core/adapter"
import * as z from "zod"

/*
 * Runpod's REST API v2 as far as it is used. Requests are strict, as Runpod refuses unknown fields. Of answers each field may
 * be missing or null, and enums are read as text: v2 changes without a version.
 */

const text = z.string().nullish()
const whole = z.number().nullish()

const Place = z.object({ id: z.string(), name: text, availability: text })

/** A type of GPU with its stock. Prices are USD per hour and GPU; `memory` is GB of one. */
export const GpuType = z.object({
  id: z.string(),
  memory: whole,
  secure: z.boolean().nullish(),
  community: z.boolean().nullish(),
  price: z.object({ secure: whole, community: whole }).nullish(),
  maxCount: z.object({ secure: whole, community: whole }).nullish(),
  availability: text,
  dataCenters: z.array(Place).nullish(),
  /** Which versions of CUDA some host of the type takes. */
  cudaVersions: z.array(z.object({ version: text, available: z.boolean().nullish() })).nullish()
})
export type GpuType = z.infer<typeof GpuType>

/** A flavour of CPU machine with its stock. */
export const CpuType = z.object({
  id: z.string(),
  vcpu: z.object({ min: whole, max: whole }).nullish(),
  ramGbPerVcpu: whole,
  price: z.object({ securePerVcpu: whole }).nullish(),
  availability: text,
  dataCenters: z.array(Place).nullish()
})
export type CpuType = z.infer<typeof CpuType>

const PersistentMount = z.strictObject({ size: z.int().min(10), path: z.string() })
const NetworkMount = z.strictObject({ volumeId: z.string(), path: z.string() })

/** A pod. Its `env` may hold secrets, of which only the public key is read; the user of `ssh.proxy` lets in, and is not. */
export const Pod = z.object({
  id: z.string(),
  name: text,
  status: text,
  actions: z.array(z.string()).nullish(),
  image: text,
  disk: whole,
  mounts: z
    .object({
      persistent: z.object({ size: whole }).nullish(),
      network: z.array(z.object({ volumeId: text })).nullish()
    })
    .nullish(),
  ports: z.array(z.string()).nullish(),
  env: z.object({ PUBLIC_KEY: text }).nullish(),
  gpu: z.object({ id: text, count: whole, vcpuCount: whole, memory: whole }).nullish(),
  cpu: z.object({ id: text, vcpuCount: whole, memory: whole }).nullish(),
  cloud: text,
  dataCenterId: text,
  ssh: z.object({ direct: z.object({ host: text, port: whole, username: text }).nullish() }).nullish(),
  cost: whole,
  locked: z.boolean().nullish(),
  runtime: z
    .object({
      ports: z.array(z.object({ private: whole, public: whole, type: text, ip: text })).nullish()
    })
    .nullish(),
  createdAt: text,
  startedAt: text
})
export type Pod = z.infer<typeof Pod>

/** A pod by itself. What of it cannot be read is null, as in a list. */
export const OnePod = lenient(Pod)

/** What a create answers: of it the id alone is needed. */
export const CreatedPod = z.object({ id: z.string() })

/** One page of pods. Its cursor is never optional: without it a list would seem complete. */
export const PodPage = z.object({
  pods: z.array(z.unknown()),
  pagination: z.object({ nextCursor: z.string().nullable(), hasNextPage: z.boolean() })
})

export const GpuTypes = z.object({ gpus: z.array(z.unknown()) })
export const CpuTypes = z.object({ cpus: z.array(z.unknown()) })

/** What of a log came, and what ended it. */
export const PodLogs = z.object({
  events: z.array(z.object({ id: z.string().nullable(), data: z.unknown() })),
  endedBy: z.string()
})

/** A network volume; its size is in GB. */
export const NetworkVolume = z.object({ id: z.string(), name: text, size: whole, dataCenter: text, type: text })
export type NetworkVolume = z.infer<typeof NetworkVolume>
export const NetworkVolumes = z.object({ networkVolumes: z.array(z.unknown()) })

/** A login to a registry, without its password. */
export const Registry = z.object({ id: z.string(), name: text })
export type Registry = z.infer<typeof Registry>
export const Registries = z.object({ registries: z.array(z.unknown()) })

/** The account's public keys. They are replaced as a whole, so that all of them must be read. */
export const Keys = z.object({ keys: z.array(z.string()) })
export const KeysBody = z.strictObject({ keys: z.array(z.string()) })

const cuda = z.string().regex(/^\d+\.\d+$/)

/** What every container is configured by. */
const container = {
  image: z.string().optional(),
  args: z.string().optional(),
  cmd: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  disk: z.int().min(1).optional(),
  ports: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  registry: z.string().nullable().optional()
}

const Mounts = z.strictObject({
  persistent: PersistentMount.optional(),
  network: z.array(NetworkMount).max(1).optional()
})

export const CreatePod = z.strictObject({
  ...container,
  name: z.string().min(1),
  gpu: z
    .strictObject({
      id: z.string(),
      count: z.int().min(1),
      allowedCudaVersions: z.array(cuda).optional(),
      minCudaVersion: cuda.optional(),
      minRamPerGpu: z.int().min(1).optional(),
      minVcpuCountPerGpu: z.int().min(1).optional()
    })
    .optional(),
  cpu: z.strictObject({ id: z.string(), vcpuCount: z.int().min(2) }).optional(),
  cloud: z.enum(["SECURE", "COMMUNITY"]).optional(),
  dataCenterIds: z.array(z.string()).optional(),
  mounts: Mounts.optional(),
  startSsh: z.boolean().optional(),
  startJupyter: z.boolean().optional(),
  globalNetworking: z.boolean().optional(),
  templateId: z.string().min(1).optional()
})
export type CreatePod = z.infer<typeof CreatePod>

export const UpdatePod = z.strictObject({
  ...container,
  name: z.string().min(1).optional(),
  mounts: Mounts.optional(),
  locked: z.boolean().optional(),
  globalNetworking: z.boolean().optional(),
  templateId: z.string().optional()
})
export type UpdatePod = z.infer<typeof UpdatePod>

export const PodAction = z.strictObject({ action: z.enum(["start", "stop", "restart", "terminate"]) })

const template = {
  ...container,
  allowedCudaVersions: z.array(cuda).optional(),
  category: z.enum(["NVIDIA", "AMD", "CPU"]).optional(),
  mounts: z.strictObject({ persistent: PersistentMount.optional() }).optional(),
  public: z.boolean().optional(),
  serverless: z.boolean().optional(),
  startJupyter: z.boolean().optional(),
  startSsh: z.boolean().optional()
}
export const CreateTemplate = z.strictObject({ ...template, name: z.string().min(1), image: z.string() })
export const UpdateTemplate = z.strictObject({ ...template, name: z.string().min(1).optional() })

const volumeSize = z.int().min(10).max(4096)
export const CreateVolume = z.strictObject({
  name: z.string().min(1),
  size: volumeSize,
  dataCenter: z.string().min(1),
  type: z.enum(["STANDARD", "HIGH_PERFORMANCE"]).optional()
})
export const UpdateVolume = z.strictObject({ name: z.string().min(1).optional(), size: volumeSize.optional() })

export const CreateRegistry = z.strictObject({
  name: z.string().min(1).max(191),
  username: z.string().min(1).max(191),
  password: z.string().min(1).max(16_384)
})
export const CreateDelegation = z.strictObject({ resource: z.string(), name: z.string().nullable().optional() })

const secretValue = z.string().min(1).max(16_777_216)
export const CreateSecret = z.strictObject({
  name: z
    .string()
    .max(191)
    .regex(/^[a-zA-Z_][a-zA-Z0-9_.\-/]*$/),
  value: secretValue,
  description: z.string().optional()
})
export const UpdateSecret = z.strictObject({ value: secretValue.optional(), description: z.string().optional() })

/** What was spent in one piece of time, in USD; of pods by compute and disk. Fields besides are shown as they come. */
const spent = { startTime: text, endTime: text, totalAmount: whole }
const spends = <S extends z.ZodRawShape>(record: S) =>
  z.looseObject({
    records: z.array(z.looseObject({ ...spent, ...record })),
    metadata: z.looseObject({ totals: z.looseObject({ totalAmount: whole }).nullish() }).nullish()
  })
export const Spend = spends({})
export const PodSpend = spends({ podId: text, gpuAmount: whole, cpuAmount: whole, diskAmount: whole })
export const VolumeSpend = spends({ networkVolumeId: text })

/** What has an id of its own, and is shown as it comes. */
export const Resource = z.looseObject({ id: z.string() })
/** A list or an object that is shown as it comes. */
export const Shown = z.looseObject({})
/** An answer that is not read. */
export const Nothing = z.unknown()

/** The one question to GraphQL. Source: Runpod docs, sdks/graphql: the query `myself`. */
export const question = "query { myself { id clientBalance currentSpendPerHr spendLimit } }"
export const Question = z.strictObject({ query: z.literal(question) })
export const Myself = z.object({ data: z.object({ myself: z.object({ id: z.string(), clientBalance: z.number() }) }) })
