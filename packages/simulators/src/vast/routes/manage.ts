import type { Reply } from "../../kit/http.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import { destroy, isExpired, reboot, recycle, start, stop } from "../lifecycle.ts"
import type { Machine } from "../machine.ts"
import { findMachine } from "../world.ts"

const machineIn = ({ world, params }: Call): Machine | undefined => {
  const id = idIn(params.id)
  return id === undefined ? undefined : findMachine(world, id)
}

const noSuchInstance = (id: string | undefined): Reply =>
  failure(404, "no_such_instance", `Instance ${id ?? ""} not found.`)

/**
 * Start of a stopped machine.
 *
 * - Without credit: 400 `missing_billing`, the only billing code documented here.
 * - After its end: contracts can't restart, code undocumented. Source: Vast docs, guides/instances/manage-instances.
 * - Hardware taken: it stays queued. The HTTP status is undocumented; 200 is what the official client expects of a
 *   refused start.
 */
const startMachine = (call: Call, machine: Machine): Reply | undefined => {
  if (call.world.state.credit <= 0n) return failure(400, "missing_billing", "Your account has no credit.")
  if (isExpired(call.world, machine)) return failure(400, "invalid_args", "The contract has ended.")
  if (start(call.world, machine) !== "queued") return undefined
  return failure(200, "resources_unavailable", "Required resources are currently unavailable, state change queued")
}

/**
 * PUT /api/v0/instances/{id}/ with `state` and/or `label`. Source: Vast docs, manage instance.
 *
 * - With both, the label is set first: their order is undocumented. A null label clears it: undocumented too.
 */
export const manageInstance = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const { state, label } = call.body
  const machine = machineIn(call)
  if (machine === undefined) return noSuchInstance(call.params.id)
  if (state === undefined && label === undefined) return failure(400, "invalid_args", "state or label is required")
  if (state !== undefined && state !== "stopped" && state !== "running")
    return failure(400, "invalid_args", `Invalid args: state must be stopped or running`)
  if (label !== undefined && label !== null && typeof label !== "string")
    return failure(400, "invalid_args", "Invalid args: label must be a string")
  if (typeof label === "string" && label.length > 1024)
    return failure(400, "label_too_long", "Please limit label length to 1024 characters, ideally less than 128.")
  if (label !== undefined) machine.label = label
  if (state === "stopped") stop(call.world, machine)
  const refused = state === "running" ? startMachine(call, machine) : undefined
  if (refused !== undefined) return refused
  return label === undefined ? success() : success({ msg: `label for ${machine.id} set to '${label ?? ""}'` })
}

/** DELETE /api/v0/instances/{id}/. Source: Vast docs; other clients have seen `no_such_instance` for `not_found`. */
export const destroyInstance = (call: Call): Reply => {
  if (idIn(call.params.id) === undefined) return failure(400, "invalid_args", "invalid instance_id")
  const machine = machineIn(call)
  if (machine === undefined) return failure(404, "not_found", "Instance not found")
  destroy(call.world, machine)
  return success({ msg: "Instance destroyed successfully" })
}

/** PUT /api/v0/instances/reboot/{id}/. An unknown id has no 404 in the documents, so it's the documented 400. */
export const rebootInstance = (call: Call): Reply => {
  const machine = machineIn(call)
  if (machine === undefined) return failure(400, "invalid_args", "invalid instance_id")
  reboot(call.world, machine)
  return success()
}

/** PUT /api/v0/instances/recycle/{id}/. Source: Vast docs. */
export const recycleInstance = (call: Call): Reply => {
  const machine = machineIn(call)
  if (machine === undefined) return failure(400, "invalid_id", "Invalid instance id.")
  recycle(call.world, machine)
  return success()
}
