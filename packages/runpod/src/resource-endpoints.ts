import { changes, creates, deletes, endpoint, PageQuery, reads } from "./route.ts"
import * as wire from "./wire.ts"

/** What belongs to an account besides pods and keys: templates, network volumes, logins to registries. */
export const resources = {
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
  listNetworkVolumes: endpoint({
    ...reads("listNetworkVolumes", "/v2/network-volumes"),
    answer: wire.NetworkVolumes
  }),
  /** Makes a network volume, which costs from now on. */
  createNetworkVolume: endpoint(creates("createNetworkVolume", "/v2/network-volumes", wire.CreateVolume)),
  /** One network volume. */
  getNetworkVolume: endpoint(reads("getNetworkVolume", "/v2/network-volumes/{id}")),
  /** Renames or enlarges a network volume. */
  updateNetworkVolume: endpoint(changes("updateNetworkVolume", "/v2/network-volumes/{id}", wire.UpdateVolume)),
  /** Deletes a network volume. */
  deleteNetworkVolume: endpoint(deletes("deleteNetworkVolume", "/v2/network-volumes/{id}")),
  /** The logins to registries, without their passwords. */
  listRegistries: endpoint({ ...reads("listRegistries", "/v2/registries"), answer: wire.Registries }),
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
