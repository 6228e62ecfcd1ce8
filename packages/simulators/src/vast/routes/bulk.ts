import type { Reply } from "../../kit/http.ts"
import { type Call, failure, invalidJson, success } from "../http.ts"
import { createInstance } from "./create.ts"
import { destroyInstance, manageInstance } from "./manage.ts"
import { offersFor } from "./search.ts"

const idsIn = (value: unknown): readonly string[] | undefined =>
  Array.isArray(value) && value.length > 0 ? value.map(String) : undefined

/** Does one thing for each id, and answers the first refusal when nothing succeeded: what a part of it does is undocumented. */
const each = (call: Call, ids: readonly string[] | undefined, name: string, handler: (one: Call) => Reply): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  if (ids === undefined) return failure(400, "invalid_args", `${name} must be a list of ids`)
  const replies = ids.map((id) => handler({ ...call, params: { id } }))
  const isDone = replies.some(({ status, json }) => status === 200 && Object(json).success === true)
  return isDone ? success() : (replies[0] ?? success())
}

/** PUT /api/v0/instances/ with `{ state, ids }`. Its answer isn't documented. Source: vast-cli, vastai/api/instances.py. */
export const manageInstances = (call: Call): Reply => each(call, idsIn(call.body.ids), "ids", manageInstance)

/** DELETE /api/v0/instances/ with `{ instance_ids }`. Its answer isn't documented. Source: vast-cli, vastai/api/instances.py. */
export const destroyInstances = (call: Call): Reply =>
  each(call, idsIn(call.body.instance_ids), "instance_ids", destroyInstance)

/**
 * POST /api/v0/asks/bulk/ with `{ ids, ... }`: a create on each of these offers. Source: vast-cli, vastai/api/instances.py.
 *
 * - Its answer isn't documented, so it names no contract: the list does.
 */
export const createInstances = (call: Call): Reply => each(call, idsIn(call.body.ids), "ids", createInstance)

/**
 * PUT /api/v0/launch_instance/ with `{ q, ... }`: searches and rents the first offer found. Source: Vast docs, launch
 * instance (`new_contract` is a text here); vast-cli, vastai/api/offers.py.
 *
 * - What a search without a result answers isn't documented.
 */
export const launchInstance = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const offers = offersFor(call, call.body.q)
  if (!Array.isArray(offers)) return offers
  const [first] = offers
  if (first === undefined) return failure(404, "no_such_ask", "no_such_ask No offer matches the query.")
  const reply = createInstance({ ...call, params: { id: String(first.id) } })
  const { success: isDone, new_contract } = Object(reply.json)
  return isDone === true ? success({ new_contract: String(new_contract) }) : reply
}
