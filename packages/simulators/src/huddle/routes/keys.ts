import { inSeconds, textIn } from "../../kit/fields.ts"
import type { Reply } from "../../kit/http.ts"
import { publicKeyIn } from "../../kit/public-key.ts"
import type { ApiKey } from "../account.ts"
import { answer, type Call, done, invalid, missing, notFound } from "../http.ts"

/** `key_type` of a key. Source: Huddle01 docs, GPU SSH Keys. */
const keyTypes = [
  ["ssh-ed25519", "ed25519"],
  ["ssh-rsa", "rsa"],
  ["ecdsa-", "ecdsa"]
] as const

/** GET /ssh-keys: an array, without the keys themselves. Source: Huddle01 docs, GPU SSH Keys. */
export const listSshKeys = ({ world }: Call): Reply => answer(world.state.sshKeys)

/**
 * POST /ssh-keys. Source: Huddle01 docs, GPU SSH Keys.
 *
 * - A name or a key that is there already makes another row: undocumented. So is the 400 of a text that is no key.
 */
export const createSshKey = ({ world, body }: Call): Reply => {
  const [name, text] = [textIn(body, "name"), textIn(body, "public_key")]
  if (name === undefined) return missing("name")
  if (text === undefined) return missing("public_key")
  const key = publicKeyIn(text)
  const [, key_type] = keyTypes.find(([prefix]) => key?.type.startsWith(prefix)) ?? []
  if (key === undefined || key_type === undefined) return invalid("public_key")
  const row = {
    ...{ id: `sk_${world.random.hex(12)}`, name, fingerprint: key.fingerprint, key_type },
    created_at: inSeconds(world.state.at)
  }
  world.state.sshKeys.push(row)
  world.state.publicKeys = { ...world.state.publicKeys, [row.id]: key.text }
  return answer(row)
}

/** DELETE /ssh-keys/{id}: running deployments keep the key. Source: Huddle01 docs, GPU SSH Keys. */
export const deleteSshKey = ({ world, params }: Call): Reply => {
  const left = world.state.sshKeys.filter(({ id }) => id !== params.id)
  if (left.length === world.state.sshKeys.length) return notFound("SSH key")
  world.state.sshKeys = left
  return done
}

const withoutSecret = ({ secret: _, ...row }: ApiKey) => row

/** GET /api-keys: an array, without secrets; the simulator's first key isn't in it. Source: Huddle01 docs, GPU API Keys. */
export const listApiKeys = ({ world }: Call): Reply => answer(world.state.apiKeys.map(withoutSecret))

/** POST /api-keys: the new key is let in at once. Source: Huddle01 docs, Create API key; official CLI (default name). */
export const createApiKey = ({ world, body }: Call): Reply => {
  const secret = `mk_${world.random.hex(32)}`
  const key: ApiKey = {
    ...{ id: world.random.hex(12), name: textIn(body, "name") ?? "default", prefix: secret.slice(0, 9), secret },
    created_at: inSeconds(world.state.at)
  }
  world.state.apiKeys.push(key)
  return answer(key)
}

/** DELETE /api-keys/{id}: the key isn't let in any more. The answer is an object of undocumented fields. */
export const deleteApiKey = ({ world, params }: Call): Reply => {
  const left = world.state.apiKeys.filter(({ id }) => id !== params.id)
  if (left.length === world.state.apiKeys.length) return notFound("API key")
  world.state.apiKeys = left
  return answer({})
}
