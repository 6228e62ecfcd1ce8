import { ok, type Reply } from "../../kit/http.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import type { ApiKey } from "../world.ts"

const rowOf = ({ id, name, permissions }: ApiKey) => ({ id, name, permissions })

/** An unknown key: its answer isn't documented. */
const unknown = (): Reply => failure(400, "invalid_args", "Invalid args: no such API key")

const keyIn = ({ world, params }: Call): ApiKey | undefined =>
  world.state.apiKeys.find(({ id }) => id === idIn(params.id))

/** GET /api/v0/auth/apikeys/. Source: vast-cli, vastai/api/keys.py; what a row holds besides isn't documented. */
export const listApiKeys = ({ world }: Call): Reply => ok({ apikeys: world.state.apiKeys.map(rowOf) })

/** GET /api/v0/auth/apikeys/{id}/. Source: as above. */
export const showApiKey = (call: Call): Reply => {
  const key = keyIn(call)
  return key === undefined ? unknown() : ok(rowOf(key))
}

/**
 * POST /api/v0/auth/apikeys/ with `{ name, permissions }`. Source: as above.
 *
 * - The field of the key in the answer isn't documented, so the answer has no key, and no made key gives access.
 */
export const createApiKey = ({ world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return invalidJson()
  if (typeof body.name !== "string") return failure(400, "invalid_args", "Invalid args: 'name' is required")
  const { state } = world
  world.state.apiKeys.push({ id: state.nextKey++, name: body.name, permissions: body.permissions ?? null })
  return success()
}

/** DELETE /api/v0/auth/apikeys/{id}/. Source: as above. */
export const deleteApiKey = (call: Call): Reply => {
  const key = keyIn(call)
  if (key === undefined) return unknown()
  call.world.state.apiKeys = call.world.state.apiKeys.filter((other) => other !== key)
  return success()
}
