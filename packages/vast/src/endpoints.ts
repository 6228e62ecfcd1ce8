import { endpoint } from "@anygpu/core/adapter"
import { priceEndpoints } from "./price-endpoints.ts"
import * as wire from "./wire.ts"

const docs = (page: string) => `Vast.ai API reference, ${page}`

/**
 * Every Vast endpoint this adapter knows, exact in method, path, trailing slash and body. The thresholds are the
 * vendor's: a least interval in seconds between two requests of one route.
 */
export const endpoints = {
  /** Offers. At most ten searches a minute and address. */
  searchOffers: endpoint({
    operation: "searchOffers",
    method: "POST",
    path: "/api/v0/bundles/",
    body: wire.SearchBody,
    answer: wire.SearchAnswer,
    repeat: "safe",
    limit: { calls: 10, perSeconds: 60 },
    source: docs("search offers")
  }),
  /** Rents. PUT, as the vendor's route table and every client have it; its prose says POST. */
  createInstance: endpoint({
    operation: "createInstance",
    method: "PUT",
    path: "/api/v0/asks/{id}/",
    body: wire.CreateBody,
    answer: wire.CreateAnswer,
    repeat: "refused-only",
    limit: { calls: 1, perSeconds: 4.5 },
    timeout: "2 minutes",
    sensitive: ["env", "image_login", "onstart", "args", "args_str"],
    source: docs("create instance")
  }),
  /** One page of at most 25 machines. */
  listInstances: endpoint({
    operation: "listInstances",
    method: "GET",
    path: "/api/v1/instances/",
    query: wire.ListQuery,
    answer: wire.ListAnswer,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 1 },
    source: docs("show instances (v1)")
  }),
  /** One machine; `instances` is null for one that is destroyed or unknown. */
  showInstance: endpoint({
    operation: "showInstance",
    method: "GET",
    path: "/api/v0/instances/{id}/",
    answer: wire.ShowAnswer,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 2 },
    source: docs("show instance")
  }),
  /** Starts, stops or labels. */
  manageInstance: endpoint({
    operation: "manageInstance",
    method: "PUT",
    path: "/api/v0/instances/{id}/",
    body: wire.ManageBody,
    answer: wire.Success,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 1 },
    source: docs("manage instance")
  }),
  /** Ends for good. */
  destroyInstance: endpoint({
    operation: "destroyInstance",
    method: "DELETE",
    path: "/api/v0/instances/{id}/",
    body: wire.Empty,
    answer: wire.Success,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 3 },
    source: docs("destroy instance")
  }),
  /** Stops and starts the container; the GPU is kept. */
  rebootInstance: endpoint({
    operation: "rebootInstance",
    method: "PUT",
    path: "/api/v0/instances/reboot/{id}/",
    body: wire.Empty,
    answer: wire.Success,
    repeat: "refused-only",
    limit: { calls: 1, perSeconds: 1 },
    source: docs("reboot instance")
  }),
  /** Replaces the container by one of a newly pulled image; its files are lost. */
  recycleInstance: endpoint({
    operation: "recycleInstance",
    method: "PUT",
    path: "/api/v0/instances/recycle/{id}/",
    body: wire.Empty,
    answer: wire.Success,
    repeat: "refused-only",
    limit: { calls: 1, perSeconds: 1 },
    source: docs("recycle instance")
  }),
  /** Sets the bid of an interruptible machine, in USD per hour and machine. */
  changeBid: endpoint({
    operation: "changeBid",
    method: "PUT",
    path: "/api/v0/instances/bid_price/{id}/",
    body: wire.BidBody,
    answer: wire.Success,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 5.5 },
    source: docs("change bid")
  }),
  /** Pays in advance for a discount. Moves money: never sent twice. */
  prepayInstance: endpoint({
    operation: "prepayInstance",
    method: "PUT",
    path: "/api/v0/instances/prepay/{id}/",
    body: wire.PrepayBody,
    answer: wire.PrepayAnswer,
    repeat: "never",
    limit: { calls: 1, perSeconds: 2 },
    source: docs("prepay instance")
  }),
  /** What was prepaid. */
  showDeposit: endpoint({
    operation: "showDeposit",
    method: "GET",
    path: "/api/v0/instances/balance/{id}/",
    answer: wire.DepositAnswer,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 3 },
    source: docs("show deposit")
  }),
  /** Has the log uploaded; `result_url` answers 200 when it is there. */
  requestLogs: endpoint({
    operation: "requestLogs",
    method: "PUT",
    path: "/api/v0/instances/request_logs/{id}/",
    body: wire.LogsBody,
    answer: wire.ResultAnswer,
    repeat: "safe",
    timeout: "2 minutes",
    source: docs("request logs")
  }),
  /** Runs `ls`, `rm` or `du` and nothing else. */
  execute: endpoint({
    operation: "execute",
    method: "PUT",
    path: "/api/v0/instances/command/{id}/",
    body: wire.ExecuteBody,
    answer: wire.ResultAnswer,
    repeat: "refused-only",
    limit: { calls: 1, perSeconds: 1.5 },
    source: docs("execute")
  }),
  /** The account's keys; 404 without any. */
  listSshKeys: endpoint({
    operation: "listSshKeys",
    method: "GET",
    path: "/api/v0/ssh/",
    answer: wire.KeysAnswer,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 1 },
    source: docs("show ssh keys")
  }),
  /** Registers a key with the account. What happens to a duplicate is not documented. */
  createSshKey: endpoint({
    operation: "createSshKey",
    method: "POST",
    path: "/api/v0/ssh/",
    body: wire.KeyBody,
    answer: wire.CreateKeyAnswer,
    repeat: "refused-only",
    limit: { calls: 1, perSeconds: 1 },
    source: docs("create ssh key")
  }),
  /** Replaces a key of the account. */
  updateSshKey: endpoint({
    operation: "updateSshKey",
    method: "PUT",
    path: "/api/v0/ssh/{id}/",
    body: wire.KeyBody,
    answer: wire.Success,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 1 },
    source: docs("update ssh key")
  }),
  /** Removes a key from the account; 400 `no_ssh_key` when it is gone. */
  deleteSshKey: endpoint({
    operation: "deleteSshKey",
    method: "DELETE",
    path: "/api/v0/ssh/{id}/",
    body: wire.Empty,
    answer: wire.Success,
    repeat: "safe",
    source: docs("delete ssh key")
  }),
  /** The keys of one machine; a JSON text inside JSON. */
  listInstanceSshKeys: endpoint({
    operation: "listInstanceSshKeys",
    method: "GET",
    path: "/api/v0/instances/{id}/ssh/",
    answer: wire.InstanceKeysAnswer,
    repeat: "safe",
    source: docs("show ssh keys of an instance")
  }),
  /** Lets a key into a container. Takes the text, not an id. */
  attachSshKey: endpoint({
    operation: "attachSshKey",
    method: "POST",
    path: "/api/v0/instances/{id}/ssh/",
    body: wire.KeyBody,
    answer: wire.Success,
    repeat: "refused-only",
    source: docs("attach ssh key")
  }),
  /** Takes a key out of a container. */
  detachSshKey: endpoint({
    operation: "detachSshKey",
    method: "DELETE",
    path: "/api/v0/instances/{id}/ssh/{key}/",
    body: wire.Empty,
    answer: wire.Success,
    repeat: "safe",
    limit: { calls: 1, perSeconds: 2 },
    source: docs("detach ssh key")
  }),
  ...priceEndpoints,
  /** The account; `credit` is what can be spent. */
  currentUser: endpoint({
    operation: "currentUser",
    method: "GET",
    path: "/api/v0/users/current/",
    answer: wire.UserAnswer,
    repeat: "safe",
    source: docs("show user")
  })
} as const
