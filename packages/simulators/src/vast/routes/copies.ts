import type { Reply } from "../../kit/http.ts"
import { type Call, failure, idIn, invalidJson, success } from "../http.ts"
import type { Machine } from "../machine.ts"
import { findMachine, type World } from "../world.ts"

/** `123` and `C.123` are an instance; volumes, clouds and this computer (null) are not. */
const instanceIn = (place: unknown): number | undefined => idIn(String(place).replace(/^C\./, ""))

const machineAt = (world: World, place: unknown): Machine | undefined | null => {
  const id = instanceIn(place)
  return id === undefined ? null : findMachine(world, id)
}

const noInstance = (): Reply => failure(404, "no_such_instance", "Instance not found.")

const addressOf = (machine: Machine | null | undefined, side: "src" | "dst") =>
  machine ? { [`${side}_addr`]: `ssh${machine.sshIndex}.vast.ai`, [`${side}_port`]: machine.sshPort } : {}

/**
 * PUT /api/v0/commands/copy_direct/, between two places of the cloud, and /api/v0/commands/rsync/, with this computer: the
 * second says where its own rsync goes. Source: vast-cli, vastai/api/storage.py.
 *
 * - Nothing is copied: there are no files. What else the answers hold isn't documented.
 */
export const copy = ({ world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return invalidJson()
  const [source, target] = [machineAt(world, body.src_id), machineAt(world, body.dst_id)]
  if (source === undefined || target === undefined) return noInstance()
  const isLocal = body.src_id == null || body.dst_id == null
  return success(isLocal ? { ...addressOf(source, "src"), ...addressOf(target, "dst") } : {})
}

/** DELETE /api/v0/commands/copy_direct/ with `{ dst_id }`: none is ever under way. Source: as above. */
export const cancelCopy = ({ world, body, bodyIsJson }: Call): Reply => {
  if (!bodyIsJson) return invalidJson()
  return machineAt(world, body.dst_id) === undefined ? noInstance() : success()
}
