import type { Call } from "../kit/door.ts"
import { inSeconds, textIn } from "../kit/fields.ts"
import type { Reply } from "../kit/http.ts"
import type { DiskTruth } from "../kit/truth.ts"
import { data, invalid, refusal } from "./answers.ts"
import { regionOf } from "./catalogue.ts"
import { isAlive } from "./instance.ts"
import type { FileSystem, World } from "./world.ts"

const holdersOf = ({ state }: World, { id }: FileSystem): readonly string[] =>
  state.instances
    .filter((one) => isAlive(one) && one.fileSystems.some((mount) => mount.file_system_id === id))
    .map((one) => one.id)

/** The file systems as they truly are: no document has their price, but as an example. */
export const disksOf = (world: World): readonly DiskTruth[] =>
  world.state.fileSystems.map((one) => ({
    ...{ id: one.id, region: one.region, perHour: null, holders: holdersOf(world, one) }
  }))

/** Makes a file system. */
export const addFileSystem = (
  { random, state }: World,
  order: Pick<FileSystem, "name" | "region" | "bytes">
): FileSystem => {
  const made: FileSystem = { id: random.hex(32), created: state.at, ...order }
  state.fileSystems.push(made)
  return made
}

const rowOf = (one: FileSystem, world: World) => ({
  ...{ id: one.id, name: one.name, mount_point: `/lambda/nfs/${one.name}`, created: inSeconds(one.created) },
  created_by: { id: "3da5a70a57a7422ea8a7203f98b2198b", email: "me@example.com", status: "active" },
  ...{ is_in_use: holdersOf(world, one).length > 0, region: regionOf(one.region), bytes_used: one.bytes }
})

const create = ({ world, body }: Call<World>): Reply => {
  const { state } = world
  const [name, region] = [textIn(body, "name"), textIn(body, "region")]
  if (name === undefined || name.length > 60 || !/^[a-zA-Z]+[0-9a-zA-Z-]*$/.test(name)) return invalid("name")
  if (region === undefined || regionOf(region) === undefined) return invalid(`Region ${region} does not exist`)
  if (state.fileSystems.some((one) => one.name === name)) return refusal(400, "global/duplicate", `${name} exists.`)
  if (state.fileSystems.length >= 24) return refusal(400, "global/quota-exceeded", "Quota exceeded.")
  return data(rowOf(addFileSystem(world, { name, region, bytes: 0 }), world))
}

const remove = ({ world, params }: Call<World>): Reply => {
  const { state } = world
  const one = state.fileSystems.find(({ id }) => id === params.id)
  if (one === undefined) return refusal(404, "global/object-does-not-exist", "Filesystem was not found.")
  if (holdersOf(world, one).length > 0)
    return refusal(400, "filesystems/filesystem-in-use", "The file system is in use.")
  state.fileSystems = state.fileSystems.filter((other) => other !== one)
  return data({ deleted_ids: [one.id] })
}

/** The routes of file systems. Source: Lambda Cloud API 1.10.0. */
export const fileSystemRoutes = [
  [
    "GET /api/v1/file-systems",
    ({ world }: Call<World>) => data(world.state.fileSystems.map((one) => rowOf(one, world)))
  ],
  ["POST /api/v1/filesystems", create],
  ["DELETE /api/v1/filesystems/{id}", remove]
] as const
