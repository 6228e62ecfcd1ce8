import { type KeyValues, transportOver, variableOf } from "@anygpu/clouds"
import { type Cloud, InvalidRequest } from "anygpu"
import type { Config } from "./config.ts"
import type { Io } from "./io.ts"
import { builtIn, entryText, knownClouds } from "./known.ts"

/** Where a cloud is, when not at its own address: `<CLOUD>_BASE_URL`, then the config file. */
const baseUrlOf = (name: string, env: Io["env"], config: Config): string | undefined =>
  env[variableOf(name, "BASE_URL")] || entryText(name, "baseUrl", config)

/** Where the clouds are that are not at their own addresses. */
export const baseUrlsOf = (env: Io["env"], config: Config): ReadonlyArray<string> =>
  knownClouds(config).flatMap((name) => baseUrlOf(name, env, config) ?? [])

/** The settings as they were read, and where from. */
export interface Settled {
  readonly config: Config
  readonly configFile: string
}

/** Opens one account of a cloud with its keys. */
export const openCloud = async (
  name: string,
  keys: KeyValues,
  { env, fetch: ways }: Pick<Io, "env" | "fetch">,
  { config, configFile }: Settled,
  account?: string
): Promise<Cloud> => {
  const [baseUrl, fetch] = [baseUrlOf(name, env, config), ways?.[name]]
  const described = builtIn(name)
  if (described) return described.open(keys, { baseUrl, fetch, account })
  const entry = config.adapters?.[name]
  if (!entry) throw InvalidRequest.of("cloud", `there is no cloud ${name}`)
  const { openAdapter } = await import("./adapters.ts")
  const { apiKey = "" } = keys
  const given = { apiKey, ...(baseUrl && { baseUrl }), ...(fetch && { transport: await transportOver(fetch) }) }
  return openAdapter(name, entry, given, configFile)
}
