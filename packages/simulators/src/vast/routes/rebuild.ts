import { isObject, type Reply } from "../../kit/http.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import { recycle } from "../lifecycle.ts"
import type { Machine, Workload } from "../machine.ts"
import { findMachine } from "../world.ts"
import { findTemplate } from "./templates.ts"

const machineIn = ({ world, params }: Call): Machine | undefined => {
  const id = idIn(params.id)
  return id === undefined ? undefined : findMachine(world, id)
}

const noInstance = (): Reply => failure(404, "no_such_instance", "Instance not found.")

const invalid = (what: string): Reply => failure(400, "invalid_args", `error 400/3467: Invalid args: ${what}`)

/**
 * PUT /api/v0/instances/update_template/{id}/: the container is rebuilt, as by recycle, with what is given. Source:
 * vast-cli, vastai/api/instances.py.
 *
 * - How it refuses isn't documented.
 */
export const updateTemplateOf = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const { world, body } = call
  const machine = machineIn(call)
  if (machine === undefined) return noInstance()
  const hash = typeof body.template_hash_id === "string" ? body.template_hash_id : null
  const id = typeof body.template_id === "number" ? body.template_id : null
  const template = hash === null && id === null ? undefined : findTemplate(world, hash, id)
  if (template === undefined && (hash !== null || id !== null)) return invalid("no such template")
  const image = body.image ?? template?.content.image
  const workload: Workload = {
    ...machine.workload,
    ...(typeof image === "string" && { image }),
    ...(typeof body.onstart === "string" && { onstart: body.onstart }),
    ...(Array.isArray(body.args) && { args: body.args.map(String) }),
    ...(isObject(body.env) && { env: Object.entries(body.env).map(([name, value]) => [name, String(value)] as const) }),
    ...(template && { templateId: template.id, templateHash: template.hash })
  }
  Object.assign(machine, { workload })
  recycle(world, machine)
  return success()
}

/**
 * POST /api/v0/instances/take_snapshot/{id}/: pushes the container to a registry. Source: vast-cli,
 * vastai/api/instances.py.
 *
 * - An `id` in the body is a 400, as another client has seen. There is no registry: nothing is pushed.
 */
export const takeSnapshot = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  if (machineIn(call) === undefined) return noInstance()
  if ("id" in call.body) return invalid("unexpected 'id'")
  if (typeof call.body.personal_repo !== "string") return invalid("'personal_repo' is required")
  return success({ msg: "" })
}
