import { numberIn, pageOf, textIn } from "../kit/fields.ts"
import { ok, type Reply } from "../kit/http.ts"
import { uuidOf } from "../kit/ids.ts"
import { publicKeyIn } from "../kit/public-key.ts"
import { invalid, made, missing } from "./answers.ts"
import type { Call } from "./routes.ts"
import type { Key } from "./world.ts"

export const addKey = ({ world, body }: Call): Reply => {
  const [name, key] = [textIn(body, "name"), textIn(body, "key")]
  if (name === undefined || key === undefined || publicKeyIn(key) === undefined) return invalid("Invalid ssh key")
  const id = uuidOf(world.random)
  world.state.keys.push({ id, name, key })
  return made(world, 201, id)
}

export const addScript = ({ world, body }: Call): Reply => {
  const [name, script] = [textIn(body, "name"), textIn(body, "script")]
  if (name === undefined || script === undefined) return invalid("name and script are required")
  const id = uuidOf(world.random)
  world.state.scripts.push({ id, name, script, created_at: new Date(world.state.at).toISOString() })
  return made(world, 201, id)
}

/** Deletes one of a list, or answers that it is not there. */
export const removing =
  (part: "keys" | "scripts") =>
  ({ world: { state }, params }: Call): Reply => {
    const left = state[part].filter(({ id }) => id !== params.id)
    if (left.length === state[part].length) return missing("not found")
    Object.assign(state, { [part]: left })
    return { status: 200 }
  }

export const showing =
  (part: "keys" | "scripts") =>
  ({ world: { state }, params }: Call): Reply => {
    const row = state[part].find(({ id }) => id === params.id)
    return row === undefined ? missing("not found") : ok(part === "keys" ? keyRow(row as Key) : row)
  }

export const keyRow = ({ id, name, key }: Key) => ({
  ...{ id, name, key, fingerprint: "9b:11:74:af:5c:04:48:31:40:ef:b5:ef:e3:dc:33:81", created_by_user_id: null }
})

/** A page, with the count of all in its headers. */
export const paged = (rows: readonly unknown[], query: URLSearchParams): Reply => {
  const size = numberIn(query, "pageSize", 10, 100)
  const page = pageOf(rows, query, { size })
  return { ...ok(page.rows), headers: { "x-page-size": String(size), "x-total-count": String(rows.length) } }
}
