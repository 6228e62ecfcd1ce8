import { creates, endpoint, reads, secretFields, sets } from "./route.ts"
import * as wire from "./wire.ts"

/** What belongs to an account besides machines and keys: volumes, templates, clusters. */
export const resources = {
  /** The volumes of the account; each costs until it is deleted. */
  listVolumes: endpoint({ ...reads("listVolumes", "/v1/volumes"), answer: wire.Volumes }),
  /** Which clouds and regions have volumes, and what they cost. */
  listVolumeTypes: endpoint({ ...reads("listVolumeTypes", "/v1/volumes/types"), answer: wire.VolumeTypes }),
  /** Makes a volume, which costs from now on. */
  createVolume: endpoint(creates("createVolume", "/v1/volumes/create", wire.CreateVolume)),
  /** One volume. */
  getVolume: endpoint(reads("getVolume", "/v1/volumes/{id}/info")),
  /** Deletes a volume that no machine has. */
  deleteVolume: endpoint(sets("deleteVolume", "/v1/volumes/{id}/delete")),
  /** The templates of the account. */
  listTemplates: endpoint(reads("listTemplates", "/v1/templates")),
  /** Templates that Shadeform shows to everybody. */
  listFeaturedTemplates: endpoint(reads("listFeaturedTemplates", "/v1/templates/featured")),
  /** Makes a template. */
  saveTemplate: endpoint(creates("saveTemplate", "/v1/templates/save", wire.SaveTemplate, secretFields)),
  /** One template. */
  getTemplate: endpoint(reads("getTemplate", "/v1/templates/{template_id}/info")),
  /** Replaces a template. */
  updateTemplate: endpoint({
    ...sets("updateTemplate", "/v1/templates/{template_id}/update"),
    body: wire.SaveTemplate,
    sensitive: secretFields
  }),
  /** Deletes a template. */
  deleteTemplate: endpoint(sets("deleteTemplate", "/v1/templates/{template_id}/delete")),
  /** The clusters of the account: several machines as one. */
  listClusters: endpoint(reads("listClusters", "/v1/clusters")),
  /** The types of cluster, with price and availability. */
  listClusterTypes: endpoint(reads("listClusterTypes", "/v1/clusters/types")),
  /** Rents a cluster, which costs until it is deleted. */
  createCluster: endpoint(creates("createCluster", "/v1/clusters/create", wire.CreateCluster)),
  /** One cluster. */
  getCluster: endpoint(reads("getCluster", "/v1/clusters/{id}/info")),
  /** Ends a cluster for good. */
  deleteCluster: endpoint(sets("deleteCluster", "/v1/clusters/{id}/delete"))
} as const
