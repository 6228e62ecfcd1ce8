import { chmod, writeFile } from "node:fs/promises"
import { InvalidRequest, Unauthenticated } from "anygpu"
import type { Asker } from "./ask.ts"
import type { CloudName } from "./cloud-names.ts"
import type { Settled } from "./clouds.ts"
import { type Config, readConfig } from "./config.ts"
import { entryOf, isBuiltIn, knownClouds, variableOf } from "./known.ts"
import { makeFolderOf } from "./paths.ts"

/** The variables that hold a cloud's API key, the first one that is set counts. */
export const keyVariables: Readonly<Record<CloudName, ReadonlyArray<string>>> = {
  fluence: ["FLUENCE_API_KEY"],
  huddle: ["HUDDLE_API_KEY", "HUDL_GPU_API_KEY"],
  vast: ["VAST_API_KEY"]
}

/** The same of any cloud: of an adapter the one that its entry names, or `<NAME>_API_KEY`. */
export const keyVariablesOf = (name: string, { adapters }: Config): ReadonlyArray<string> =>
  isBuiltIn(name) ? keyVariables[name] : [adapters?.[name]?.apiKeyEnv ?? variableOf(name, "API_KEY")]

/** The API keys that are there, by cloud. */
export type Keys = Readonly<Partial<Record<string, string>>>

/** The keys of the environment, then those of the config file. */
export const findKeys = (env: Readonly<Record<string, string | undefined>>, config: Config): Keys =>
  Object.fromEntries(
    knownClouds(config).flatMap((name) => {
      const fromEnvironment = keyVariablesOf(name, config)
        .map((variable) => env[variable]?.trim())
        .find(Boolean)
      const key = fromEnvironment ?? entryOf(name, config)?.apiKey?.trim()
      return key ? [[name, key]] : []
    })
  )

/** The error for clouds without a key: where one is looked for. */
export const missingKey = (clouds: ReadonlyArray<string>, { config, configFile }: Settled): Unauthenticated => {
  const variables = clouds.map((name) => keyVariablesOf(name, config)[0]).join(", ")
  const [first = ""] = clouds
  const section = isBuiltIn(first) ? "clouds" : "adapters"
  return new Unauthenticated({
    message:
      `No API key for ${clouds.join(", ")}: set ${variables}, or put it into ${configFile} ` +
      `as { "${section}": { "${first}": { "apiKey": "..." } } } with mode 600. Without an account: add --sim`,
    retry: "permanent",
    ...(clouds.length === 1 && { provider: first })
  })
}

/** Writes a key into the config file, which nobody else can read. */
const keep = async (path: string, cloud: string, apiKey: string): Promise<void> => {
  const config = await readConfig(path)
  const section = isBuiltIn(cloud) ? "clouds" : "adapters"
  const kept = { ...config, [section]: { ...config[section], [cloud]: { ...entryOf(cloud, config), apiKey } } }
  await makeFolderOf(path)
  await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  await chmod(path, 0o600)
}

/** Asks for a cloud's key without showing it, and whether to keep it. */
export const askForKey = async (asker: Asker, cloud: string, settled: Settled): Promise<string> => {
  const key = (await asker.secret(`API key of ${cloud} (not shown):`)).trim()
  if (key === "") throw missingKey([cloud], settled)
  if (/\s/.test(key)) throw InvalidRequest.of("key", "has spaces in it: paste the key alone")
  const { configFile } = settled
  if (await asker.confirm(`Keep it in ${configFile}, readable by you alone?`)) await keep(configFile, cloud, key)
  return key
}
