import { endpoint, type Repeat } from "@anygpu/core/adapter"
import * as wire from "./wire.ts"

const guide = (page: string) => `Huddle01 docs, ${page}`
const cli = "official CLI"

/** The header that makes a second sending of the same request harmless. Source: Huddle01 docs, Deployments: idempotency. */
export const idempotencyHeader = "idempotency-key"

/** A read. */
const read = <const O extends string, const P extends `/${string}`>(operation: O, path: P, source: string) =>
  ({ operation, method: "GET", path, repeat: "safe", source }) as const

/**
 * A write. Both official clients send `Idempotency-Key` with each of them; the documents promise what it does for
 * deploys, actions and deletes only, so that no other one that makes something is sent twice for it.
 */
const write = <
  const O extends string,
  const M extends "POST" | "PUT" | "DELETE",
  const P extends `/${string}`,
  const R extends Repeat
>(
  operation: O,
  method: M,
  path: P,
  repeat: R,
  source: string
) => ({ operation, method, path, repeat, source, idempotencyHeader }) as const

/**
 * Every endpoint of Huddle01's GPU API that is documented, exact in method, path, query and body. Rate limits are not
 * documented for any of them, nor the statuses of success.
 */
export const endpoints = {
  /** The GPU credit. */
  balance: endpoint({ ...read("balance", "/billing/balance", guide("GPU Billing")), answer: wire.Balance }),
  /** What can be rented: 6 of a page unless `limit` says more, and only what is free unless `available_only` is false. */
  listOffers: endpoint({
    ...read("listOffers", "/gpus/available", guide("GPU Offers")),
    query: wire.OffersQuery,
    answer: wire.Page
  }),
  /** A summary of the market; its content is not documented. */
  offersSummary: endpoint({ ...read("offersSummary", "/gpus/available/summary", cli), answer: wire.AnyData }),
  /** OS images. The path is documented; its filters are the CLI's, and no document shows an image. */
  listImages: endpoint({
    ...read("listImages", "/images", guide("Deployments")),
    query: wire.ImagesQuery,
    answer: wire.Page
  }),
  /** Rents one machine. A second sending with the same idempotency key answers the first one's result. */
  deploy: endpoint({
    ...write("deploy", "POST", "/deployments/clusters", "safe", guide("Deployments")),
    body: wire.DeployBody,
    answer: wire.OneDeployment
  }),
  /**
   * A page of the machines. Known from the CLI alone: no document shows an answer, or says whether ended ones are in it.
   */
  listDeployments: endpoint({
    ...read("listDeployments", "/deployments", cli),
    query: wire.DeploymentsQuery,
    answer: wire.Page
  }),
  /** One machine. */
  showDeployment: endpoint({
    ...read("showDeployment", "/deployments/{id}", guide("Deployments")),
    answer: wire.OneDeployment
  }),
  /**
   * An action. `delete` is the only one with a documented request. `start` and `stop` are promised by the status table
   * of the Deployments page and sent by the official clients; rebooting is `restart` in one document and `reboot` in
   * another.
   */
  actOnDeployment: endpoint({
    ...write("actOnDeployment", "POST", "/deployments/{id}/actions", "safe", guide("Deployments, actions")),
    body: wire.ActionBody,
    answer: wire.ActionAnswer
  }),
  /** Ends a machine for good. Its answer is not documented, nor what it says while a machine is being provisioned. */
  deleteDeployment: endpoint({
    ...write("deleteDeployment", "DELETE", "/deployments/{id}", "safe", guide("Deployments, actions")),
    answer: wire.Anything
  }),
  /** Whether a type has capacity, wherever: a hint that reserves nothing. */
  checkAvailability: endpoint({
    ...read("checkAvailability", "/deployments/availability/{clusterType}", guide("Deployments, check availability")),
    answer: wire.Availability
  }),
  /** The waitlist; its rows are not documented. */
  listWaitlist: endpoint({ ...read("listWaitlist", "/deployments/requests", cli), answer: wire.AnyList }),
  /** Waits for a type. With `auto_deploy` it rents by itself later: money is spent with no further call. */
  joinWaitlist: endpoint({
    ...write("joinWaitlist", "POST", "/deployments/requests", "refused-only", guide("GPU Waitlist")),
    body: wire.WaitlistBody,
    answer: wire.WaitlistRequest
  }),
  /** Leaves the waitlist. */
  leaveWaitlist: endpoint({
    ...write("leaveWaitlist", "DELETE", "/deployments/requests/{id}", "safe", cli),
    answer: wire.Anything
  }),
  /** The account's keys: fingerprints, no texts. */
  listSshKeys: endpoint({ ...read("listSshKeys", "/ssh-keys", guide("GPU SSH Keys")), answer: wire.AnyList }),
  /** Registers a key. What happens to a duplicate is not documented. */
  createSshKey: endpoint({
    ...write("createSshKey", "POST", "/ssh-keys", "refused-only", guide("GPU SSH Keys")),
    body: wire.KeyBody,
    answer: wire.OneKey
  }),
  /** Removes a key from the account, not from the machines that have it. */
  deleteSshKey: endpoint({
    ...write("deleteSshKey", "DELETE", "/ssh-keys/{id}", "safe", guide("GPU SSH Keys")),
    answer: wire.Anything
  }),
  /**
   * The disks. `cursor` is documented for no list of disks: it is sent only where an answer names a next page, as for
   * deployments.
   */
  listVolumes: endpoint({
    ...read("listVolumes", "/volumes", guide("GPU Volumes, list volumes")),
    query: wire.VolumesQuery,
    answer: wire.Page
  }),
  /** Makes a disk, which costs money until it is deleted. */
  createVolume: endpoint({
    ...write("createVolume", "POST", "/volumes", "refused-only", guide("GPU Volumes")),
    body: wire.VolumeBody,
    answer: wire.OneVolume
  }),
  /** Deletes a disk and what is on it. Known from the official MCP server alone. */
  deleteVolume: endpoint({
    ...write("deleteVolume", "DELETE", "/volumes/{id}", "safe", "official MCP server"),
    answer: wire.Anything
  }),
  /** The places; their rows are not documented. */
  listRegions: endpoint({ ...read("listRegions", "/regions", cli), answer: wire.AnyList }),
  /** The types of disks; their rows are not documented. */
  listVolumeTypes: endpoint({ ...read("listVolumeTypes", "/volume-types", cli), answer: wire.AnyList }),
  /** The webhooks. */
  listWebhooks: endpoint({ ...read("listWebhooks", "/webhooks", cli), answer: wire.Webhooks }),
  /** Makes a webhook; the answer holds its secret, once. */
  createWebhook: endpoint({
    ...write("createWebhook", "POST", "/webhooks", "refused-only", guide("GPU Webhooks, create webhook")),
    body: wire.WebhookBody,
    answer: wire.Webhook,
    sensitive: ["url"]
  }),
  /** Changes what is given of a webhook. */
  updateWebhook: endpoint({
    ...write("updateWebhook", "PUT", "/webhooks/{id}", "safe", guide("GPU Webhooks, update webhook")),
    body: wire.WebhookUpdate,
    answer: wire.Webhook,
    sensitive: ["url"]
  }),
  /** Deletes a webhook. */
  deleteWebhook: endpoint({
    ...write("deleteWebhook", "DELETE", "/webhooks/{id}", "safe", cli),
    answer: wire.Anything
  }),
  /** The API keys, without their secrets. */
  listApiKeys: endpoint({ ...read("listApiKeys", "/api-keys", guide("GPU API Keys")), answer: wire.ApiKeys }),
  /** Makes an API key, called `default` unless named; the answer holds its secret, once. */
  createApiKey: endpoint({
    ...write("createApiKey", "POST", "/api-keys", "refused-only", guide("GPU API Keys, create API key")),
    body: wire.ApiKeyBody,
    answer: wire.ApiKey
  }),
  /** Revokes an API key. */
  deleteApiKey: endpoint({
    ...write("deleteApiKey", "DELETE", "/api-keys/{id}", "safe", guide("GPU API Keys")),
    answer: wire.Anything
  })
} as const
