import { type CloudName, cloudNames } from "./cloud-names.ts"
import type { Config } from "./config.ts"
import { Usage } from "./own-errors.ts"

/** Whether a cloud is one that anygpu has itself. */
export const isBuiltIn = (name: string): name is CloudName => cloudNames.some((one) => one === name)

/** Every cloud that can be asked for: those that anygpu has, then the adapters of the config file. */
export const knownClouds = ({ adapters = {} }: Config): ReadonlyArray<string> => [
  ...cloudNames,
  ...Object.keys(adapters)
]

/** The clouds that `--cloud` names, all of them without it; `Usage` for a name that none has. */
export const chosenClouds = (config: Config, named: ReadonlyArray<string> | null): ReadonlyArray<string> => {
  const known = knownClouds(config)
  const stranger = named?.find((name) => !known.includes(name))
  if (stranger === undefined) return known.filter((name) => named?.includes(name) ?? true)
  throw new Usage(`--cloud: "${stranger}" is no cloud that is here. Allowed choices are ${known.join(", ")}.`)
}

/** What the config file says of a cloud. */
export const entryOf = (name: string, { clouds, adapters }: Config) =>
  isBuiltIn(name) ? clouds?.[name] : adapters?.[name]

/** A variable of the environment that is about one cloud: `VAST_API_KEY`. */
export const variableOf = (name: string, what: "API_KEY" | "BASE_URL"): string =>
  `${name.toUpperCase().replaceAll("-", "_")}_${what}`
