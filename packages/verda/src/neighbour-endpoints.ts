import * as z from "zod"
import { CurrencyQuery, deletes, endpoint, lists, shows } from "./route.ts"
import * as wire from "./wire.ts"

const made = { answer: wire.Shown, repeat: "refused-only" } as const
const place = { query: z.strictObject({ location_code: z.string().optional() }) }

/** What is near machines, and in no common model: clusters, groups, long terms, the audit log. */
export const neighbours = {
  /** The clusters of the project. */
  listClusters: endpoint(lists("listClusters", "/v1/clusters")),
  /** Rents a cluster. */
  createCluster: endpoint({
    ...{ operation: "createCluster", method: "POST", path: "/v1/clusters", body: wire.CreateCluster },
    ...{ ...made, timeout: "1 minute" }
  }),
  /** One cluster. */
  getCluster: endpoint(shows("getCluster", "/v1/clusters/{id}")),
  /** Ends clusters. */
  clusterActions: endpoint({
    ...{ operation: "clusterActions", method: "PUT", path: "/v1/clusters", body: wire.ClusterActions },
    ...{ answer: wire.Nothing, repeat: "refused-only" }
  }),
  /** Starts or halts one node of a cluster. */
  clusterNodeAction: endpoint({
    ...{ operation: "clusterNodeAction", method: "POST", path: "/v1/clusters/{clusterId}/nodes/{nodeId}/actions" },
    ...{ body: wire.NodeAction, answer: wire.Nothing, repeat: "refused-only" }
  }),
  /** Links a tag to a cluster. */
  addClusterTag: endpoint({
    ...{ operation: "addClusterTag", method: "POST", path: "/v1/clusters/{id}/tags", body: wire.TagBody, ...made }
  }),
  /** Takes a tag off a cluster. */
  removeClusterTag: endpoint(deletes("removeClusterTag", "/v1/clusters/{id}/tags/{tagId}")),
  /** The types of cluster, with their prices. */
  listClusterTypes: endpoint({ ...lists("listClusterTypes", "/v1/cluster-types"), query: CurrencyQuery }),
  /** Which types of cluster are to be had where. */
  listClusterAvailability: endpoint({ ...lists("listClusterAvailability", "/v1/cluster-availability"), ...place }),
  /** Whether one type of cluster is to be had. */
  checkClusterAvailability: endpoint({
    ...{ operation: "checkClusterAvailability", method: "GET", path: "/v1/cluster-availability/{type}", ...place },
    ...{ answer: z.boolean(), repeat: "safe" }
  }),
  /** The images of clusters. */
  listClusterImages: endpoint({
    ...lists("listClusterImages", "/v1/images/cluster"),
    query: z.strictObject({ instance_type: z.string().optional() })
  }),
  /** The types of serverless containers, with their prices. */
  listContainerTypes: endpoint({ ...lists("listContainerTypes", "/v1/container-types"), query: CurrencyQuery }),
  /** The long terms of machines, and their discounts. Paid in advance; no launch here takes one. */
  listInstancePeriods: endpoint(lists("listInstancePeriods", "/v1/long-term/periods/instances")),
  /** The same of clusters. */
  listClusterPeriods: endpoint(lists("listClusterPeriods", "/v1/long-term/periods/clusters")),
  /** The groups of machines. */
  listInstanceGroups: endpoint(lists("listInstanceGroups", "/v1/instance-groups")),
  /** Makes a group: how a machine is made from one is not documented. */
  createInstanceGroup: endpoint({
    ...{
      operation: "createInstanceGroup",
      method: "POST",
      path: "/v1/instance-groups",
      body: wire.CreateGroup,
      ...made
    }
  }),
  /** One group. */
  getInstanceGroup: endpoint(shows("getInstanceGroup", "/v1/instance-groups/{id}")),
  /** Changes a group. */
  updateInstanceGroup: endpoint({
    ...{ operation: "updateInstanceGroup", method: "PATCH", path: "/v1/instance-groups/{id}", body: wire.UpdateGroup },
    ...made
  }),
  /** Deletes a group. */
  deleteInstanceGroup: endpoint(deletes("deleteInstanceGroup", "/v1/instance-groups/{id}")),
  /** Who did what, for 90 days; for owners and admins alone. */
  listAuditLog: endpoint({
    ...shows("listAuditLog", "/v1/audit/log"),
    query: z.strictObject({
      ...{ action: z.string().optional(), object_type: z.string().optional(), cursor: z.string().optional() },
      ...{ start_date: z.string().optional(), end_date: z.string().optional() },
      page_size: z.int().min(1).max(100).optional()
    })
  }),
  /** The audit log as a file: answers where it is. */
  downloadAuditLog: endpoint({
    ...{
      operation: "downloadAuditLog",
      method: "POST",
      path: "/v1/audit/log/download",
      body: wire.AuditDownload,
      ...made
    }
  })
} as const
