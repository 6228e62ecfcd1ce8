import * as z from "zod"
import { neighbours } from "./neighbour-endpoints.ts"
import {
  CurrencyQuery,
  creates,
  deletes,
  endpoint,
  JournalQuery,
  limit,
  listLimit,
  lists,
  page,
  shows
} from "./route.ts"
import * as wire from "./wire.ts"

const currency = { query: CurrencyQuery } as const
const pool = { is_spot: z.boolean().optional(), location_code: z.string().optional() }

const tokens = {
  /** A token for client id and client secret; good for an hour. */
  getToken: endpoint({
    ...{
      operation: "getToken",
      method: "POST",
      path: "/v1/oauth2/token",
      body: wire.TokenBody,
      answer: wire.TokenPair
    },
    ...{ repeat: "safe", open: true, limit, sensitive: ["client_secret"] }
  }),
  /** The next token, for the refresh token of the last one: good once, so that it is not sent again. */
  refreshToken: endpoint({
    ...{
      operation: "refreshToken",
      method: "POST",
      path: "/v1/oauth2/token",
      body: wire.RefreshBody,
      answer: wire.TokenPair
    },
    ...{ repeat: "never", open: true, limit, sensitive: ["refresh_token"] }
  })
} as const

const instances = {
  /** The machines of the project, all at once. */
  listInstances: endpoint({
    ...lists("listInstances", "/v1/instances"),
    query: z.strictObject({
      ...{ status: z.string().optional(), computeId: z.string().optional(), tag: z.string().optional() }
    }),
    limit: listLimit
  }),
  /** Rents a machine; answers its id alone. */
  createInstance: endpoint({ ...creates("createInstance", "/v1/instances", wire.CreateInstance), timeout: "1 minute" }),
  /** One machine. */
  getInstance: endpoint({ ...shows("getInstance", "/v1/instances/{id}"), answer: wire.OneInstance }),
  /** Starts, halts or ends machines. Rows of a 202 or 207 may say that one of them failed. */
  instanceAction: endpoint({
    ...{ operation: "instanceAction", method: "PUT", path: "/v1/instances", body: wire.InstanceAction },
    ...{ answer: wire.Nothing, repeat: "safe", limit }
  }),
  /** Links a tag to a machine. The same one a second time is a 409. */
  addInstanceTag: endpoint({
    ...{ operation: "addInstanceTag", method: "POST", path: "/v1/instances/{id}/tags", body: wire.TagBody },
    ...{ answer: wire.Shown, repeat: "refused-only" }
  }),
  /** Takes a tag off a machine, by the tag's id. */
  removeInstanceTag: endpoint(deletes("removeInstanceTag", "/v1/instances/{id}/tags/{tagId}"))
} as const

const volumes = {
  /** The volumes of the project, those of the trash apart. */
  listVolumes: endpoint({
    ...lists("listVolumes", "/v1/volumes"),
    query: z.strictObject({ status: z.string().optional() }),
    limit: listLimit
  }),
  /** The volumes that are restorable for 96 hours, cost nothing, and count against the quota. */
  listTrash: endpoint({ ...lists("listTrash", "/v1/volumes/trash"), limit }),
  /** One volume, of the trash too. */
  getVolume: endpoint({ ...shows("getVolume", "/v1/volumes/{id}"), answer: wire.OneVolume }),
  /** Makes a volume, which costs from now on. */
  createVolume: endpoint(creates("createVolume", "/v1/volumes", wire.CreateVolume)),
  /** Attaches, detaches, renames, enlarges, copies, restores or deletes volumes. */
  volumeAction: endpoint({
    ...{ operation: "volumeAction", method: "PUT", path: "/v1/volumes", body: wire.VolumeAction },
    ...{ answer: wire.Nothing, bareText: true, repeat: "refused-only", limit }
  }),
  /** Deletes a volume: to the trash, or for good. */
  deleteVolume: endpoint({ ...deletes("deleteVolume", "/v1/volumes/{id}"), body: wire.DeleteVolume }),
  /** Links a tag to a volume. */
  addVolumeTag: endpoint({
    ...{ operation: "addVolumeTag", method: "POST", path: "/v1/volumes/{id}/tags", body: wire.TagBody },
    ...{ answer: wire.Shown, repeat: "refused-only" }
  }),
  /** Takes a tag off a volume. */
  removeVolumeTag: endpoint(deletes("removeVolumeTag", "/v1/volumes/{id}/tags/{tagId}"))
} as const

const catalog = {
  /** The types of machine, with their prices. */
  listInstanceTypes: endpoint({ ...lists("listInstanceTypes", "/v1/instance-types"), ...currency, limit }),
  /** Which types are to be had where, on demand or as spot: a hint. */
  listAvailability: endpoint({
    ...lists("listAvailability", "/v1/instance-availability"),
    query: z.strictObject(pool),
    limit
  }),
  /** Whether one type is to be had. */
  checkAvailability: endpoint({
    ...{ operation: "checkAvailability", method: "GET", path: "/v1/instance-availability/{type}", repeat: "safe" },
    query: z.strictObject(pool),
    answer: z.union([z.boolean(), z.enum(["true", "false"]).transform((word) => word === "true")])
  }),
  /** The places. */
  listLocations: endpoint({ ...lists("listLocations", "/v1/locations"), limit }),
  /** The images, of one type of machine where it is named. */
  listImages: endpoint({
    ...lists("listImages", "/v1/images"),
    query: z.strictObject({ instance_type: z.string().optional() }),
    limit
  }),
  /** The types of volume, with their prices. */
  listVolumeTypes: endpoint({ ...lists("listVolumeTypes", "/v1/volume-types"), ...currency, limit })
} as const

const account = {
  /** What is left on the project. */
  getBalance: endpoint({ ...shows("getBalance", "/v1/balance"), answer: wire.Balance, limit }),
  /** The public keys of the project. */
  listSshKeys: endpoint({ ...lists("listSshKeys", "/v1/ssh-keys"), limit }),
  /** Keeps a public key; machines get it at their first boot alone. */
  createSshKey: endpoint(creates("createSshKey", "/v1/ssh-keys", wire.CreateKey)),
  /** One public key. */
  getSshKey: endpoint(shows("getSshKey", "/v1/ssh-keys/{id}")),
  /** Forgets a public key; machines keep it. */
  deleteSshKey: endpoint(deletes("deleteSshKey", "/v1/ssh-keys/{id}")),
  /** Forgets several. */
  deleteSshKeys: endpoint({ ...deletes("deleteSshKeys", "/v1/ssh-keys"), body: wire.DeleteKeys, limit }),
  /** The startup scripts of the project, ten a page unless said otherwise. */
  listScripts: endpoint({
    ...lists("listScripts", "/v1/scripts"),
    query: z.strictObject({
      ...{ ...page, name: z.string().optional(), orderBy: z.literal("created_at").optional() },
      orderDirection: z.enum(["asc", "desc"]).optional()
    }),
    limit
  }),
  /** Keeps a startup script, which every key of the project can read. */
  createScript: endpoint({ ...creates("createScript", "/v1/scripts", wire.CreateScript), sensitive: ["script"] }),
  /** One startup script, with its text. */
  getScript: endpoint(shows("getScript", "/v1/scripts/{id}")),
  /** Deletes a startup script. */
  deleteScript: endpoint(deletes("deleteScript", "/v1/scripts/{id}")),
  /** Deletes several. */
  deleteScripts: endpoint({ ...deletes("deleteScripts", "/v1/scripts"), body: wire.DeleteScripts, limit }),
  /** What happened on the project. */
  listJournal: endpoint({ ...lists("listJournal", "/v1/journal"), query: JournalQuery, limit }),
  /** What happened to one machine, also to one that is gone. */
  listInstanceJournal: endpoint({ ...lists("listInstanceJournal", "/v1/journal/compute/{id}"), query: JournalQuery }),
  /** What happened to one volume. */
  listVolumeJournal: endpoint({ ...lists("listVolumeJournal", "/v1/journal/volume/{id}"), query: JournalQuery })
} as const

/** All routes, the deprecated ones apart. */
export const endpoints = { ...tokens, ...instances, ...volumes, ...catalog, ...account, ...neighbours } as const
