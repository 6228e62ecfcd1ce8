import type { CloudRoute } from "../../kit/door.ts"
import type { Reply } from "../../kit/http.ts"
import type { Call } from "../http.ts"
import type { World } from "../world.ts"
import { deploy } from "./deploy.ts"
import { actOn, deleteDeployment, listDeployments, showDeployment } from "./deployments.ts"
import { createApiKey, createSshKey, deleteApiKey, deleteSshKey, listApiKeys, listSshKeys } from "./keys.ts"
import {
  createWebhook,
  deleteWebhook,
  joinWaitlist,
  leaveWaitlist,
  listWaitlist,
  listWebhooks,
  updateWebhook
} from "./notices.ts"
import {
  checkAvailability,
  listImages,
  listOffers,
  listRegions,
  listVolumeTypes,
  showBalance,
  summarizeOffers
} from "./offers.ts"
import { createVolumeRow, deleteVolumeRow, listVolumes } from "./volumes.ts"

/** One route of the simulated API. `replays`: it honours an idempotency key. */
export interface HuddleRoute extends CloudRoute<World> {
  readonly replays: boolean
}

/** Where the API lives on its host. Source: Huddle01 docs, Deployments, Base URL. */
export const basePath = "/api/v1"

const route = (method: string, path: string, handler: (call: Call) => Reply, replays = false): HuddleRoute => ({
  method,
  path: basePath + path,
  handler,
  replays
})

/**
 * Every route and its handler.
 *
 * - An idempotency key counts where it's documented: deploy and delete (Deployments), actions (Deployment action). The
 *   official clients send it elsewhere too.
 */
export const routes: readonly HuddleRoute[] = [
  route("GET", "/billing/balance", showBalance),
  route("GET", "/gpus/available", listOffers),
  route("GET", "/gpus/available/summary", summarizeOffers),
  route("GET", "/images", listImages),
  route("GET", "/regions", listRegions),
  route("GET", "/volume-types", listVolumeTypes),
  route("POST", "/deployments/clusters", deploy, true),
  route("GET", "/deployments", listDeployments),
  route("GET", "/deployments/{id}", showDeployment),
  route("DELETE", "/deployments/{id}", deleteDeployment, true),
  route("POST", "/deployments/{id}/actions", actOn, true),
  route("GET", "/deployments/availability/{cluster_type}", checkAvailability),
  route("GET", "/deployments/requests", listWaitlist),
  route("POST", "/deployments/requests", joinWaitlist),
  route("DELETE", "/deployments/requests/{id}", leaveWaitlist),
  route("GET", "/ssh-keys", listSshKeys),
  route("POST", "/ssh-keys", createSshKey),
  route("DELETE", "/ssh-keys/{id}", deleteSshKey),
  route("GET", "/volumes", listVolumes),
  route("POST", "/volumes", createVolumeRow),
  route("DELETE", "/volumes/{id}", deleteVolumeRow),
  route("GET", "/webhooks", listWebhooks),
  route("POST", "/webhooks", createWebhook),
  route("PUT", "/webhooks/{id}", updateWebhook),
  route("DELETE", "/webhooks/{id}", deleteWebhook),
  route("GET", "/api-keys", listApiKeys),
  route("POST", "/api-keys", createApiKey),
  route("DELETE", "/api-keys/{id}", deleteApiKey)
]
