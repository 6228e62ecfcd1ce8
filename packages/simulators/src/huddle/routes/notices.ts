import { inSeconds, textIn, textsIn } from "../../kit/fields.ts"
import type { Reply } from "../../kit/http.ts"
import type { Webhook } from "../account.ts"
import { answer, type Call, done, invalid, missing, notFound } from "../http.ts"

/** GET /deployments/requests. Source: official CLI. */
export const listWaitlist = ({ world }: Call): Reply => answer(world.state.waitlist)

/**
 * POST /deployments/requests. Source: Huddle01 docs, GPU Waitlist.
 *
 * - Nobody ever comes up: neither the notice nor the automatic deploy is simulated. `config` isn't in the answer.
 */
export const joinWaitlist = ({ world, body }: Call): Reply => {
  const cluster_type = textIn(body, "cluster_type")
  if (cluster_type === undefined) return missing("cluster_type")
  if (!world.types.has(cluster_type)) return invalid("cluster_type")
  const now = inSeconds(world.state.at)
  const row = {
    ...{ id: `wr_${world.random.hex(12)}`, cluster_type, location: textIn(body, "location") ?? "", status: "waiting" },
    ...{ auto_deploy: body.auto_deploy === true, created_at: now, updated_at: now }
  }
  world.state.waitlist.push(row)
  return answer(row)
}

/** DELETE /deployments/requests/{id}. Source: official CLI. */
export const leaveWaitlist = ({ world, params }: Call): Reply => {
  const left = world.state.waitlist.filter(({ id }) => id !== params.id)
  if (left.length === world.state.waitlist.length) return notFound("Request")
  world.state.waitlist = left
  return done
}

/** Source: Huddle01 docs, GPU Webhooks. `deleting` has no notice. */
const events: ReadonlySet<string> = new Set([
  ...["deployment.ordered", "deployment.provisioning", "deployment.running", "deployment.offline", "deployment.error"],
  ...["deployment.deleted", "deployment.failed_no_capacity", "gpu.available"]
])

const eventsIn = (value: unknown): readonly string[] | undefined => {
  const given = textsIn(value)
  return given !== undefined && given.length > 0 && given.every((event) => events.has(event)) ? given : undefined
}

const withoutSecret = ({ secret: _, ...row }: Webhook) => row

/** GET /webhooks, without secrets. Source: official CLI. */
export const listWebhooks = ({ world }: Call): Reply => answer(world.state.webhooks.map(withoutSecret))

/** POST /webhooks: the secret shows here alone. Source: Huddle01 docs, Create webhook. Nothing is ever delivered. */
export const createWebhook = ({ world, body }: Call): Reply => {
  const url = textIn(body, "url")
  if (url === undefined) return missing("url")
  if (body.events === undefined) return missing("events")
  const wanted = eventsIn(body.events)
  if (wanted === undefined) return invalid("events")
  const now = inSeconds(world.state.at)
  const webhook: Webhook = {
    ...{ id: world.random.hex(12), url, secret: `whsec_${world.random.hex(24)}`, events: wanted, is_active: true },
    ...{ created_at: now, updated_at: now }
  }
  world.state.webhooks.push(webhook)
  return answer({ ...webhook })
}

/** PUT /webhooks/{id}: what is given changes, the rest stays. Source: Huddle01 docs, Update webhook. */
export const updateWebhook = ({ world, params, body }: Call): Reply => {
  const webhook = world.state.webhooks.find(({ id }) => id === params.id)
  if (webhook === undefined) return notFound("Webhook")
  const wanted = body.events === undefined ? webhook.events : eventsIn(body.events)
  const is_active = body.is_active ?? webhook.is_active
  if (wanted === undefined) return invalid("events")
  if (typeof is_active !== "boolean") return invalid("is_active")
  Object.assign(webhook, { events: wanted, is_active, url: textIn(body, "url") ?? webhook.url })
  webhook.updated_at = inSeconds(world.state.at)
  return answer(withoutSecret(webhook))
}

/** DELETE /webhooks/{id}. Source: official CLI. */
export const deleteWebhook = ({ world, params }: Call): Reply => {
  const left = world.state.webhooks.filter(({ id }) => id !== params.id)
  if (left.length === world.state.webhooks.length) return notFound("Webhook")
  world.state.webhooks = left
  return done
}
