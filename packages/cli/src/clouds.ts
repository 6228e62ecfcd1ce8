import { type Cloud, InvalidRequest } from "anygpu"
import type { CloudName } from "./cloud-names.ts"
import type { Config } from "./config.ts"
import type { Io } from "./io.ts"
import { entryOf, isBuiltIn, knownClouds, variableOf } from "./known.ts"

/** Where a cloud is, when not at its own address: `<CLOUD>_BASE_URL`, then the config file. */
const baseUrlOf = (name: string, env: Io["env"], config: Config): string | undefined =>
  env[variableOf(name, "BASE_URL")] || entryOf(name, config)?.baseUrl

/** Where the clouds are that are not at their own addresses. */
export const baseUrlsOf = (env: Io["env"], config: Config): ReadonlyArray<string> =>
  knownClouds(config).flatMap((name) => baseUrlOf(name, env, config) ?? [])

/** An address without a path, as `anygpu sim` prints it, gets the path that Huddle01's API has. */
const withApiPath = (baseUrl: string): string =>
  URL.canParse(baseUrl) && new URL(baseUrl).pathname === "/" ? new URL("/api/v1", baseUrl).href : baseUrl

/** How to reach one account. */
interface Access {
  readonly apiKey: string
  readonly baseUrl: string | undefined
  readonly fetch: NonNullable<Io["fetch"]>[string] | undefined
}

/** Each cloud's adapter is loaded when the cloud is used. */
const adapters: Readonly<Record<CloudName, (access: Access) => Promise<Cloud>>> = {
  fluence: async ({ apiKey, baseUrl, fetch }) => {
    const { fetchTransport, fluence } = await import("@anygpu/fluence")
    return fluence({
      apiKey,
      ...(baseUrl && { gpuBaseUrl: baseUrl, cpuBaseUrl: baseUrl }),
      ...(fetch && { transport: fetchTransport(fetch) })
    })
  },
  huddle: async ({ apiKey, baseUrl, fetch }) => {
    const { fetchTransport, huddle } = await import("@anygpu/huddle")
    return huddle({
      apiKey,
      ...(baseUrl && { baseUrl: withApiPath(baseUrl) }),
      ...(fetch && { transport: fetchTransport(fetch) })
    })
  },
  vast: async ({ apiKey, baseUrl, fetch }) => {
    const { fetchTransport, vast } = await import("@anygpu/vast")
    return vast({ apiKey, ...(baseUrl && { baseUrl }), ...(fetch && { transport: fetchTransport(fetch) }) })
  }
}

/** The settings as they were read, and where from. */
export interface Settled {
  readonly config: Config
  readonly configFile: string
}

/** Opens one cloud with its key. */
export const openCloud = async (
  name: string,
  apiKey: string,
  { env, fetch: ways }: Pick<Io, "env" | "fetch">,
  { config, configFile }: Settled
): Promise<Cloud> => {
  const [baseUrl, fetch] = [baseUrlOf(name, env, config), ways?.[name]]
  if (isBuiltIn(name)) return adapters[name]({ apiKey, baseUrl, fetch })
  const entry = config.adapters?.[name]
  if (!entry) throw InvalidRequest.of("cloud", `there is no cloud ${name}`)
  const [{ openAdapter }, { fetchTransport }] = await Promise.all([import("./adapters.ts"), import("@anygpu/vast")])
  const given = { apiKey, ...(baseUrl && { baseUrl }), ...(fetch && { transport: fetchTransport(fetch) }) }
  return openAdapter(name, entry, given, configFile)
}
