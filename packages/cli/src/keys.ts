import { chmod, writeFile } from "node:fs/promises"
import { InvalidRequest, Unauthenticated } from "anygpu"
import type { Asker } from "./ask.ts"
import { type CloudName, cloudNames } from "./catalogue/options.ts"
import { type Config, readConfig } from "./config.ts"
import { makeFolderOf } from "./paths.ts"

/** The variables that hold a cloud's API key, the first one that is set counts. */
export const keyVariables: Readonly<Record<CloudName, ReadonlyArray<string>>> = {
  fluence: ["FLUENCE_API_KEY"],
  huddle: ["HUDDLE_API_KEY", "HUDL_GPU_API_KEY"],
  vast: ["VAST_API_KEY"]
}

/** The API keys that are there, by cloud. */
export type Keys = Readonly<Partial<Record<CloudName, string>>>

/** The keys of the environment, then those of the config file. */
export const findKeys = (env: Readonly<Record<string, string | undefined>>, config: Config): Keys =>
  Object.fromEntries(
    cloudNames.flatMap((name) => {
      const fromEnvironment = keyVariables[name].map((variable) => env[variable]?.trim()).find(Boolean)
      const key = fromEnvironment ?? config.clouds?.[name]?.apiKey?.trim()
      return key ? [[name, key]] : []
    })
  )

/** The error for clouds without a key: where one is looked for. */
export const missingKey = (clouds: ReadonlyArray<CloudName>, configFile: string): Unauthenticated => {
  const variables = clouds.map((name) => keyVariables[name][0]).join(", ")
  const [first] = clouds
  return new Unauthenticated({
    message:
      `No API key for ${clouds.join(", ")}: set ${variables}, or put it into ${configFile} ` +
      `as { "clouds": { "${first}": { "apiKey": "..." } } } with mode 600. Without an account: add --sim`,
    retry: "permanent",
    ...(clouds.length === 1 && { provider: first })
  })
}

/** Writes a key into the config file, which nobody else can read. */
const keep = async (path: string, cloud: CloudName, apiKey: string): Promise<void> => {
  const config = await readConfig(path)
  const clouds = { ...config.clouds, [cloud]: { ...config.clouds?.[cloud], apiKey } }
  await makeFolderOf(path)
  await writeFile(path, `${JSON.stringify({ ...config, clouds }, null, 2)}\n`, { mode: 0o600 })
  await chmod(path, 0o600)
}

/** Asks for a cloud's key without showing it, and whether to keep it. */
export const askForKey = async (asker: Asker, cloud: CloudName, configFile: string): Promise<string> => {
  const key = (await asker.secret(`API key of ${cloud} (not shown):`)).trim()
  if (key === "") throw missingKey([cloud], configFile)
  if (/\s/.test(key)) throw InvalidRequest.of("key", "has spaces in it: paste the key alone")
  if (await asker.confirm(`Keep it in ${configFile}, readable by you alone?`)) await keep(configFile, cloud, key)
  return key
}
