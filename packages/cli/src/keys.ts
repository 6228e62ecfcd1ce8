import { chmod, mkdir, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { type CloudKey, type Environment, type KeyValues, keyIn, variableOf } from "@anygpu/clouds"
import { InvalidRequest, Unauthenticated } from "anygpu"
import type { Asker } from "./ask.ts"
import type { Settled } from "./clouds.ts"
import { type Config, readConfig } from "./config.ts"
import { builtIn, entryOf, entryText, knownClouds, sectionOf } from "./known.ts"

/** The keys that a cloud takes: of an adapter one, in the variable that its entry names, or `<NAME>_API_KEY`. */
export const keysOf = (name: string, { adapters }: Config): ReadonlyArray<CloudKey> =>
  builtIn(name)?.keys ?? [
    {
      option: "apiKey",
      variables: [adapters?.[name]?.apiKeyEnv ?? variableOf(name, "API_KEY")],
      from: "make one in the cloud's console"
    }
  ]

/** The variable that is set, of those that may hold a key. */
export const variableSet = (env: Environment, { variables }: CloudKey): string | undefined =>
  variables.find((variable) => env[variable]?.trim())

/** What is there of a cloud's keys: in the environment, then in the config file. */
const found = (env: Environment, name: string, config: Config): KeyValues =>
  Object.fromEntries(
    keysOf(name, config).flatMap((key) => {
      const value = keyIn(env, key) ?? entryText(name, key.option, config)
      return value ? [[key.option, value]] : []
    })
  )

const missingOf = (name: string, values: KeyValues, config: Config): ReadonlyArray<CloudKey> =>
  keysOf(name, config).filter(({ option }) => values[option] === undefined)

/** The keys that are there, by cloud; of a cloud all of them or nothing. */
export type Keys = Readonly<Record<string, KeyValues | undefined>>

/** The keys of the environment, then those of the config file. */
export const findKeys = (env: Environment, config: Config): Keys =>
  Object.fromEntries(
    knownClouds(config).flatMap((name) => {
      const values = found(env, name, config)
      return missingOf(name, values, config).length === 0 ? [[name, values]] : []
    })
  )

/** The error for clouds without a key: where one is looked for. */
export const missingKey = (clouds: ReadonlyArray<string>, env: Environment, settled: Settled): Unauthenticated => {
  const { config, configFile } = settled
  const missing = clouds.map((name) => missingOf(name, found(env, name, config), config))
  const variables = missing.flat().map(({ variables: [first] }) => first)
  const [first = ""] = clouds
  const fields = missing[0]?.map(({ option }) => `"${option}": "..."`)
  return new Unauthenticated({
    message:
      `No API key for ${clouds.join(", ")}: set ${variables.join(", ")}, or put it into ${configFile} ` +
      `as { "${sectionOf(first)}": { "${first}": { ${fields?.join(", ")} } } } with mode 600. Without an account: add --sim`,
    retry: "permanent",
    ...(clouds.length === 1 && { provider: first })
  })
}

/** Writes keys into the config file, which nobody else can read. */
const keep = async (path: string, cloud: string, values: KeyValues): Promise<void> => {
  const config = await readConfig(path)
  const section = sectionOf(cloud)
  const kept = { ...config, [section]: { ...config[section], [cloud]: { ...entryOf(cloud, config), ...values } } }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  await chmod(path, 0o600)
}

/** Asks for the keys of a cloud that are missing without showing them, and whether to keep them. */
export const askForKeys = async (
  asker: Asker,
  cloud: string,
  env: Environment,
  settled: Settled
): Promise<KeyValues> => {
  const { config, configFile } = settled
  const known = found(env, cloud, config)
  const missing = missingOf(cloud, known, config)
  const asked: Record<string, string> = {}
  for (const { option } of missing) {
    const which = option === "apiKey" ? `API key of ${cloud}` : `${option} of ${cloud}`
    const value = (await asker.secret(`${which} (not shown):`)).trim()
    if (value === "") throw missingKey([cloud], env, settled)
    if (/\s/.test(value)) throw InvalidRequest.of("key", "has spaces in it: paste the key alone")
    asked[option] = value
  }
  if (await asker.confirm(`Keep it in ${configFile}, readable by you alone?`)) await keep(configFile, cloud, asked)
  return { ...known, ...asked }
}
