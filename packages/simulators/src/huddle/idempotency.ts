import type { Reply } from "../kit/http.ts"
import { refusal } from "./http.ts"
import type { World } from "./world.ts"

/**
 * Answers a request that carries an idempotency key: the first time by `run`, then with that first answer as it was.
 *
 * - Source: Huddle01 docs, Deployments, Idempotency ("return the cached result instead of creating a new deployment").
 * - So a replayed deploy still reads `ordered` when the deployment has long moved on.
 * - Undocumented and chosen: a key belongs to one method and path; the same key with another body is a 400, since a 409
 *   would read as no capacity; refusals are replayed too; a key is forgotten after a day.
 */
export const replayed = (
  world: World,
  { name, body, run }: { readonly name: string; readonly body: string; readonly run: () => Reply }
): Reply => {
  const { state, timeline, choices } = world
  const known = Object.hasOwn(state.replies, name) ? state.replies[name] : undefined
  if (known !== undefined && known.at + timeline.replay > state.at)
    return known.body === body ? known.reply : refusal(400, "Idempotency-Key was used with another body")
  const reply = run()
  if (reply.status < 400 || choices.keepRefusals) state.replies[name] = { at: state.at, body, reply }
  return reply
}
