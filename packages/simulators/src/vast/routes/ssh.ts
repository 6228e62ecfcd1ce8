import { ok, type Reply } from "../../kit/http.ts"
import { attachedKey } from "../contract.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import { type AccountKey, findMachine } from "../world.ts"

const validKey = /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+)\s+\S+/

/** The public key in a body, NUL characters removed. Source: Vast docs, POST /api/v0/ssh/, x-input-validation. */
const keyIn = ({ body }: Call): string | undefined => {
  const key = typeof body.ssh_key === "string" ? body.ssh_key.replaceAll("\0", "").trim() : ""
  return validKey.test(key) ? key : undefined
}

const noKey = (): Reply => failure(400, "no_ssh_key", "No ssh key provided")

const noInstance = (): Reply => failure(404, "no_such_instance", "Instance not found.")

const created = (key: AccountKey, { world }: Call) => ({
  id: key.id,
  user_id: world.userId,
  public_key: key.publicKey,
  created_at: new Date(key.createdAt).toISOString(),
  deleted_at: null
})

/** GET /api/v0/ssh/: an array with the field `key`; an account without keys is a 404. Source: Vast docs. */
export const listKeys = (call: Call): Reply => {
  const { world } = call
  if (world.state.keys.length === 0) return failure(404, "no_ssh_key", "No SSH keys found for the user.")
  return ok(
    world.state.keys.map((key) => {
      const { public_key, ...rest } = created(key, call)
      return { ...rest, key: public_key }
    })
  )
}

/**
 * POST /api/v0/ssh/: the answer calls the field `public_key`. Source: Vast docs.
 *
 * - A key the account already has makes a second row: duplicates are undocumented.
 * - It doesn't reach instances that exist. Source: Vast docs, guides/instances/connect/ssh; the reference page says it does.
 */
export const createKey = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const publicKey = keyIn(call)
  if (publicKey === undefined) return noKey()
  const { state } = call.world
  const key = { id: state.nextKey++, createdAt: state.at, publicKey }
  state.keys.push(key)
  return success({ key: created(key, call) })
}

const findKey = ({ world, params }: Call): AccountKey | undefined =>
  world.state.keys.find((key) => key.id === idIn(params.id))

/** PUT /api/v0/ssh/{id}/. Source: Vast docs. */
export const updateKey = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const key = findKey(call)
  const publicKey = keyIn(call)
  if (key === undefined || publicKey === undefined) return noKey()
  key.publicKey = publicKey
  return success({ key: created(key, call) })
}

/** DELETE /api/v0/ssh/{id}/; an unknown key is a 400 `no_ssh_key`. Source: Vast docs, examples. */
export const deleteKey = (call: Call): Reply => {
  if (idIn(call.params.id) === undefined) return failure(400, "invalid_request", "Invalid request parameters")
  const key = findKey(call)
  if (key === undefined) return noKey()
  call.world.state.keys = call.world.state.keys.filter((other) => other !== key)
  return success()
}

const machineIn = ({ world, params }: Call) => {
  const id = idIn(params.id)
  return id === undefined ? undefined : findMachine(world, id)
}

/** GET /api/v0/instances/{id}/ssh/: `ssh_keys` is a JSON string. Source: Vast docs. */
export const listInstanceKeys = (call: Call): Reply => {
  if (idIn(call.params.id) === undefined) return failure(400, "invalid_args", "invalid instance_id")
  const machine = machineIn(call)
  if (machine === undefined) return noInstance()
  const rows = machine.keys.map((key) => ({ id: key.id, name: key.name, public_key: key.publicKey }))
  return success({ ssh_keys: JSON.stringify(rows) })
}

/**
 * POST /api/v0/instances/{id}/ssh/: attaches the text of a key, not an id. Source: Vast docs.
 *
 * - A key of a VM can't change (guides/instances/connect/ssh); how it's refused is undocumented, taken as 400.
 */
export const attachKey = (call: Call): Reply => {
  if (!call.bodyIsJson) return invalidJson()
  const machine = machineIn(call)
  if (machine === undefined) return noInstance()
  const publicKey = keyIn(call)
  if (publicKey === undefined) return noKey()
  if (machine.workload.vm) return failure(400, "invalid_args", "SSH keys of a VM can't be changed.")
  const { state } = call.world
  const known = state.keys.find((key) => key.publicKey === publicKey)
  if (!machine.keys.some((key) => key.publicKey === publicKey))
    machine.keys.push(attachedKey(known?.id ?? state.nextKey++, publicKey))
  return success({ msg: "SSH key attached successfully" })
}

/** DELETE /api/v0/instances/{id}/ssh/{key}/, by numeric id. Source: Vast docs. */
export const detachKey = (call: Call): Reply => {
  const keyId = idIn(call.params.key)
  if (idIn(call.params.id) === undefined || keyId === undefined)
    return failure(400, "invalid_request", "Invalid request parameters")
  const machine = machineIn(call)
  if (machine === undefined) return noInstance()
  if (!machine.keys.some((key) => key.id === keyId)) return failure(404, "no_such_ssh_key", "SSH key not found.")
  machine.keys = machine.keys.filter((key) => key.id !== keyId)
  return success({ msg: "SSH key removed from instance." })
}
