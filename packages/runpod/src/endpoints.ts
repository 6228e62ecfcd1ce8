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
  endpoint({ operation, method: "GET", path, answer: wire.Shown, repeat: "safe" })
const deletes = <const Path extends `/${string}`>(operation: string, path: Path) =>
  endpoint({ operation, method: "DELETE", path, answer: wire.Nothing, repeat: "safe" })

/** A create: no document names an idempotency key, so that it is never sent again once it may have taken place. */
const creates = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>,
  sensitive: ReadonlyArray<string> = []
) => endpoint({ operation, method: "POST", path, body, answer: wire.Resource, repeat: "refused-only", sensitive })

/** A change: whether a second one does the same is not documented, and the vendor's own client never repeats it. */
const changes = <const Path extends `/${string}`, Body>(
  operation: string,
  path: Path,
  body: z.ZodType<unknown, Body>,
  sensitive: ReadonlyArray<string> = []
) => endpoint({ operation, method: "PATCH", path, body, answer: wire.Shown, repeat: "refused-only", sensitive })

const pods = {
  listPods: endpoint({
    operation: "listPods",
    method: "GET",
    path: "/v2/pods",
    query: PageQuery,
    answer: wire.PodPage,
    repeat: "safe"
  }),
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
  getPod: endpoint({ operation: "getPod", method: "GET", path: "/v2/pods/{id}", answer: wire.OnePod, repeat: "safe" }),
  updatePod: changes("updatePod", "/v2/pods/{id}", wire.UpdatePod, ["env"]),
  deletePod: deletes("deletePod", "/v2/pods/{id}"),
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
  listGpuTypes: endpoint({
    operation: "listGpuTypes",
    method: "GET",
    path: "/v2/catalog/gpus",
    query: GpuQuery,
    answer: wire.GpuTypes,
    repeat: "safe"
  }),
  getGpuType: reads("getGpuType", "/v2/catalog/gpus/{id}"),
  listCpuTypes: endpoint({
    operation: "listCpuTypes",
    method: "GET",
    path: "/v2/catalog/cpus",
    query: CpuQuery,
    answer: wire.CpuTypes,
    repeat: "safe"
  }),
  getCpuType: reads("getCpuType", "/v2/catalog/cpus/{id}"),
  listDataCenters: reads("listDataCenters", "/v2/catalog/datacenters"),
  getDataCenter: reads("getDataCenter", "/v2/catalog/datacenters/{id}"),
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
  listSecrets: endpoint({
    operation: "listSecrets",
    method: "GET",
    path: "/v2/account/secrets",
    query: z.strictObject({ name: z.string().optional() }),
    answer: wire.Shown,
    repeat: "safe"
  }),
  createSecret: creates("createSecret", "/v2/account/secrets", wire.CreateSecret, ["value"]),
  getSecret: reads("getSecret", "/v2/account/secrets/{id}"),
  updateSecret: changes("updateSecret", "/v2/account/secrets/{id}", wire.UpdateSecret, ["value"]),
  deleteSecret: deletes("deleteSecret", "/v2/account/secrets/{id}"),
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
  listTemplates: endpoint({
    operation: "listTemplates",
    method: "GET",
    path: "/v2/templates",
    query: PageQuery,
    answer: wire.Shown,
    repeat: "safe"
  }),
  createTemplate: creates("createTemplate", "/v2/templates", wire.CreateTemplate, ["env"]),
  getTemplate: reads("getTemplate", "/v2/templates/{id}"),
  updateTemplate: changes("updateTemplate", "/v2/templates/{id}", wire.UpdateTemplate, ["env"]),
  deleteTemplate: deletes("deleteTemplate", "/v2/templates/{id}"),
  listNetworkVolumes: reads("listNetworkVolumes", "/v2/network-volumes"),
  createNetworkVolume: creates("createNetworkVolume", "/v2/network-volumes", wire.CreateVolume),
  getNetworkVolume: reads("getNetworkVolume", "/v2/network-volumes/{id}"),
  updateNetworkVolume: changes("updateNetworkVolume", "/v2/network-volumes/{id}", wire.UpdateVolume),
  deleteNetworkVolume: deletes("deleteNetworkVolume", "/v2/network-volumes/{id}"),
  listRegistries: reads("listRegistries", "/v2/registries"),
  createRegistry: creates("createRegistry", "/v2/registries", wire.CreateRegistry, ["password"]),
  getRegistry: reads("getRegistry", "/v2/registries/{id}"),
  deleteRegistry: deletes("deleteRegistry", "/v2/registries/{id}"),
  listDelegations: reads("listDelegations", "/v2/registries/delegations"),
  createDelegation: creates("createDelegation", "/v2/registries/delegations", wire.CreateDelegation),
  revokeDelegation: deletes("revokeDelegation", "/v2/registries/delegations/{id}")
} as const

const billing = {
  listBilling: endpoint({
    operation: "listBilling",
    method: "GET",
    path: "/v2/billing",
    query: z.strictObject(spend),
    answer: wire.Shown,
    repeat: "safe"
  }),
  listPodBilling: endpoint({
    operation: "listPodBilling",
    method: "GET",
    path: "/v2/billing/pods",
    query: z.strictObject({ ...spend, podId: z.string().optional() }),
    answer: wire.Shown,
    repeat: "safe"
  }),
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
