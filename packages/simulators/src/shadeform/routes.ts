import type * as door from "../kit/door.ts"
import { routesOf } from "../kit/door.ts"
import { textIn, textsIn } from "../kit/fields.ts"
import { isObject, ok, type Reply } from "../kit/http.ts"
import { uuidOf } from "../kit/ids.ts"
import { publicKeyIn } from "../kit/public-key.ts"
import { done, missingAs, refusal } from "./answers.ts"
import { createInstance, invalid, thresholdIn } from "./create.ts"
import { end, isUp, type Machine, type Threshold, watch } from "./machine.ts"
import { infoOf, rowOf, typeRows } from "./row.ts"
import { volumeRoutes } from "./volume.ts"
import type { Key, World } from "./world.ts"

/** One request as a handler sees it. */
export type Call = door.Call<World>

const missing = ({ world }: Call): Reply => missingAs[world.choices.missing]

const withMachine = (handle: (machine: Machine, call: Call) => Reply) => (call: Call) => {
  const { state, choices } = call.world
  const machine = state.machines.find(({ id }) => id === call.params.id)
  return machine === undefined || (machine.state === "deleted" && !choices.deletedShown)
    ? missing(call)
    : handle(machine, call)
}

/** What is not deleted; what is being deleted is among it. */
const listInstances = ({ world }: Call): Reply =>
  ok({ instances: world.state.machines.filter(({ state }) => state !== "deleted").map((one) => rowOf(one, world)) })

/** Whether a threshold that is left out stays is not documented: see `forgetsThreshold`. */
const changed = (before: Threshold | null, given: unknown, { choices }: World): Threshold | null | Reply => {
  if (given === undefined) return before
  const threshold = thresholdIn(given)
  if (threshold === null || "status" in threshold) return threshold
  return choices.forgetsThreshold ? threshold : { ...before, ...threshold }
}

/** What is left out stays, and null takes away. Source: Shadeform API reference, UpdateRequest. */
const updateInstance = (machine: Machine, { world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return refusal(400, "malformed body")
  const autoDelete = changed(machine.autoDelete, body.auto_delete, world)
  const alert = changed(machine.alert, body.alert, world)
  const wrong = [autoDelete, alert].find((one): one is Reply => one !== null && "status" in one)
  if (wrong) return wrong
  if (body.name !== undefined && textIn(body, "name") === undefined) return invalid("name")
  machine.name = textIn(body, "name") ?? machine.name
  if (body.tags !== undefined) machine.tags = textsIn(body.tags ?? []) ?? machine.tags
  if (world.choices.recordsAutoDelete) machine.autoDelete = autoDelete as Threshold | null
  machine.alert = alert as Threshold | null
  if (!machine.isEnding) watch(world, machine)
  return done
}

const deleteInstance = (machine: Machine, call: Call): Reply => {
  const { world } = call
  if ((machine.isEnding || machine.state === "deleted") && world.choices.deletesAgain === 404) return missing(call)
  if (machine.state !== "deleted") end(world, machine)
  return done
}

/** From `active` alone, which is chosen here. It stays `active`. */
const restartInstance = (machine: Machine): Reply => {
  if (!isUp(machine)) return refusal(409, "instance is not active")
  machine.restarts += 1
  return done
}

const keyOf = ({ world, params }: Call): Key | undefined => world.state.keys.find(({ id }) => id === params.id)

const addKey = ({ world, body }: Call): Reply => {
  const [name, text] = [textIn(body, "name"), textIn(body, "public_key")]
  if (name === undefined || text === undefined || !publicKeyIn(text)) return invalid("public_key")
  if (world.state.keys.some((key) => key.name === name)) return refusal(400, "name must be unique")
  const key: Key = { id: uuidOf(world.random), name, public_key: text, private_key: "", is_default: false }
  world.state.keys.push(key)
  return ok({ id: key.id })
}

/** Refused for Shadeform's own, the default one, and those in use. Source: Shadeform API reference, sshkeys/delete. */
const deleteKey = (call: Call): Reply => {
  const key = keyOf(call)
  const { state } = call.world
  if (key === undefined) return missing(call)
  const isUsed = state.machines.some((machine) => machine.keyId === key.id && machine.state !== "deleted")
  if (key.is_default || key.private_key !== "" || isUsed) return refusal(409, "key is in use, the default or managed")
  state.keys = state.keys.filter((other) => other !== key)
  return done
}

const setDefaultKey = (call: Call): Reply => {
  const key = keyOf(call)
  if (key === undefined) return missing(call)
  for (const other of call.world.state.keys) other.is_default = other === key
  return done
}

const template = ({ world, params }: Call) => world.state.templates.find(({ id }) => id === params.template_id)

const showTemplate = (call: Call): Reply => {
  const row = template(call)
  return row === undefined ? missing(call) : ok(row)
}

const deleteTemplate = (call: Call): Reply => {
  const row = template(call)
  if (row === undefined) return missing(call)
  call.world.state.templates = call.world.state.templates.filter((other) => other !== row)
  return done
}

const saveTemplate = ({ world, body }: Call): Reply => {
  if (textIn(body, "name") === undefined) return invalid("name")
  const id = uuidOf(world.random)
  world.state.templates.push({ ...body, id })
  return ok({ id })
}

const updateTemplate = (call: Call): Reply => {
  const row = template(call)
  if (row === undefined) return missing(call)
  if (!isObject(call.body) || textIn(call.body, "name") === undefined) return invalid("name")
  Object.assign(row, call.body)
  return done
}

const showKey = (call: Call): Reply => {
  const key = keyOf(call)
  return key === undefined ? missing(call) : ok(key)
}

/** Every route that is simulated. Of clusters only that there are none. */
export const routes = routesOf<World>(
  ["GET /v1/instances", listInstances],
  ["GET /v1/instances/types", ({ query, world }) => ok({ instance_types: typeRows(query, world) })],
  ["POST /v1/instances/create", createInstance],
  ["GET /v1/instances/{id}/info", withMachine((machine, { world }) => ok(infoOf(machine, world)))],
  ["POST /v1/instances/{id}/update", withMachine(updateInstance)],
  ["POST /v1/instances/{id}/delete", withMachine(deleteInstance)],
  ["POST /v1/instances/{id}/restart", withMachine(restartInstance)],
  ["GET /v1/sshkeys", ({ world }) => ok({ ssh_keys: world.state.keys })],
  ["POST /v1/sshkeys/add", addKey],
  ["GET /v1/sshkeys/{id}/info", showKey],
  ["POST /v1/sshkeys/{id}/delete", deleteKey],
  ["POST /v1/sshkeys/{id}/setdefault", setDefaultKey],
  ...volumeRoutes,
  ["GET /v1/templates", ({ world }) => ok({ templates: world.state.templates })],
  ["GET /v1/templates/featured", () => ok({ templates: [] })],
  ["POST /v1/templates/save", saveTemplate],
  ["GET /v1/templates/{template_id}/info", showTemplate],
  ["POST /v1/templates/{template_id}/update", updateTemplate],
  ["POST /v1/templates/{template_id}/delete", deleteTemplate],
  ["GET /v1/clusters", () => ok({ clusters: [] })],
  ["GET /v1/clusters/types", () => ok({ cluster_types: [] })]
)
