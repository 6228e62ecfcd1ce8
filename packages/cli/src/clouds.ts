import type { Cloud } from "anygpu"
import type { CloudName } from "./catalogue/options.ts"
import type { Config } from "./config.ts"
import type { Io } from "./io.ts"

/** Where a cloud is, when not at its own address: `<CLOUD>_BASE_URL`, then the config file. */
export const baseUrlOf = (name: CloudName, env: Io["env"], config: Config): string | undefined =>
  env[`${name.toUpperCase()}_BASE_URL`] || config.clouds?.[name]?.baseUrl

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

/** Opens one cloud with its key. */
export const openCloud = (name: CloudName, apiKey: string, io: Io, config: Config): Promise<Cloud> =>
  adapters[name]({ apiKey, baseUrl: baseUrlOf(name, io.env, config), fetch: io.fetch?.[name] })
