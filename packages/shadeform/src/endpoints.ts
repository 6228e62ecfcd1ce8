import * as z from "zod"
import { resources } from "./resource-endpoints.ts"
import { creates, endpoint, secretFields, sets } from "./route.ts"
import * as wire from "./wire.ts"

/** The number of GPUs is a text, as the document types it. */
const TypesQuery = z.strictObject({
  cloud: z.string().optional(),
  region: z.string().optional(),
  num_gpus: z.string().optional(),
  gpu_type: z.string().optional(),
  shade_instance_type: z.string().optional(),
  available: z.boolean().optional(),
  sort: z.literal("price").optional()
})

const instances = {
  /** The machines of the account that are not deleted; those that are being deleted are among them. */
  listInstances: endpoint({
    operation: "listInstances",
    method: "GET",
    path: "/v1/instances",
    answer: wire.Instances,
    repeat: "safe"
  }),
  /** The types of all clouds, with price and availability by region. */
  listInstanceTypes: endpoint({
    operation: "listInstanceTypes",
    method: "GET",
    path: "/v1/instances/types",
    query: TypesQuery,
    answer: wire.InstanceTypes,
    repeat: "safe"
  }),
  /** Rents a machine. */
  createInstance: endpoint({
    ...creates("createInstance", "/v1/instances/create", wire.CreateInstance, secretFields),
    timeout: "1 minute"
  }),
  /** One machine, with what lists leave out: its key, its volumes, when it ends by itself. */
  getInstance: endpoint({
    operation: "getInstance",
    method: "GET",
    path: "/v1/instances/{id}/info",
    answer: wire.OneInstance,
    repeat: "safe"
  }),
  /** Changes name, tags, or when a machine ends by itself. */
  updateInstance: endpoint({
    operation: "updateInstance",
    method: "POST",
    path: "/v1/instances/{id}/update",
    body: wire.UpdateInstance,
    answer: wire.Nothing,
    repeat: "safe"
  }),
  /** Ends a machine for good. */
  deleteInstance: endpoint(sets("deleteInstance", "/v1/instances/{id}/delete")),
  /** Reboots a machine: a second time it would again. */
  restartInstance: endpoint({
    operation: "restartInstance",
    method: "POST",
    path: "/v1/instances/{id}/restart",
    answer: wire.Nothing,
    repeat: "refused-only"
  })
} as const

const keys = {
  /** The public keys of the account; the private half of Shadeform's own comes along, and is dropped. */
  listSshKeys: endpoint({
    operation: "listSshKeys",
    method: "GET",
    path: "/v1/sshkeys",
    answer: wire.Keys,
    repeat: "safe",
    secretAnswer: true
  }),
  /** Adds a public key; its name must be another one than those of all others. */
  addSshKey: endpoint(creates("addSshKey", "/v1/sshkeys/add", wire.AddKey)),
  /** One public key. */
  getSshKey: endpoint({
    operation: "getSshKey",
    method: "GET",
    path: "/v1/sshkeys/{id}/info",
    answer: wire.Key,
    repeat: "safe",
    secretAnswer: true
  }),
  /** Removes a key; refused for the default one, Shadeform's own, and one in use. */
  deleteSshKey: endpoint(sets("deleteSshKey", "/v1/sshkeys/{id}/delete")),
  /** Makes a key the one that machines get when none is named. */
  setDefaultSshKey: endpoint(sets("setDefaultSshKey", "/v1/sshkeys/{id}/setdefault"))
} as const

/** All routes. */
export const endpoints = { ...instances, ...keys, ...resources } as const
