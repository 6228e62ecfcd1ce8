import { base64Of, bytesOf } from "../../kit/base64.ts"
import { numberIn, textIn } from "../../kit/fields.ts"
import type { Reply } from "../../kit/http.ts"
import { type Deployment, type State, statusOf } from "../deployment.ts"
import { answer, type Call, done, invalid, missing, notFound, page, refusal } from "../http.ts"
import { beginDelete, start, stop } from "../lifecycle.ts"
import { deploymentRow } from "../row.ts"
import type { World } from "../world.ts"

/** Neither the default nor the most of `limit` is documented. */
const defaultLimit = 20
const mostDeployments = 100

const find = ({ world, params }: Call): Deployment | undefined =>
  world.state.deployments.find(({ id, gone }) => id === params.id && !gone)

const unknown = () => notFound("Deployment")

const cursorOf = (serial: number) => base64Of(new TextEncoder().encode(`before:${serial}`)).replace(/=+$/, "")

const serialIn = (cursor: string): number | undefined => {
  const [, serial] = /^before:(\d+)$/.exec(new TextDecoder().decode(bytesOf(cursor))) ?? []
  return serial === undefined ? undefined : Number(serial)
}

/**
 * GET /deployments with `status`, `cursor` and `limit`. Source: official CLI; no answer of it is documented.
 *
 * - Chosen: newest first; deleted ones stay in for a while; the last page has `next_cursor: null` and `has_more: false`; an
 *   unknown cursor is a 400.
 */
export const listDeployments = ({ world, query }: Call): Reply => {
  const cursor = query.get("cursor") ?? ""
  const before = cursor === "" ? Number.POSITIVE_INFINITY : serialIn(cursor)
  if (before === undefined) return invalid("cursor")
  const status = query.get("status")
  const all = world.state.deployments
    .filter((deployment) => !deployment.gone && (status === null || statusOf(deployment) === status))
    .sort((a, b) => b.serial - a.serial)
  const rest = all.filter(({ serial }) => serial < before)
  const found = rest.slice(0, numberIn(query, "limit", defaultLimit, mostDeployments))
  const last = found.at(-1)
  const has_more = last !== undefined && found.length < rest.length
  return page(
    found.map((deployment) => deploymentRow(world, deployment)),
    { total: all.length, has_more, next_cursor: has_more ? cursorOf(last.serial) : null }
  )
}

/** GET /deployments/{id}. Source: Huddle01 docs, Deployments. */
export const showDeployment = (call: Call): Reply => {
  const deployment = find(call)
  return deployment === undefined ? unknown() : answer(deploymentRow(call.world, deployment))
}

/** States from which a delete leads nowhere; `provisioning` is one of them by choice. */
const undeletable = ({ choices }: World): ReadonlySet<State> =>
  new Set<State>(["failed_no_capacity", ...(choices.refuseEarlyDelete ? (["provisioning"] as const) : [])])

/**
 * Deletes a deployment, or says why not: undocumented for most states.
 *
 * - `deleting`: done once more. `deleted`: a 404, though its row is still there. What can't be deleted is a 409.
 */
const remove = (world: World, deployment: Deployment): Reply | undefined => {
  if (deployment.state === "deleted") return unknown()
  if (undeletable(world).has(deployment.state)) return refusal(409, `Can't delete a ${deployment.state} deployment`)
  if (deployment.state !== "deleting") beginDelete(world, deployment)
  return undefined
}

/** DELETE /deployments/{id}. Source: Huddle01 docs, Deployments, Actions. */
export const deleteDeployment = (call: Call): Reply => {
  const deployment = find(call)
  return deployment === undefined ? unknown() : (remove(call.world, deployment) ?? done)
}

const powerActions: Readonly<Record<string, (world: World, deployment: Deployment) => boolean>> = { start, stop }

/**
 * POST /deployments/{id}/actions. Source: Huddle01 docs, Deployments, Actions (`delete`); Deployment action (the answer).
 *
 * - `start` and `stop` are a choice. A restart has two names in two documents, so it's a 400 as any unknown action is.
 * - An action that doesn't fit the status is a 409: undocumented.
 */
export const actOn = (call: Call): Reply => {
  const { world, body } = call
  const deployment = find(call)
  if (deployment === undefined) return unknown()
  const action = textIn(body, "action")
  if (action === undefined) return missing("action")
  if (action === "delete") return remove(world, deployment) ?? answer(deploymentRow(world, deployment))
  const power = world.choices.powerActions && Object.hasOwn(powerActions, action) ? powerActions[action] : undefined
  if (power === undefined) return refusal(400, `Unknown action: ${action}`)
  if (!power(world, deployment)) return refusal(409, `Can't ${action} a ${deployment.state} deployment`)
  return answer(deploymentRow(world, deployment))
}
