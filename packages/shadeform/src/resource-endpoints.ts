import { creates, endpoint, reads, secretFields, sets } from "./route.ts"
import * as wire from "./wire.ts"

/** What belongs to an account besides machines and keys: volumes, templates, clusters. */
export const resources = {
  /** The volumes of the account; each costs until it is deleted. */
  listVolumes: endpoint(reads("listVolumes", "/volumes")),
  /** Which clouds and regions have volumes, and what they cost. */
  listVolumeTypes: endpoint(reads("listVolumeTypes", "/volumes/types")),
  /** Makes a volume, which costs from now on. */
  createVolume: endpoint(creates("createVolume", "/volumes/create", wire.CreateVolume)),
  /** One volume. */
  getVolume: endpoint(reads("getVolume", "/volumes/{id}/info")),
  /** Deletes a volume that no machine has. */
  deleteVolume: endpoint(sets("deleteVolume", "/volumes/{id}/delete")),
  /** The templates of the account. */
  listTemplates: endpoint(reads("listTemplates", "/templates")),
  /** Templates that Shadeform shows to everybody. */
  listFeaturedTemplates: endpoint(reads("listFeaturedTemplates", "/templates/featured")),
  /** Makes a template. */
  saveTemplate: endpoint(creates("saveTemplate", "/templates/save", wire.SaveTemplate, secretFields)),
  /** One template. */
  getTemplate: endpoint(reads("getTemplate", "/templates/{template_id}/info")),
  /** Replaces a template. */
  updateTemplate: endpoint({
    ...sets("updateTemplate", "/templates/{template_id}/update"),
    body: wire.SaveTemplate,
    sensitive: secretFields
  }),
  /** Deletes a template. */
  deleteTemplate: endpoint(sets("deleteTemplate", "/templates/{template_id}/delete")),
  /** The clusters of the account: several machines as one. */
  listClusters: endpoint(reads("listClusters", "/clusters")),
  /** The types of cluster, with price and availability. */
  listClusterTypes: endpoint(reads("listClusterTypes", "/clusters/types")),
  /** Rents a cluster, which costs until it is deleted. */
  createCluster: endpoint(creates("createCluster", "/clusters/create", wire.CreateCluster)),
  /** One cluster. */
  getCluster: endpoint(reads("getCluster", "/clusters/{id}/info")),
  /** Ends a cluster for good. */
  deleteCluster: endpoint(sets("deleteCluster", "/clusters/{id}/delete"))
} as const
