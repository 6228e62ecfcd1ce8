import * as z from "zod"
import { resources } from "./resource-endpoints.ts"
import { changes, creates, deletes, endpoint, PageQuery, reads } from "./route.ts"
import * as wire from "./wire.ts"

const LogQuery = z.strictObject({
  source: z.enum(["container", "system"]).optional(),
  tail: z.int().min(0).max(5000).optional(),
  since: z.string().optional()
})

/*
 * Every route of Runpod's REST API v2 that pods and what belongs to them need. How often it may be asked is in the headers of
 * its answers, and in no document: no route has a limit here.
 */

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
const spend = {
  startTime: z.string().optional(),
  endTime: z.string().optional(),
  lastN: z.int().min(1).optional(),
  bucketSize: z.enum(["hour", "day", "week", "month", "year"]).optional()
}

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
  }),
  /** The log of a pod, as a stream that stays open. It goes on after the event whose id is in `Last-Event-ID`. */
  getPodLogs: endpoint({
    operation: "getPodLogs",
    method: "GET",
    path: "/v2/pods/{id}/logs",
    query: LogQuery,
    answer: wire.PodLogs,
    repeat: "safe",
    // The vendor's own client reads for five seconds. Source: npm @runpod/mcp-server.
    stream: { within: "5 seconds", quiet: "1 second", bytes: 4_194_304 }
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

const billing = {
  /** What the account spent, by time. */
  listBilling: endpoint({
    operation: "listBilling",
    method: "GET",
    path: "/v2/billing",
    query: z.strictObject(spend),
    answer: wire.Spend,
    repeat: "safe"
  }),
  /** What pods cost, by time. */
  listPodBilling: endpoint({
    operation: "listPodBilling",
    method: "GET",
    path: "/v2/billing/pods",
    query: z.strictObject({ ...spend, podId: z.string().optional() }),
    answer: wire.PodSpend,
    repeat: "safe"
  }),
  /** What network volumes cost, by time. */
  listNetworkVolumeBilling: endpoint({
    operation: "listNetworkVolumeBilling",
    method: "GET",
    path: "/v2/billing/network-volumes",
    query: z.strictObject({ ...spend, networkVolumeId: z.string().optional() }),
    answer: wire.VolumeSpend,
    repeat: "safe"
  })
} as const

/** All routes, by their names in Runpod's OpenAPI document. */
export const endpoints = { ...pods, ...catalog, ...account, ...resources, ...billing } as const
