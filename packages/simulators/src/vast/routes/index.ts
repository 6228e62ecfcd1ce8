import type { CloudRoute } from "../../kit/door.ts"
import type { World } from "../world.ts"
import { createApiKey, deleteApiKey, listApiKeys, showApiKey } from "./api-keys.ts"
import { changeBid, prepay, showDeposit, showUser } from "./billing.ts"
import { createInstances, destroyInstances, launchInstance, manageInstances } from "./bulk.ts"
import { listCharges, listInvoices } from "./charges.ts"
import { cancelCopy, copy } from "./copies.ts"
import { createInstance } from "./create.ts"
import { listFilters, listInstances, listInstancesV0, showInstance } from "./list.ts"
import { requestLogs, runCommand } from "./logs.ts"
import { destroyInstance, manageInstance, rebootInstance, recycleInstance } from "./manage.ts"
import { decidePrice, pendingPrices } from "./prices.ts"
import { takeSnapshot, updateTemplateOf } from "./rebuild.ts"
import { gpuNames, searchAsks, searchBundles, searchByUrl } from "./search.ts"
import { attachKey, createKey, deleteKey, detachKey, listInstanceKeys, listKeys, updateKey } from "./ssh.ts"
import { createTemplate, deleteTemplate, listTemplates, updateTemplate } from "./templates.ts"
import { deleteVolume, listVolumes, rentVolume, searchVolumes } from "./volumes.ts"

/**
 * How often a route may be called.
 *
 * - `threshold`: seconds between two accepted requests. `perMinute`: accepted requests in any minute. `none`: no limit
 *   is stated. `body` is the form of the 429.
 */
export type Limit =
  | { readonly kind: "threshold"; readonly seconds: number; readonly body: "detail" | "error" }
  | { readonly kind: "perMinute"; readonly requests: number }
  | { readonly kind: "none" }

/**
 * Who may call a route and how a wrong key is reported.
 *
 * - `key`: an unknown key is a 401. `search`: it's a 404, as on charges and invoices. `volumes`: no key is a 401 with a
 *   `detail`. `open`: no key is asked for.
 */
export type Access = "key" | "search" | "volumes" | "open"

/** One route of the simulated API. */
export interface Route extends CloudRoute<World> {
  readonly access: Access
  readonly limit: Limit
}

const every = (seconds: number, body: "detail" | "error" = "detail"): Limit => ({ kind: "threshold", seconds, body })
const none: Limit = { kind: "none" }
const tenAMinute: Limit = { kind: "perMinute", requests: 10 }

const route = (
  method: string,
  path: string,
  limit: Limit,
  handler: Route["handler"],
  access: Access = "key"
): Route => ({
  method,
  path,
  access,
  limit,
  handler
})

/**
 * Every route, its threshold and its handler. Source: Vast docs, `x-rate-limit` of each operation.
 *
 * - The penalty of 12 on create isn't enforced: its meaning is undocumented.
 */
export const routes: readonly Route[] = [
  route("POST", "/api/v0/bundles/", tenAMinute, searchBundles, "search"),
  route("GET", "/api/v0/bundles/", none, searchByUrl, "search"),
  route("PUT", "/api/v0/search/asks/", none, searchAsks, "search"),
  route("GET", "/api/v0/gpu_names/unique/", none, gpuNames, "open"),
  route("PUT", "/api/v0/asks/{id}/", every(4.5), createInstance),
  route("GET", "/api/v1/instances/", every(1), listInstances),
  route("GET", "/api/v0/instances/", every(2), listInstancesV0),
  route("GET", "/api/v0/instances/{id}/", every(2), showInstance),
  route("PUT", "/api/v0/instances/{id}/", every(1), manageInstance),
  route("DELETE", "/api/v0/instances/{id}/", every(3, "error"), destroyInstance),
  route("PUT", "/api/v0/instances/reboot/{id}/", every(1), rebootInstance),
  route("PUT", "/api/v0/instances/recycle/{id}/", every(1), recycleInstance),
  route("PUT", "/api/v0/instances/request_logs/{id}/", none, requestLogs),
  route("PUT", "/api/v0/instances/command/{id}/", every(1.5), runCommand),
  route("PUT", "/api/v0/instances/bid_price/{id}/", every(5.5), changeBid),
  route("PUT", "/api/v0/instances/prepay/{id}/", every(2), prepay),
  route("GET", "/api/v0/instances/balance/{id}/", every(3), showDeposit),
  route("GET", "/api/v0/instances/{id}/ssh/", none, listInstanceKeys),
  route("POST", "/api/v0/instances/{id}/ssh/", none, attachKey),
  route("DELETE", "/api/v0/instances/{id}/ssh/{key}/", every(2), detachKey),
  // The account's key list has a threshold in an unpublished draft only.
  route("GET", "/api/v0/ssh/", none, listKeys),
  route("POST", "/api/v0/ssh/", every(1), createKey),
  route("PUT", "/api/v0/ssh/{id}/", every(1), updateKey),
  route("DELETE", "/api/v0/ssh/{id}/", none, deleteKey),
  route("GET", "/api/v0/users/current/", none, showUser),
  // Routes of the vendor's own client. Those whose answer no document states answer no more than `success`.
  route("GET", "/api/v0/instances/filters/", none, listFilters),
  route("GET", "/api/v0/instances/pending-price-increases/", none, pendingPrices),
  route("PUT", "/api/v0/instances/accept-price-increase/", none, decidePrice),
  route("PUT", "/api/v0/instances/reject-price-increase/", none, decidePrice),
  route("PUT", "/api/v0/instances/", none, manageInstances),
  route("DELETE", "/api/v0/instances/", none, destroyInstances),
  route("POST", "/api/v0/asks/bulk/", none, createInstances),
  route("PUT", "/api/v0/launch_instance/", every(5), launchInstance),
  route("PUT", "/api/v0/instances/update_template/{id}/", none, updateTemplateOf),
  route("POST", "/api/v0/instances/take_snapshot/{id}/", none, takeSnapshot),
  route("GET", "/api/v0/template/", every(3), listTemplates),
  route("POST", "/api/v0/template/", none, createTemplate),
  route("PUT", "/api/v0/template/", none, updateTemplate),
  route("DELETE", "/api/v0/template/", none, deleteTemplate),
  route("POST", "/api/v0/volumes/search/", every(5.5), searchVolumes, "volumes"),
  route("GET", "/api/v0/volumes/", every(5.5), listVolumes, "volumes"),
  route("PUT", "/api/v0/volumes/", every(5.5), rentVolume, "volumes"),
  route("DELETE", "/api/v0/volumes/", every(5.5), deleteVolume, "volumes"),
  route("GET", "/api/v0/charges/", every(1), listCharges, "search"),
  route("GET", "/api/v1/invoices/", every(3), listInvoices, "search"),
  route("PUT", "/api/v0/commands/copy_direct/", none, copy),
  route("DELETE", "/api/v0/commands/copy_direct/", none, cancelCopy),
  route("PUT", "/api/v0/commands/rsync/", none, copy),
  route("GET", "/api/v0/auth/apikeys/", none, listApiKeys),
  route("POST", "/api/v0/auth/apikeys/", none, createApiKey),
  route("GET", "/api/v0/auth/apikeys/{id}/", none, showApiKey),
  route("DELETE", "/api/v0/auth/apikeys/{id}/", none, deleteApiKey)
]
