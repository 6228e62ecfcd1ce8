import type * as door from "../kit/door.ts"
import { routesOf } from "../kit/door.ts"
import { isSize, textIn, textsIn } from "../kit/fields.ts"
import { ok, type Reply } from "../kit/http.ts"
import { freeOf } from "../kit/stock.ts"
import { planPhase } from "../kit/timeline.ts"
import { addKey, addScript, keyRow, paged, removing, showing } from "./account.ts"
import { conflict, invalid, made, missing, noInstance, unauthorized } from "./answers.ts"
import { images, locations, systems, typeOf, typeRow, types, volumeTypeRow } from "./catalogue.ts"
import { createInstance, tagsIn } from "./create.ts"
import { endSoon, type Instance, instanceRow, isAlive, isBusy, money } from "./instance.ts"
import { journalRow, note } from "./journal.ts"
import { createVolume, deleteVolume, isKept, type Volume, volumeRow } from "./volume.ts"
import { shelfOf, type World } from "./world.ts"

/** One request as a handler sees it. */
export type Call = door.Call<World>

/** A token for the keys, or for the refresh of the last one. Source: Verda API v1, POST /oauth2/token. */
const giveToken = ({ world, body, apiKey }: Call): Reply => {
  const { state, random, timeline } = world
  const known = state.tokens.find(({ refresh }) => refresh !== null && refresh === body.refresh_token)
  if (body.grant_type === "refresh_token" && known === undefined) return unauthorized("Invalid refresh token")
  if (body.grant_type !== "refresh_token" && body.grant_type !== "client_credentials")
    return invalid("unsupported grant type")
  const isOurs = body.client_id === apiKey && body.client_secret === apiKey
  if (body.grant_type === "client_credentials" && !isOurs) return unauthorized("Invalid client id or client secret")
  const token = { value: `eyJ${random.hex(40)}`, refresh: `eyJ${random.hex(40)}`, until: state.at + timeline.token }
  // A refresh is taken once. The token that came with it stays good: no document says that a new one ends it.
  if (known !== undefined) known.refresh = null
  state.tokens = [...state.tokens.filter(({ until }) => until > state.at), token]
  const pair = { access_token: token.value, refresh_token: token.refresh, expires_in: timeline.token / 1000 }
  return ok({ ...pair, token_type: "Bearer", scope: "cloud-api-v1" })
}

const isShown = ({ choices }: World, machine: Instance): boolean =>
  isAlive(machine) || choices.endedAs === "discontinued"

const shownOf = (world: World, id: unknown): Instance | undefined =>
  world.state.instances.find((machine) => machine.id === id && isShown(world, machine))

/** Filters by tag want all of them: `key=value`, split at the first sign, or a key. */
const hasTag = ({ tags }: Instance, wanted: string): boolean => {
  const [key, ...value] = wanted.split("=")
  return tags.some((tag) => tag.key === key && (value.length === 0 || tag.value === value.join("=")))
}

const listInstances = ({ world, query }: Call): Reply => {
  const status = query.get("status")
  const rows = world.state.instances
    .filter((machine) => isShown(world, machine) && query.getAll("tag").every((tag) => hasTag(machine, tag)))
    .map((machine) => instanceRow(machine, world))
  return ok(status === null ? rows : rows.filter((row) => row.status === status))
}

const withInstance = (handle: (machine: Instance, call: Call) => Reply) => (call: Call) => {
  const machine = shownOf(call.world, call.params.id)
  return machine === undefined ? noInstance(call.world) : handle(machine, call)
}

const refuseEnd = ({ state }: Instance): string | null => {
  if (state === "ordered" || state === "provisioning") return "Can't discontinue a provisioning instance"
  return state === "discontinued" ? "Can't discontinue a discontinued instance" : null
}

/** What an action comes to for one machine: a sentence where it is refused, null where it is done, true where nothing is left to do. */
const actOn = (world: World, machine: Instance, { body }: Call): string | true | null => {
  const { timeline, choices } = world
  const { id, state, place } = machine
  const noted = (action: string) => note(world, { object: id, type: "compute", action, place })
  if (body.action === "delete" || body.action === "discontinue") {
    if (state === "deleting" || (state === "discontinued" && choices.repeatedEnd === 204)) return true
    const refused = refuseEnd(machine)
    if (refused !== null) return refused
    noted("delete")
    const named = textsIn(body.volume_ids)
    endSoon(world, machine, { ids: named ?? "os to the trash", isPermanent: body.delete_permanently === true })
    return null
  }
  if (body.action === "shutdown" || body.action === "force_shutdown") {
    if (state === "offline" && !isBusy(world, machine)) return true
    if (state !== "running") return `Can't shut down a ${state} instance`
    noted("shutdown")
    planPhase(world, id, timeline.stopping, "offline")
    return null
  }
  if (body.action !== "start" && body.action !== "boot") return "Unknown action"
  if (state === "running" && !isBusy(world, machine)) return true
  if (state !== "offline") return `Can't start a ${state} instance`
  noted("start")
  planPhase(world, id, timeline.starting, "running")
  return null
}

/** PUT /v1/instances: one id answers for itself, several by rows. Source: Verda API v1, OpenAPI. */
const act = (call: Call): Reply => {
  const { world, body } = call
  const ids = textsIn(typeof body.id === "string" ? [body.id] : body.id)
  if (ids === undefined || ids.length === 0) return invalid("id is required")
  const rows = ids.map((id) => {
    const machine = world.state.instances.find((one) => one.id === id)
    return { id, outcome: machine === undefined ? undefined : actOn(world, machine, call) }
  })
  const [only] = rows
  if (rows.length === 1 && only !== undefined) {
    if (only.outcome === undefined) return noInstance(world)
    if (only.outcome === true) return { status: 204 }
    if (only.outcome !== null) return invalid(only.outcome)
  }
  const results = rows.map(({ id: instanceId, outcome }) => {
    const error = outcome === undefined ? "Invalid instance id" : typeof outcome === "string" ? outcome : null
    const result = { instanceId, action: body.action, status: error === null ? "success" : "error" }
    return error === null ? result : { ...result, error, statusCode: 400 }
  })
  return { status: results.some(({ status }) => status === "error") ? 207 : 202, json: results }
}

const addTag = withInstance((machine, { world, body }) => {
  const tags = tagsIn(world, [body])
  if (!Array.isArray(tags)) return tags as Reply
  const [tag] = tags
  if (tag === undefined || machine.tags.length >= 10) return invalid("tags: 10 at most")
  if (machine.tags.some(({ key, value }) => key === tag.key && value === tag.value))
    return conflict("tag already linked")
  machine.tags = [...machine.tags, tag]
  return { status: 201, json: tag }
})

const removeTag = withInstance((machine, { params }) => {
  const left = machine.tags.filter(({ id }) => id !== params.tagId)
  if (left.length === machine.tags.length) return missing("tag not found")
  machine.tags = left
  return { status: 204 }
})

const withVolume = (handle: (volume: Volume, call: Call) => Reply) => (call: Call) => {
  const volume = call.world.state.volumes.find(({ id }) => id === call.params.id)
  return volume === undefined ? missing("Volume not found") : handle(volume, call)
}

const makeVolume = ({ world, body }: Call): Reply => {
  const name = textIn(body, "name")
  const place = locations.find(({ code }) => code === body.location_code)?.code
  if (name === undefined || place === undefined || !isSize(body.size))
    return invalid("name, location_code and size are required")
  if (body.type !== "NVMe") return invalid(`${body.type} volumes can no longer be created`)
  return made(world, 202, createVolume(world, { name, place, size: body.size, type: "NVMe", instance: null }).id)
}

const removeVolume = withVolume((volume, { world, body }) => {
  if (volume.state === "erased") return { status: 204 }
  deleteVolume(world, volume, body.is_permanent === true)
  return { status: 202 }
})

/** Of both pools; an unknown type is not documented there. */
const availability = ({ world, query }: Call): Reply => {
  const isSpot = query.get("is_spot") === "true"
  const places = locations.filter(({ code }) => (query.get("location_code") ?? code) === code)
  return ok(
    places.map(({ code }) => ({
      location_code: code,
      availabilities: types.map(({ id }) => id).filter((id) => freeOf(world.state.free, shelfOf(id, code, isSpot)) > 0)
    }))
  )
}

const listImages = ({ query }: Call): Reply => {
  const type = query.get("instance_type")
  if (type === null) return ok(images)
  return typeOf(type) === undefined
    ? missing("Unknown instance type")
    : ok(images.filter(({ image_type }) => systems.includes(image_type)))
}

/** Newest first: in which order the journal comes is not documented. */
const journal =
  (type?: "compute" | "volume") =>
  ({ world, params, query }: Call): Reply => {
    const rows = world.state.journal.filter(
      (row) => type === undefined || (row.type === type && row.object === params.id)
    )
    return paged(rows.map((row) => journalRow(row, world)).toReversed(), query)
  }

const balance = ({ world: { state } }: Call): Reply => ok({ amount: money.toDollars(state.credit), currency: "usd" })

const tokenPath = "/v1/oauth2/token"
/** Taken without a token. Source: Verda API v1, OpenAPI: security. */
export const openPaths: readonly string[] = [tokenPath, "/v1/instance-types", "/v1/volume-types"]

/** The routes that are there. Source: Verda API v1, OpenAPI. */
export const routes = routesOf<World>(
  [`POST ${tokenPath}`, giveToken],
  ["GET /v1/balance", balance],
  ["GET /v1/instance-types", () => ok(types.map(typeRow))],
  ["GET /v1/volume-types", () => ok([volumeTypeRow])],
  ["GET /v1/instance-availability", availability],
  ["GET /v1/locations", () => ok(locations)],
  ["GET /v1/images", listImages],
  ["GET /v1/instances", listInstances],
  ["POST /v1/instances", createInstance],
  ["PUT /v1/instances", act],
  ["GET /v1/instances/{id}", withInstance((machine, { world }) => ok(instanceRow(machine, world)))],
  ["POST /v1/instances/{id}/tags", addTag],
  ["DELETE /v1/instances/{id}/tags/{tagId}", removeTag],
  ["GET /v1/volumes", ({ world }) => ok(world.state.volumes.filter(isKept).map((volume) => volumeRow(volume, world)))],
  [
    "GET /v1/volumes/trash",
    ({ world }) =>
      ok(world.state.volumes.filter(({ state }) => state === "trash").map((volume) => volumeRow(volume, world)))
  ],
  ["POST /v1/volumes", makeVolume],
  ["GET /v1/volumes/{id}", withVolume((volume, { world }) => ok(volumeRow(volume, world)))],
  ["DELETE /v1/volumes/{id}", removeVolume],
  ["GET /v1/ssh-keys", ({ world }) => ok(world.state.keys.map(keyRow))],
  ["POST /v1/ssh-keys", addKey],
  ["GET /v1/ssh-keys/{id}", showing("keys")],
  ["DELETE /v1/ssh-keys/{id}", removing("keys")],
  ["GET /v1/scripts", ({ world, query }) => paged(world.state.scripts, query)],
  ["POST /v1/scripts", addScript],
  ["GET /v1/scripts/{id}", showing("scripts")],
  ["DELETE /v1/scripts/{id}", removing("scripts")],
  ["GET /v1/journal", journal()],
  ["GET /v1/journal/compute/{id}", journal("compute")],
  ["GET /v1/journal/volume/{id}", journal("volume")]
)
