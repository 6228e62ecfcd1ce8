import type * as door from "../kit/door.ts"
import { routesOf } from "../kit/door.ts"
import { textIn, textsIn } from "../kit/fields.ts"
import type { Reply } from "../kit/http.ts"
import { publicKeyIn } from "../kit/public-key.ts"
import { freeOf, placeOf } from "../kit/stock.ts"
import { data, invalid, noInstance, notFound, refusal } from "./answers.ts"
import { images, instanceTypes, regions } from "./catalogue.ts"
import { fileSystemRoutes } from "./file-system.ts"
import { firewallRoutes } from "./firewall.ts"
import { type Instance, isAlive, isEnding, restart, terminate } from "./instance.ts"
import { launch } from "./launch.ts"
import { rowOf, typeRow } from "./row.ts"
import type { World } from "./world.ts"

/** One request as a handler sees it. */
export type Call = door.Call<World>

/** An object keyed by name, with the regions that have capacity now. Source: Lambda Cloud API 1.10.0, listInstanceTypes. */
const listTypes = ({ world: { state } }: Call): Reply =>
  data(
    Object.fromEntries(
      instanceTypes.map((type) => [
        type.name,
        {
          instance_type: typeRow(type),
          regions_with_capacity_available: regions.filter(
            ({ name }) => freeOf(state.free, placeOf(type.name, name)) > 0
          )
        }
      ])
    )
  )

const imageRows = images.map(({ id, family, version, region }) => ({
  ...{ id, created_time: "2025-10-01T00:00:00+00:00", updated_time: "2025-10-01T00:00:00+00:00" },
  ...{ name: `${family}.${version}`, description: family.replaceAll("-", " "), family, version },
  ...{ architecture: "x86_64", region }
}))

const listInstances = ({ world }: Call): Reply => {
  const { instances } = world.state
  const shown = instances.filter((one) => isAlive(one) || (world.choices.listsTerminated && one.remembered))
  return data(shown.map((one) => rowOf(one, world)))
}

const instanceIn = ({ world, params }: Call): Instance | undefined =>
  world.state.instances.find(({ id, remembered }) => id === params.id && remembered)

const showInstance = (call: Call): Reply => {
  const instance = instanceIn(call)
  return instance === undefined ? noInstance : data(rowOf(instance, call.world))
}

const rename = (call: Call): Reply => {
  const instance = instanceIn(call)
  if (instance === undefined) return noInstance
  const { name } = call.body
  if (name !== undefined && (typeof name !== "string" || name.length > 64)) return invalid("name")
  instance.name = name ?? instance.name
  return data(rowOf(instance, call.world))
}

/** The instances that a body names: 404 where one of them is not there. What a partly unknown list does is not documented. */
const named = ({ world, body }: Call): readonly Instance[] | Reply => {
  const ids = textsIn(body.instance_ids)
  if (ids === undefined || ids.length === 0) return invalid("instance_ids")
  const found = world.state.instances.filter(({ id, remembered }) => ids.includes(id) && remembered)
  return found.length < ids.length ? noInstance : found
}

const restartAll = (call: Call): Reply => {
  const found = named(call)
  if ("status" in found) return found
  if (found.some(({ state }) => state !== "active")) {
    return refusal(409, "global/conflict", "The request conflicts with the current state of the resource.")
  }
  for (const instance of found) restart(call.world, instance)
  return data({ restarted_instances: found.map((one) => rowOf(one, call.world)) })
}

const terminateAll = (call: Call): Reply => {
  const found = named(call)
  if ("status" in found) return found
  const { endsAgain, endsBooting } = call.world.choices
  const living = found.filter((one) => isAlive(one) && !isEnding(one))
  if (living.length < found.length && endsAgain === "unknown") {
    return refusal(400, "global/unknown", "An unknown error occurred.")
  }
  if (!endsBooting && living.some(({ state }) => state === "booting")) return invalid("The instance has not launched.")
  for (const instance of living) terminate(call.world, instance)
  return data({ terminated_instances: living.map((one) => rowOf(one, call.world)) })
}

/** Without `public_key` Lambda makes a pair, which is not simulated. A name that is taken is a 400: what it says is not documented. */
const addKey = ({ world: { state, random }, body }: Call): Reply => {
  const [name, line] = [textIn(body, "name"), textIn(body, "public_key")]
  if (name === undefined || name.length > 64 || line === undefined || publicKeyIn(line) === undefined) {
    return invalid("name or public_key")
  }
  if (state.keys.some((key) => key.name === name)) return invalid("SSH key name must be unique")
  const key = { id: random.hex(32), name, public_key: line }
  state.keys.push(key)
  return data(key)
}

const deleteKey = ({ world: { state }, params }: Call): Reply => {
  if (!state.keys.some(({ id }) => id === params.id)) return notFound
  state.keys = state.keys.filter(({ id }) => id !== params.id)
  return data({})
}

/** Every route that is simulated. */
export const routes = routesOf<World>(
  ["GET /api/v1/instance-types", listTypes],
  ["GET /api/v1/regions", () => data(regions)],
  ["GET /api/v1/images", () => data(imageRows)],
  ["POST /api/v1/instance-operations/launch", launch],
  ["POST /api/v1/instance-operations/restart", restartAll],
  ["POST /api/v1/instance-operations/terminate", terminateAll],
  ["GET /api/v1/instances", listInstances],
  ["GET /api/v1/instances/{id}", showInstance],
  ["POST /api/v1/instances/{id}", rename],
  ["GET /api/v1/ssh-keys", ({ world }) => data(world.state.keys)],
  ["POST /api/v1/ssh-keys", addKey],
  ["DELETE /api/v1/ssh-keys/{id}", deleteKey],
  ...fileSystemRoutes,
  ...firewallRoutes
)
