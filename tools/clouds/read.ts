import { existsSync } from "node:fs"
import { clouds } from "../../packages/clouds/src/index.ts"

/** A file of a cloud's own folder here; null where the cloud has none. */
const readOf = async <A>(name: string, file: string): Promise<A | null> =>
  existsSync(new URL(`${name}/${file}.ts`, import.meta.url)) ? await import(`./${name}/${file}.ts`) : null

/** What a file of that name holds in the folder of each cloud that has one, in the order of the list of clouds. */
export const readEach = async <A>(file: string): Promise<ReadonlyArray<A>> => {
  const all = await Promise.all(clouds.map(({ name }) => readOf<A>(name, file)))
  return all.filter((one) => one !== null)
}
