import { endpointsOf } from "@anygpu/core/adapter"
import * as z from "zod"
import * as wire from "./wire.ts"

/*
 * Every route of Runpod's REST API v2 that pods and what belongs to them need. How often it may be asked is in the headers of
 * its answers, and in no document: no route has a limit here.
 */

const endpoint = endpointsOf({ source: "Runpod API reference v2, OpenAPI" })

const stock = {
  include: z.literal("AVAILABILITY").optional(),
  product: z.literal("POD").optional()
}
const GpuQuery = z.strictObject({
  ...stock,
  count: z.int().min(1).optional(),
  cloud: z.enum(["SECURE", "COMMUNITY"]).optional(),
  countryCodes: z.string().optional(),
  cudaVersions: z.string().optional(),
  minCudaVersion: z.string().optional()
})
const CpuQuery = z.strictObject({ ...stock, vcpuCount: z.int().min(2).optional() })
const PageQuery = z.strictObject({ cursor: z.string().optional(), limit: z.int().min(1).max(1000).optional() })
const spend = {
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  lastN: z.int().min(1).optional(),
  bucketSize: z.enum(["hour", "day", "week", "month", "year"]).optional()
}

const reads = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "GET", path, answer: wire.Shown, repeat: "safe" }) as const
const deletes = <const Path extends `/${string}`>(operation: string, path: Path) =>
  ({ operation, method: "DELETE", path, answer: wire.Nothing, repeat: "safe" }) as const

/** A create: no document names an idempotency key, so that it is never sent again once it may have taken place. */
const creates = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>,
  sensitive: ReadonlyArray<string> = []
) => ({ operation, method: "POST", path, body, answer: wire.Resource, repeat: "refused-only", sensitive }) as const

/** A change: whether a second one does the same is not documented, and the vendor's own client never repeats it. */
const changes = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>,
  sensitive: ReadonlyArray<string> = []
) => ({ operation, method: "PATCH", path, body, answer: wire.Shown, repeat: "refused-only", sensitive }) as const

const pods = {
  /** The pods of the account, newest first. */
  listPods: endpoint({
    operation: "listPods",
    method: "GET",
    path: "/v2/pods",
    query: PageQuery,
    answer: wire.PodPage,
    repeat: "safe"
  }),
  /** Rents a pod. */
  createPod: endpoint({
    operation: "createPod",
    method: "POST",
    path: "/v2/pods",
    body: wire.CreatePod,
    answer: wire.CreatedPod,
    repeat: "refused-only",
    timeout: "1 minute",
    sensitive: ["env"]
  }),
  /** One pod. */
  getPod: endpoint({ operation: "getPod", method: "GET", path: "/v2/pods/{id}", answer: wire.OnePod, repeat: "safe" }),
  /** Changes a pod; a running one is reset, and its container disk erased. */
  updatePod: endpoint(changes("updatePod", "/v2/pods/{id}", wire.UpdatePod, ["env"])),
  /** Ends a pod for good. */
  deletePod: endpoint(deletes("deletePod", "/v2/pods/{id}")),
  /** Starts, stops, restarts or ends a pod. */
  podAction: endpoint({
    operation: "podAction",
    method: "POST",
    path: "/v2/pods/{id}/action",
    body: wire.PodAction,
    answer: wire.Nothing,
    repeat: "refused-only"
  })
} as const

const catalog = {
  /** The types of GPU, with price and stock. */
  listGpuTypes: endpoint({
    operation: "listGpuTypes",
    method: "GET",
    path: "/v2/catalog/gpus",
    query: GpuQuery,
    answer: wire.GpuTypes,
    repeat: "safe"
  }),
  /** One type of GPU. */
  getGpuType: endpoint(reads("getGpuType", "/v2/catalog/gpus/{id}")),
  /** The flavours of CPU machine, with price and stock. */
  listCpuTypes: endpoint({
    operation: "listCpuTypes",
    method: "GET",
    path: "/v2/catalog/cpus",
    query: CpuQuery,
    answer: wire.CpuTypes,
    repeat: "safe"
  }),
  /** One flavour. */
  getCpuType: endpoint(reads("getCpuType", "/v2/catalog/cpus/{id}")),
  /** The data centres. */
  listDataCenters: endpoint(reads("listDataCenters", "/v2/catalog/datacenters")),
  /** One data centre. */
  getDataCenter: endpoint(reads("getDataCenter", "/v2/catalog/datacenters/{id}")),
  /** Templates that everybody may use; 100 at most. */
  listPublicTemplates: endpoint({
    operation: "listPublicTemplates",
    method: "GET",
    path: "/v2/catalog/templates",
    query: z.strictObject({ source: z.enum(["official", "verified", "community"]).optional() }),
    answer: wire.Shown,
    repeat: "safe"
  })
} as const

const account = {
  /** The public keys of the account. */
  getSshKeys: endpoint({
    operation: "getSshKeys",
    method: "GET",
    path: "/v2/account/ssh-keys",
    answer: wire.Keys,
    repeat: "safe"
  }),
  /** Replaces all of them: one that another program added meanwhile would be lost by a second sending. */
  updateSshKeys: endpoint({
    operation: "updateSshKeys",
    method: "PUT",
    path: "/v2/account/ssh-keys",
    body: wire.KeysBody,
    answer: wire.Keys,
    repeat: "refused-only"
  }),
  /** The secrets of the account, without their values. */
  listSecrets: endpoint({
    operation: "listSecrets",
    method: "GET",
    path: "/v2/account/secrets",
    query: z.strictObject({ name: z.string().optional() }),
    answer: wire.Shown,
    repeat: "safe"
  }),
  /** Keeps a secret, for `{{ RUNPOD_SECRET_name }}` in variables. */
  createSecret: endpoint(creates("createSecret", "/v2/account/secrets", wire.CreateSecret, ["value"])),
  /** One secret, without its value. */
  getSecret: endpoint(reads("getSecret", "/v2/account/secrets/{id}")),
  /** Changes the value or the description of a secret. */
  updateSecret: endpoint(changes("updateSecret", "/v2/account/secrets/{id}", wire.UpdateSecret, ["value"])),
  /** Deletes a secret. */
  deleteSecret: endpoint(deletes("deleteSecret", "/v2/account/secrets/{id}")),
  /** Whose key it is, and what is left on the account. No stored page shows the path of v2's own balance. */
  myself: endpoint({
    operation: "myself",
    method: "POST",
    path: "/graphql",
    body: wire.Question,
    answer: wire.Myself,
    repeat: "safe",
    source: "Runpod docs, sdks/graphql; deprecated, to be retired in early 2027"
  })
} as const

const resources = {
  /** The templates of the account. */
  listTemplates: endpoint({
    operation: "listTemplates",
    method: "GET",
    path: "/v2/templates",
    query: PageQuery,
    answer: wire.Shown,
    repeat: "safe"
  }),
  /** Makes a template. */
  createTemplate: endpoint(creates("createTemplate", "/v2/templates", wire.CreateTemplate, ["env"])),
  /** One template. */
  getTemplate: endpoint(reads("getTemplate", "/v2/templates/{id}")),
  /** Changes a template; pods that were made of it stay. */
  updateTemplate: endpoint(changes("updateTemplate", "/v2/templates/{id}", wire.UpdateTemplate, ["env"])),
  /** Deletes a template that is not in use. */
  deleteTemplate: endpoint(deletes("deleteTemplate", "/v2/templates/{id}")),
  /** The network volumes of the account; each costs until it is deleted. */
  listNetworkVolumes: endpoint(reads("listNetworkVolumes", "/v2/network-volumes")),
  /** Makes a network volume, which costs from now on. */
  createNetworkVolume: endpoint(creates("createNetworkVolume", "/v2/network-volumes", wire.CreateVolume)),
  /** One network volume. */
  getNetworkVolume: endpoint(reads("getNetworkVolume", "/v2/network-volumes/{id}")),
  /** Renames or enlarges a network volume. */
  updateNetworkVolume: endpoint(changes("updateNetworkVolume", "/v2/network-volumes/{id}", wire.UpdateVolume)),
  /** Deletes a network volume. */
  deleteNetworkVolume: endpoint(deletes("deleteNetworkVolume", "/v2/network-volumes/{id}")),
  /** The logins to registries, without their passwords. */
  listRegistries: endpoint(reads("listRegistries", "/v2/registries")),
  /** Keeps a login to a registry. */
  createRegistry: endpoint(creates("createRegistry", "/v2/registries", wire.CreateRegistry, ["password"])),
  /** One login to a registry. */
  getRegistry: endpoint(reads("getRegistry", "/v2/registries/{id}")),
  /** Deletes a login that no pod uses. */
  deleteRegistry: endpoint(deletes("deleteRegistry", "/v2/registries/{id}")),
  /** The delegations of images in ECR. */
  listDelegations: endpoint(reads("listDelegations", "/v2/registries/delegations")),
  /** Lets Runpod pull an image from ECR. */
  createDelegation: endpoint(creates("createDelegation", "/v2/registries/delegations", wire.CreateDelegation)),
  /** Takes a delegation back. */
  revokeDelegation: endpoint(deletes("revokeDelegation", "/v2/registries/delegations/{id}"))
} as const

const billing = {
  /** What the account spent, by time. */
  listBilling: endpoint({
    operation: "listBilling",
    method: "GET",
    path: "/v2/billing",
    query: z.strictObject(spend),
    answer: wire.Shown,
    repeat: "safe"
  }),
  /** What pods cost, by time. */
  listPodBilling: endpoint({
    operation: "listPodBilling",
    method: "GET",
    path: "/v2/billing/pods",
    query: z.strictObject({ ...spend, podId: z.string().optional() }),
    answer: wire.Shown,
    repeat: "safe"
  }),
  /** What network volumes cost, by time. */
  listNetworkVolumeBilling: endpoint({
    operation: "listNetworkVolumeBilling",
    method: "GET",
    path: "/v2/billing/network-volumes",
    query: z.strictObject({ ...spend, networkVolumeId: z.string().optional() }),
    answer: wire.Shown,
    repeat: "safe"
  })
} as const

/** All routes, by their names in Runpod's OpenAPI document. */
export const endpoints = { ...pods, ...catalog, ...account, ...resources, ...billing } as const
